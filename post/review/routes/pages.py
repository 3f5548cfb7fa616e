"""The pages: HTML from the templates, with the addresses of static files that change when any of them does."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from post import __version__
from post.printable import printable_text
from post.review.access.visitor import Visitor
from post.review.database.tables import FilmRow, RevisionRow
from post.review.films.listing import list_films, list_revisions, newest_approved
from post.review.films.player import player_view
from post.review.open_review import review_of
from post.review.routes.parts import revision_at, visitor_view

router = APIRouter()
KINDS = {
    ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml",
    ".json": "application/json", ".txt": "text/plain; charset=utf-8", ".woff2": "font/woff2", ".png": "image/png",
}  # fmt: skip
FOREVER = "public, max-age=31536000, immutable"


@router.get("/", response_class=HTMLResponse)
def films_page(request: Request, after: str = Query("", max_length=400)) -> HTMLResponse:
    """films.html: `page` (FilmPage)."""
    with review_of(request).database.reading() as db:
        return render(request, "films.html", page=list_films(db, after))


@router.get("/films/{film}", response_class=HTMLResponse)
def film_page(request: Request, film: int) -> HTMLResponse:
    """film.html, of the newest approved revision, or else the newest."""
    return _film_page(request, film, None)


@router.get("/films/{film}/revisions/{number}", response_class=HTMLResponse)
def revision_page(request: Request, film: int, number: int) -> HTMLResponse:
    """film.html: `player` (PlayerView) and `revisions` (RevisionPage), of one revision."""
    return _film_page(request, film, number)


def _film_page(request: Request, film: int, number: int | None) -> HTMLResponse:
    review = review_of(request)
    with review.database.reading() as db:
        row = db.get(FilmRow, film) if abs(film) < 1 << 31 else None
        if row is None:
            raise HTTPException(404, "there is no such film")
        approved = newest_approved(db, film) if number is None else None
        shown: RevisionRow = approved or revision_at(db, film, row.latest if number is None else number)
        player = player_view(db, review.media, shown, review.intake.references)
        return render(request, "film.html", player=player, revisions=list_revisions(db, film))


@router.get("/static/{version}/{path:path}")
def static_file(version: str, path: str) -> Response:
    """A file of static/, under the hash of all of them."""
    content = static_files().get(path)
    if version != static_version() or content is None:
        raise HTTPException(404, "there is no such file")
    kind = KINDS.get(path[path.rfind(".") :], "application/octet-stream")
    return Response(content, media_type=kind, headers={"cache-control": FOREVER})


@cache
def static_files() -> dict[str, bytes]:
    """Returns every file of static/ by its path below it."""
    return dict(_below(files("post.review").joinpath("static"), ""))


def _below(folder: Traversable, place: str) -> Iterator[tuple[str, bytes]]:
    for each in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if each.is_dir():
            yield from _below(each, f"{place}{each.name}/")
        else:
            yield f"{place}{each.name}", each.read_bytes()


@cache
def static_version() -> str:
    """Returns 16 hex digits that change when a static file does."""
    found = hashlib.sha256()
    for path, content in static_files().items():
        found.update(f"{path}\n{len(content)}\n".encode() + content)
    return found.hexdigest()[:16]


@cache
def _environment() -> Environment:
    env = Environment(
        loader=PackageLoader("post.review", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False, finalize=_shown,
    )  # fmt: skip
    env.globals["static"] = lambda path: f"/static/{static_version()}/{path}"
    env.globals["release"] = __version__
    return env


def _shown(value: Any) -> Any:
    """Returns a value as a page shows it: foreign text without letters that hide or turn a line round."""
    return value if isinstance(value, Markup | int | float) else printable_text(str(value))


def render(request: Request, template: str, **values: object) -> HTMLResponse:
    """Returns a page. Every template has `visitor` (VisitorView, None before sign-in) and `path`."""
    visitor = request.scope.get("visitor")
    view = visitor_view(request, visitor) if isinstance(visitor, Visitor) else None
    made = _environment().get_template(template).render(visitor=view, path=request.url.path, **values)
    return HTMLResponse(made)
