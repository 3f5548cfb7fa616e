"""Keeps a film's stills in the store: they are most of a report's work, and the same film has the same ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from post.engine import Store
from post.prepare.kept_answer import kept_answer
from post.prepare.toolchain import code_digest
from post.report.before_after import FilmStills, TakeStills, film_stills
from post.values import Matched, Rendition

# What draws stills and words them, below post/.
MODULES = ("report/*.py", "takes/still.py")


@dataclass(frozen=True, slots=True)
class StillsQuestion:
    """Everything that a film's stills depend on: its digest is their key.

    film: the SHA-256 of the film before it was signed; code: of the modules that draw stills.
    """

    film: str
    rendition: Rendition
    matched: tuple[Matched, ...]
    code: str


def kept_stills(
    rendition: Rendition,
    film: tuple[Path, str],
    takes: TakeStills,
    matched: Sequence[Matched] = (),
    keep: Store | None = None,
) -> FilmStills:
    """Returns a film's stills as `film_stills` makes them, from the store where they are kept.

    film: where it is, and its SHA-256 before it was signed; keep: the store; None: they are made. Raises as
    `film_stills`.
    """
    path, sha256 = film
    question = StillsQuestion(sha256, rendition, tuple(matched), code_digest(MODULES) if keep else "")
    return kept_answer(keep, question, FilmStills, partial(film_stills, rendition, path, takes, matched))
