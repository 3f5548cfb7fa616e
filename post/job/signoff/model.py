"""Defines what a job says of who signs off its films."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from post.receipt import ApprovalRow
from provenance.approval.statement import Gate


@dataclass(frozen=True, slots=True)
class SignoffAsked:
    """Who signs off a job's films. gates: none where films need no approval; people: the people file, None where none
    is named; approved: of films that passed, as (film, what its receipt says of an approval); clip, clip_name: the
    SHA-256 and the name of the clip in a template, "" for a job of its own."""

    gates: tuple[Gate, ...] = ()
    people: Path | None = None
    approved: tuple[tuple[str, ApprovalRow], ...] = ()
    clip: str = ""
    clip_name: str = ""


NO_SIGNOFF = SignoffAsked()
