"""Notes as files for editors."""

from __future__ import annotations

import re
from fractions import Fraction
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request, Response

from post.review.access.visitor import visitor_of
from post.review.comments.carried import list_notes
from post.review.comments.export.drawn_still import draw_over
from post.review.comments.export.markers import EXPORTS, MarkedFilm
from post.review.database.tables import FilmRow
from post.review.films.player import first_timecode
from post.review.open_review import review_of
from post.review.routes.media import still_of
from post.review.routes.parts import note_by_id, revision_by_id

router = APIRouter(prefix="/api")
_PLAIN = re.compile(r"[^A-Za-z0-9._-]+", re.ASCII)


@router.get("/revisions/{revision}/comments.{form}")
def export_notes(request: Request, revision: int, form: str) -> Response:
    """The notes as they stand in this revision: otio, fcpxml, edl or csv."""
    if form not in EXPORTS:
        raise HTTPException(404, f"notes are exported as {', '.join(EXPORTS)}")
    with review_of(request).database.reading() as db:
        row = revision_by_id(db, revision)
        name = db.get_one(FilmRow, row.film_id).name
        rate = Fraction(row.rate_numerator, row.rate_denominator)
        start, drop = first_timecode(row.timecode, rate)
        notes = list_notes(db, row, visitor_of(request)).comments
        film = MarkedFilm(
            f"{name} revision {row.number}", row.file_name, rate, row.frames, row.width, row.height, row.samples > 0,
            start, drop, notes,
        )  # fmt: skip
    write, kind = EXPORTS[form]
    return Response(write(film).encode(), media_type=kind, headers=attached(f"{film.name}.{form}"))


@router.get("/comments/{note}/still.png")
def note_still(request: Request, note: int) -> Response:
    """The first frame of a note, from the revision that it was written about, with its drawing over it."""
    with review_of(request).database.reading() as db:
        row = note_by_id(db, note)
        revision, first, drawing = row.revision_id, row.first, row.drawing
    content = draw_over(still_of(request, revision, first), drawing)
    return Response(content, media_type="image/png", headers=attached(f"note {note}.png"))


def attached(name: str) -> dict[str, str]:
    """Returns the header by which a browser saves a file under a name. Source: RFC 6266; no letter of the name can
    begin another header."""
    plain = _PLAIN.sub("_", name)
    return {
        "content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    }
