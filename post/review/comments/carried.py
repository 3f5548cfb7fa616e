"""Shows the notes of a film in one revision: where their frames are now, or that they are gone."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from post.review.access.visitor import Visitor
from post.review.database.tables import CommentRow, RevisionRow
from post.review.films.changed import FrameMatch, map_frames
from post.review.views import CommentList, CommentView

HERE, SAME, CHANGED = "here", "same", "changed"


def list_notes(db: Session, revision: RevisionRow, who: Visitor) -> CommentList:
    """Returns every note of a revision's film, in the order that they were written."""
    notes = list(
        db.scalars(select(CommentRow).where(CommentRow.film_id == revision.film_id).order_by(CommentRow.id))
    )
    others = {note.revision_id for note in notes} - {revision.id}
    numbers, maps = _maps(db, revision, sorted(others))
    views = [
        note_view(note, numbers.get(note.revision_id, revision.number), place_of(note, revision, maps), who)
        for note in notes
    ]
    mark = f"{len(notes)}.{sum(note.version for note in notes)}.{revision.state}"
    return CommentList(views, mark)


def place_of(
    note: CommentRow, revision: RevisionRow, maps: dict[int, FrameMatch]
) -> tuple[tuple[int, int], str]:
    """Returns where a note stands in a revision, and how it came there."""
    if note.revision_id == revision.id:
        return (note.first, note.stop), HERE
    found = maps[note.revision_id].newer_of(note.first, note.stop) if note.revision_id in maps else None
    if found is not None:
        return found, SAME
    first = min(note.first, max(revision.frames - 1, 0))
    return (first, max(first + 1, min(note.stop, revision.frames))), CHANGED


def note_view(note: CommentRow, number: int, place: tuple[tuple[int, int], str], who: Visitor) -> CommentView:
    """Returns a note as JSON has it. number: of its own revision."""
    at, carried = place
    return CommentView(
        note.id, note.revision_id, number, note.first, note.stop, at, carried, note.parent_id, note.text, note.drawing,
        note.author, note.author_name, note.author_kind, note.author == who.id, note.written_at, note.changed_at,
        note.resolved_by, note.resolved_name or note.resolved_by, note.version, note.version - 1,
    )  # fmt: skip


def _maps(
    db: Session, revision: RevisionRow, others: Sequence[int]
) -> tuple[dict[int, int], dict[int, FrameMatch]]:
    """Returns the numbers of other revisions, and how their frames stand in this one, where both are read."""
    if not others:
        return {}, {}
    wanted = select(RevisionRow).where(RevisionRow.id.in_([*others, revision.id]))
    rows = {row.id: row for row in db.scalars(wanted.options(undefer(RevisionRow.frame_hashes)))}
    here = rows[revision.id]
    maps = {
        each: map_frames(rows[each].frame_hashes, here.frame_hashes)
        for each in others
        if rows[each].state == here.state == "ready"
    }
    return {each: rows[each].number for each in others}, maps
