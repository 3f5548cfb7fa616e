"""Films, proxies, thumbnails, waveforms and stills: the only bytes of media, for who is signed in."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import FileResponse

from post.errors import AnswerprintError, RetryError
from post.review.database.tables import FilmRow
from post.review.films.frame_record import write_still
from post.review.films.media_store import PROXY, TYPES
from post.review.open_review import review_of
from post.review.routes.parts import LARGEST, revision_by_id
from post.review.routes.ranges import RangedFile

router = APIRouter(prefix="/media/{revision}")
KEPT, UNREADABLE = "private, no-cache", "unreadable"


@router.get("/film")
def film(request: Request, revision: int) -> Response:
    """The film itself, or a part of it (206). 404 for a file that is no film."""
    sha256, state = _row(request, revision)
    if state == UNREADABLE:
        raise HTTPException(404, "the file is no film that can be read")
    path = review_of(request).media.film(sha256)
    if path is None:
        raise HTTPException(404, "its file is gone")
    kind = TYPES[path.suffix]
    return RangedFile(path, sha256, "video/mp4" if kind == "video/quicktime" else kind)


@router.get("/proxy.mp4")
def proxy(request: Request, revision: int) -> Response:
    """A film that browsers play, with the same frame numbers, or a part of it (206)."""
    sha256, path = _made(request, revision, PROXY)
    return RangedFile(path, f"{sha256}-proxy", "video/mp4")


@router.get("/reference")
def reference(request: Request, revision: int) -> Response:
    """The film that the brief refers to, or a part of it (206)."""
    review = review_of(request)
    with review.database.reading() as db:
        name = db.get_one(FilmRow, revision_by_id(db, revision).film_id).name
    found = review.intake.references.of(name)
    if found is None:
        raise HTTPException(404, "the brief refers to no film that can be played")
    return RangedFile(found[1].path, f"{found[1].sha256}-reference", "video/mp4")


@router.get("/thumbnails.jpg")
def thumbnails(request: Request, revision: int) -> Response:
    """The small pictures, in one JPEG."""
    sha256, path = _made(request, revision, "thumbnails.jpg")
    return RangedFile(path, f"{sha256}-thumbnails", "image/jpeg")


@router.get("/waveform.json")
def waveform(request: Request, revision: int) -> Response:
    """{samples, rate_hz, low, high}: the lowest and highest sample of each column, in hundredths of full scale."""
    sha256, path = _made(request, revision, "waveform.json")
    return RangedFile(path, f"{sha256}-waveform", "application/json")


@router.get("/frames/{number}.png")
def frame(request: Request, revision: int, number: int) -> Response:
    """A frame, decoded from the film itself: upright, in square pixels."""
    path = still_of(request, revision, number)
    return FileResponse(path, media_type="image/png", headers={"cache-control": KEPT})


def still_of(request: Request, revision: int, number: int) -> Path:
    """Returns a frame's PNG, made if it is not there. Raises HTTPException where it cannot be."""
    review = review_of(request)
    with review.database.reading() as db:
        row = revision_by_id(db, revision)
        sha256, frames = row.sha256, row.frames
    if not 0 <= number < min(frames, LARGEST):
        raise HTTPException(404, "there is no such frame")
    source, still = review.media.film(sha256), review.media.folder(sha256) / f"frame-{number}.png"
    if source is None:
        raise HTTPException(404, "its file is gone")
    if not still.is_file():
        try:
            review.intake.call_for_page(write_still, source, number, still)
        except RetryError as fault:
            raise HTTPException(503, "try again") from fault
        except AnswerprintError as fault:
            raise HTTPException(404, "the frame cannot be decoded") from fault
    return still


def _row(request: Request, revision: int) -> tuple[str, str]:
    with review_of(request).database.reading() as db:
        row = revision_by_id(db, revision)
        return row.sha256, row.state


def _made(request: Request, revision: int, name: str) -> tuple[str, Path]:
    sha256, _ = _row(request, revision)
    path = review_of(request).media.made(sha256, name)
    if path is None:
        raise HTTPException(404, "it is not made yet")
    return sha256, path
