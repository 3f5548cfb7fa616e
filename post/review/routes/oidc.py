"""Signing in with an OpenID provider."""

from __future__ import annotations

import hmac
import logging

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from post.errors import AnswerprintError, RetryError
from post.review.access.identified import identify
from post.review.access.identity import ProvenIdentity
from post.review.access.oidc import authorize_url, begin, claims_for, discover, named_by
from post.review.access.pending import OIDC, PENDING_S, keep_answer, take_answer
from post.review.access.sessions import may_try, note_failure
from post.review.open_review import OpenReview, review_of
from post.review.routes.pages import render
from post.review.routes.parts import origin_of
from post.review.routes.sign_in import peer_of, set_session
from post.review.settings import OidcSignIn

log = logging.getLogger(__name__)
router = APIRouter(prefix="/sign-in/oidc")
RETURN = "/sign-in/oidc/return"


@router.get("")
def go_to_provider(request: Request) -> Response:
    """303 to the provider. The state is also in a cookie: no other browser can end this sign-in."""
    review, asked = review_of(request), _asked(request)
    started = begin()
    try:
        provider = discover(asked)
    except AnswerprintError as fault:
        raise _failed(fault) from fault
    with review.database.writing() as db:
        kept = {"nonce": started.nonce, "verifier": started.verifier}
        keep_answer(db, OIDC, started.state, kept, review.clock())
    answer = RedirectResponse(authorize_url(asked, provider, started, origin_of(request) + RETURN), 303)
    answer.set_cookie(
        _cookie(review), started.state, max_age=PENDING_S, path=RETURN, secure=review.settings.secure, httponly=True,
        samesite="lax",
    )  # fmt: skip
    return answer


@router.get("/return", response_class=HTMLResponse)
def come_back(
    request: Request,
    state: str = Query("", max_length=200),
    code: str = Query("", max_length=4000),
) -> HTMLResponse:
    """signed_in.html, which goes on to `/`: after another site's redirect the session's cookie would not be sent.
    403: the provider, the answer or the person is refused. 429: too many sign-ins failed."""
    review, source = review_of(request), peer_of(request)
    with review.database.writing() as db:
        allowed = may_try(db, source, review.clock())
        found = take_answer(db, OIDC, state, review.clock()) if allowed else None
    if not allowed:
        raise HTTPException(429, "too many sign-ins failed: wait five minutes", {"retry-after": "300"})
    own = request.cookies.get(_cookie(review), "")
    who = None
    if found is not None and hmac.compare_digest(own.encode(), state.encode()) and code:
        who = _proven(request, {**found[1], "code": code})
    if who is None:
        with review.database.writing() as db:
            note_failure(db, source, review.clock())
        raise HTTPException(
            403, "the sign-in is refused: begin again, or ask who runs this server to let you in"
        )
    answer = render(request, "signed_in.html")
    set_session(review, answer, who)
    answer.delete_cookie(_cookie(review), path=RETURN)
    return answer


def _proven(request: Request, answer: dict[str, str]) -> ProvenIdentity | None:
    review, asked = review_of(request), _asked(request)
    try:
        claims = claims_for(asked, discover(asked), answer, origin_of(request) + RETURN, review.clock)
    except RetryError as fault:
        raise _failed(fault) from fault
    except AnswerprintError as fault:
        log.warning("%s", fault)
        return None
    named, name = named_by(claims)
    return identify(review, named, name, "oidc")


def _asked(request: Request) -> OidcSignIn:
    asked = review_of(request).settings.oidc
    if asked is None:
        raise HTTPException(404, "there is no provider")
    return asked


def _cookie(review: OpenReview) -> str:
    return "__Secure-answerprint-oidc" if review.settings.secure else "answerprint-oidc"


def _failed(fault: AnswerprintError) -> HTTPException:
    log.warning("%s", fault)
    return HTTPException(503, "the provider does not answer as it should: try again")
