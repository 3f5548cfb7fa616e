"""Notes: read, written, changed, resolved, and what they said before."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import select

from post.review.access.visitor import visitor_of
from post.review.comments.carried import HERE, list_notes, note_view
from post.review.comments.drawing import Drawing, too_many_points
from post.review.comments.threads import (
    NoteDraft,
    NoteRefusedError,
    StaleVersionError,
    change_note,
    resolve_note,
    write_note,
)
from post.review.database.tables import CommentEdit, RevisionRow
from post.review.open_review import review_of
from post.review.routes.parts import LARGEST, note_by_id, revision_by_id
from post.review.settings import COMMENT_LETTERS
from post.review.views import CommentList, CommentView, EditView

router = APIRouter(prefix="/api")


def storable(text: str) -> str:
    """Returns a text that every database takes. Raises ValueError for NUL, and for half of a pair of surrogates."""
    if "\0" in text or any("\ud800" <= each <= "\udfff" for each in text):
        raise ValueError("a letter that is no text")
    return text


NoteText = Annotated[
    str,
    StringConstraints(max_length=COMMENT_LETTERS, strip_whitespace=True, min_length=1),
    AfterValidator(storable),
]
FrameNumber = Annotated[int, Field(ge=0, lt=LARGEST)]


class NewNote(BaseModel):
    """The body of a new note. parent: the note that it answers; its frames are then the thread's."""

    model_config = ConfigDict(extra="forbid")
    first: FrameNumber = 0
    stop: FrameNumber = 0
    text: NoteText
    drawing: Drawing = Field(default_factory=list)
    parent: int | None = Field(None, ge=1, lt=LARGEST)


class NoteChange(BaseModel):
    """The body of a change. version: of the note that it is made to; drawing: None leaves it."""

    model_config = ConfigDict(extra="forbid")
    version: Annotated[int, Field(ge=1, lt=LARGEST)]
    text: NoteText
    drawing: Drawing | None = None


class NoteResolution(BaseModel):
    """The body of marking a thread as done (True), or open again (False)."""

    model_config = ConfigDict(extra="forbid")
    version: Annotated[int, Field(ge=1, lt=LARGEST)]
    resolved: bool


@router.get("/revisions/{revision}/comments")
def read_notes(request: Request, revision: int) -> CommentList:
    """CommentList: all notes of the film, as they stand in this revision."""
    with review_of(request).database.reading() as db:
        return list_notes(db, revision_by_id(db, revision), visitor_of(request))


@router.post("/revisions/{revision}/comments", status_code=201)
def add_note(request: Request, revision: int, body: NewNote) -> CommentView:
    """CommentView of the new note. 400: its frames or its thread are not there."""
    review, who = review_of(request), visitor_of(request)
    if too_many_points(body.drawing):
        raise HTTPException(413, "the drawing has too many points")
    drawing = [shape.model_dump() for shape in body.drawing]
    with review.database.writing() as db:
        found = revision_by_id(db, revision)
        try:
            draft = NoteDraft(body.first, body.stop, body.text, drawing, body.parent)
            note = write_note(db, found, draft, who, review.clock())
        except NoteRefusedError as refused:
            raise HTTPException(400, str(refused)) from refused
        return note_view(note, found.number, ((note.first, note.stop), HERE), who)


@router.patch("/comments/{note}")
def change(request: Request, note: int, body: NoteChange) -> CommentView:
    """CommentView. 409: somebody changed it first; the body says how it is now. 403: it is another person's."""
    if body.drawing is not None and too_many_points(body.drawing):
        raise HTTPException(413, "the drawing has too many points")
    values: dict[str, Any] = {"text": body.text}
    if body.drawing is not None:
        values["drawing"] = [shape.model_dump() for shape in body.drawing]
    review, who = review_of(request), visitor_of(request)
    with review.database.writing() as db:
        row = note_by_id(db, note)
        try:
            change_note(db, row, body.version, values, who, review.clock())
        except StaleVersionError as stale:
            raise HTTPException(409, _now(row.version)) from stale
        except NoteRefusedError as refused:
            raise HTTPException(403, str(refused)) from refused
        number = db.get_one(RevisionRow, row.revision_id).number
        return note_view(row, number, ((row.first, row.stop), HERE), who)


@router.post("/comments/{note}/resolve")
def resolve(request: Request, note: int, body: NoteResolution) -> CommentView:
    """CommentView. Anybody may resolve a thread. 409: somebody changed it first. 400: it is an answer."""
    review, who = review_of(request), visitor_of(request)
    with review.database.writing() as db:
        row = note_by_id(db, note)
        try:
            resolve_note(db, row, body.version, resolved=body.resolved, who=who, now=review.clock())
        except StaleVersionError as stale:
            raise HTTPException(409, _now(row.version)) from stale
        except NoteRefusedError as refused:
            raise HTTPException(400, str(refused)) from refused
        number = db.get_one(RevisionRow, row.revision_id).number
        return note_view(row, number, ((row.first, row.stop), HERE), who)


@router.get("/comments/{note}/history")
def history(request: Request, note: int) -> list[EditView]:
    """EditView of each version, oldest first."""
    with review_of(request).database.reading() as db:
        row = note_by_id(db, note)
        edits = db.scalars(
            select(CommentEdit).where(CommentEdit.comment_id == row.id).order_by(CommentEdit.version)
        )
        return [
            EditView(e.version, e.text, e.drawing, e.resolved_by, e.by, e.by_name or e.by, e.at)
            for e in edits
        ]


def _now(version: int) -> str:
    return f"somebody changed the note first: it is at version {version}; read it, and change it again"
