"""What will be done: job and takes compiled to a Plan, and what that plan declares."""

from post.plan.compile import compile_plan
from post.plan.declare import actions_of
from post.plan.sound import AudioSource

__all__ = ["AudioSource", "actions_of", "compile_plan"]
