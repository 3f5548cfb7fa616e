"""Writes, changes and resolves notes. Nothing that was said is lost: each change keeps what was there before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from post.review.access.visitor import Visitor
from post.review.database.tables import CommentEdit, CommentRow, RevisionRow

MOST_NOTES = 20_000  # of one film


class StaleVersionError(Exception):
    """Somebody else changed the note first. Its version is no longer the one that the change was made to."""


class NoteRefusedError(Exception):
    """A note cannot be written, or not by this visitor. `str` says why."""


@dataclass(frozen=True, slots=True)
class NoteDraft:
    """A note to be written. first, stop: its frames; parent: the note that it answers, None for a new thread."""

    first: int
    stop: int
    text: str
    drawing: list[Any]
    parent: int | None = None


def write_note(db: Session, revision: RevisionRow, draft: NoteDraft, who: Visitor, now: float) -> CommentRow:
    """Writes a note down. Raises NoteRefusedError where its frames or its thread are not there."""
    first, stop = draft.first, draft.stop
    if draft.parent is not None:
        parent = db.get(CommentRow, draft.parent)
        if parent is None or parent.film_id != revision.film_id or parent.parent_id is not None:
            raise NoteRefusedError("the note that it answers is not there")
        first, stop = parent.first, parent.stop
    elif not 0 <= first < stop <= revision.frames:
        raise NoteRefusedError(f"frames {first} to {stop} are not in the film, which has {revision.frames}")
    count = select(func.count()).where(CommentRow.film_id == revision.film_id)
    if (db.scalar(count) or 0) >= MOST_NOTES:
        raise NoteRefusedError(f"the film has {MOST_NOTES} notes already")
    row = CommentRow(
        film_id=revision.film_id, revision_id=revision.id, parent_id=draft.parent, first=first, stop=stop,
        text=draft.text, drawing=draft.drawing, author=who.id, author_name=who.name, author_kind=who.kind,
        written_at=now, changed_at=now, version=1,
    )  # fmt: skip
    db.add(row)
    db.flush()
    _keep_edit(db, row, who, now)
    return row


def change_note(
    db: Session, note: CommentRow, version: int, values: dict[str, Any], who: Visitor, now: float
) -> None:
    """Changes what a note says. values: its new `text`, and `drawing` where that changes.

    Raises StaleVersionError where it is no longer at `version`, NoteRefusedError where it is another person's.
    """
    if note.author != who.id:
        raise NoteRefusedError("only who wrote a note can change it: answer it")
    _replace(db, note, version, values, who, now)


def resolve_note(
    db: Session, note: CommentRow, version: int, *, resolved: bool, who: Visitor, now: float
) -> None:
    """Marks a thread as done, or opens it again. Raises as `change_note`."""
    if note.parent_id is not None:
        raise NoteRefusedError("an answer is resolved with its thread")
    values = {"resolved_by": who.id if resolved else "", "resolved_name": who.name if resolved else ""}
    _replace(db, note, version, values, who, now)


def _replace(
    db: Session, note: CommentRow, version: int, values: dict[str, Any], who: Visitor, now: float
) -> None:
    """Changes a note if it is at that version. Of two changes to one version, the database lets one through."""
    changed = db.execute(
        update(CommentRow)
        .where(CommentRow.id == note.id, CommentRow.version == version)
        .values(**values, version=version + 1, changed_at=now)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # of a CursorResult, which an update gives
        raise StaleVersionError
    db.refresh(note)
    _keep_edit(db, note, who, now)


def _keep_edit(db: Session, note: CommentRow, who: Visitor, now: float) -> None:
    db.add(
        CommentEdit(
            comment_id=note.id, version=note.version, text=note.text, drawing=note.drawing,
            resolved_by=note.resolved_by, by=who.id, by_name=who.name, at=now,
        )
    )  # fmt: skip
