"""Keeps the films that a job's brief refers to, so that revisions can be compared with them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from post.engine.file_state import FileState, state_of
from post.errors import AnswerprintError, RetryError
from post.review.decisions.jobs_at_hand import JobsAtHand
from post.review.films.frame_record import FilmFacts, look_at, write_proxy
from post.review.films.media_store import PROXY, TYPES, MediaStore
from post.review.views import ReferenceView

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class KeptReference:
    """A film of a brief that can be played. path: of the kept film, or of its proxy."""

    sha256: str
    path: Path
    facts: FilmFacts


class BriefReferences:
    """The films that briefs of a job refer to. Pictures among the references are left out: a player plays films."""

    def __init__(self, media: MediaStore, jobs: JobsAtHand) -> None:
        self._media, self._jobs = media, jobs
        self._known: dict[Path, tuple[FileState, KeptReference | None]] = {}

    def keep(self, call: Callable[..., Any]) -> None:
        """Keeps each that is new, or has changed. call: calls a function in a worker, as files may be anything."""
        for path in self._jobs.references:
            try:
                state = state_of(path)
                if self._known.get(path, (None, None))[0] != state:
                    self._known[path] = state, self._kept(path, call)
            except (OSError, RetryError):
                continue  # it is tried again

    def _kept(self, path: Path, call: Callable[..., Any]) -> KeptReference | None:
        if path.suffix.lower() not in TYPES:
            return None
        try:
            sha256 = self._media.keep(path)
            kept = self._media.film(sha256)
            assert kept is not None
            facts = call(look_at, kept)
            proxy = self._media.folder(sha256) / PROXY
            if not facts.playable and not proxy.is_file():
                call(write_proxy, kept, proxy)
        except RetryError:
            raise
        except AnswerprintError as fault:
            log.warning("a reference of the brief cannot be shown: %s", fault)
            return None
        return KeptReference(sha256, kept if facts.playable else proxy, facts)

    def of(self, film: str) -> tuple[str, KeptReference] | None:
        """Returns the first film that the brief of a film refers to, and what it is an example of; None for none."""
        job = self._jobs.job(film)
        brief = job.motion_brief if job else None
        for each in brief.references if brief else ():
            kept = self._known.get(each.path, (None, None))[1]
            if kept is not None:
                return each.says or each.id, kept
        return None

    def view(self, film: str, revision: int) -> ReferenceView | None:
        """Returns what the player of a revision needs of it."""
        found = self.of(film)
        if found is None:
            return None
        says, kept = found
        rate = kept.facts.rate.numerator, kept.facts.rate.denominator
        return ReferenceView(f"/media/{revision}/reference", says, rate, kept.facts.frames)
