"""Findings, provenance and numbers."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from post.api.stores import open_stores
from post.preview.history import read_times
from post.review.database.tables import FilmRow, RevisionRow
from post.review.judged.judge import read_judged, waiting_findings, waiting_provenance
from post.review.judged.numbers import numbers_view
from post.review.judged_views import FindingsView, NumbersView, ProvenanceView
from post.review.open_review import OpenReview, review_of
from post.review.routes.pages import render
from post.review.routes.parts import revision_by_id

router = APIRouter()


@router.get("/api/revisions/{revision}/findings", response_model=FindingsView)
def findings(request: Request, revision: int) -> Any:
    """FindingsView."""
    return _judged(request, revision, "findings") or waiting_findings()


@router.get("/api/revisions/{revision}/provenance", response_model=ProvenanceView)
def provenance(request: Request, revision: int) -> Any:
    """ProvenanceView."""
    return _judged(request, revision, "provenance") or waiting_provenance()


@router.get("/api/numbers")
def numbers(request: Request) -> NumbersView:
    """NumbersView."""
    return _numbers(review_of(request))


@router.get("/numbers", response_class=HTMLResponse)
def numbers_page(request: Request) -> HTMLResponse:
    """numbers.html: `numbers` (NumbersView)."""
    return render(request, "numbers.html", numbers=_numbers(review_of(request)))


def _judged(request: Request, revision: int, part: str) -> dict[str, Any] | None:
    review = review_of(request)
    with review.database.reading() as db:
        row: RevisionRow = revision_by_id(db, revision)
        folder, name = review.media.folder(row.sha256), db.get_one(FilmRow, row.film_id).name
    found = read_judged(folder, review.jobs.check_identity(name))
    return None if found is None else found[part]


def _numbers(review: OpenReview) -> NumbersView:
    _, kept = open_stores(review.settings.own)
    previews = read_times(kept, review.settings.job)
    with review.database.reading() as db:
        return numbers_view(db, previews)
