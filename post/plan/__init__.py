"""Compiles a job and its takes to a Plan, which says what will be done and what the film declares."""

from post.plan.compile import compile_plan
from post.plan.declare import actions_of
from post.plan.film_part import FilmPart
from post.plan.sound import AudioSource

__all__ = ["AudioSource", "FilmPart", "actions_of", "compile_plan"]
