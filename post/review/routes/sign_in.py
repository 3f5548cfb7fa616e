"""Signing in by a one-time link or a trusted proxy, and signing out."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from post.review.access.identity import ProvenIdentity
from post.review.access.proxy_header import named_by_proxy
from post.review.access.sessions import (
    SIGN_IN,
    end_session,
    may_try,
    note_failure,
    start_session,
    use_link,
)
from post.review.access.visitor import visitor_of
from post.review.open_review import OpenReview, review_of
from post.review.routes.pages import render

router = APIRouter()


class LinkToken(BaseModel):
    """What stands behind the # of a sign-in link."""

    model_config = ConfigDict(extra="forbid")
    token: str = Field(min_length=1, max_length=200)


@router.get("/sign-in", response_class=HTMLResponse)
def sign_in_page(request: Request) -> Response:
    """sign_in.html: `oidc` says whether there is an OpenID provider. Who a trusted proxy names is signed in at once."""
    review = review_of(request)
    headers = {name.lower(): value for name, value in request.headers.items()}
    who = named_by_proxy(review, headers, peer_of(request))
    if who is None:
        return render(request, "sign_in.html", oidc=review.settings.oidc is not None)
    answer = RedirectResponse("/", 303)
    set_session(review, answer, who)
    return answer


@router.post("/sign-in/link", status_code=204)
def sign_in_by_link(request: Request, body: LinkToken) -> Response:
    """204 and the cookie. 403: the link is unknown, was used, or has ended. 429: too many failed."""
    review, now, source = review_of(request), review_of(request).clock(), peer_of(request)
    with review.database.writing() as db:
        allowed = may_try(db, source, now)
        who = use_link(db, body.token, SIGN_IN, now) if allowed else None
        if allowed and who is None:
            note_failure(db, source, now)
    if not allowed:
        raise HTTPException(429, "too many sign-ins failed: wait five minutes", {"retry-after": "300"})
    if who is None:
        raise HTTPException(403, "the link was used, or has ended: ask for another")
    answer = Response(status_code=204)
    set_session(review, answer, who)
    return answer


@router.post("/sign-out", status_code=204)
def sign_out(request: Request) -> Response:
    """204: the session is over, here and for every copy of its cookie."""
    review = review_of(request)
    with review.database.writing() as db:
        end_session(db, visitor_of(request))
    answer = Response(status_code=204)
    answer.delete_cookie(
        cookie_name(review), path="/", secure=review.settings.secure, httponly=True, samesite="strict"
    )
    return answer


def set_session(review: OpenReview, answer: Response, who: ProvenIdentity) -> None:
    """Starts a session, and gives its cookie to the browser."""
    lasts = review.settings.session_s
    with review.database.writing() as db:
        token, _ = start_session(db, who, review.clock(), lasts)
    answer.set_cookie(
        cookie_name(review), token, max_age=int(lasts), path="/", secure=review.settings.secure, httponly=True,
        samesite="strict",
    )  # fmt: skip


def cookie_name(review: OpenReview) -> str:
    """Returns the cookie's name. By TLS no other server of the domain can set one of that name."""
    return "__Host-answerprint" if review.settings.secure else "answerprint"


def peer_of(request: Request) -> str:
    """Returns the address that a request comes from."""
    return request.client.host if request.client else ""
