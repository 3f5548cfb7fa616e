"""Enrolling a browser's key, through a link that works once and that the command line made for one person."""

from __future__ import annotations

import secrets
from base64 import b64decode, b64encode
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, StringConstraints

from post.errors import AnswerprintError
from post.review.access.pending import ENROLMENT, take_answer, wait_for
from post.review.access.sessions import ENROL, may_try, note_failure, use_link
from post.review.database.tables import PasskeyRow
from post.review.decisions.enrolment import enrol_key
from post.review.decisions.passkeys import registered_key, registration_options
from post.review.judged_views import CredentialRequest
from post.review.open_review import review_of
from post.review.routes.pages import render
from post.review.routes.parts import origin_of
from post.review.routes.sign_in import LinkToken, peer_of

router = APIRouter(prefix="/enrol")


class MadeKey(BaseModel):
    """What the browser made. key: of the request; credential: the PublicKeyCredential as JSON."""

    model_config = ConfigDict(extra="forbid")
    key: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    credential: dict[str, Any]


@router.get("", response_class=HTMLResponse)
def enrol_page(request: Request) -> HTMLResponse:
    """enrol.html. The token stands behind the # of its address."""
    return render(request, "enrol.html")


@router.post("/options")
def ask_for_key(request: Request, body: LinkToken) -> CredentialRequest:
    """CredentialRequest for `navigator.credentials.create`. Uses the link up. 403: it is unknown, or was used."""
    review, now, source = review_of(request), review_of(request).clock(), peer_of(request)
    challenge = secrets.token_bytes(32)
    with review.database.writing() as db:
        allowed = may_try(db, source, now)
        who = use_link(db, body.token, ENROL, now) if allowed else None
        if allowed and who is None:
            note_failure(db, source, now)
        kept = {"challenge": b64encode(challenge).decode()}
        key = wait_for(db, ENROLMENT, who.id, kept, now) if who else ""
    if not allowed:
        raise HTTPException(429, "too many links failed: wait five minutes", {"retry-after": "300"})
    if who is None:
        raise HTTPException(403, "the link was used, or has ended: ask for another")
    return CredentialRequest(key, registration_options(who.id, who.name, challenge, origin_of(request)))


@router.post("", status_code=204)
def enrol(request: Request, body: MadeKey) -> Response:
    """204: the key stands in the people file. 403: it is refused."""
    review = review_of(request)
    with review.database.writing() as db:
        found = take_answer(db, ENROLMENT, body.key, review.clock())
    people = review.jobs.people
    if found is None or people is None:
        raise HTTPException(403, "nobody asked for this key, or it came too late")
    person, challenge = found[0], b64decode(found[1]["challenge"])
    try:
        made = registered_key(body.credential, challenge, origin_of(request))
        enrol_key(review.people_file, person, made.key)
    except AnswerprintError as fault:
        raise HTTPException(403, str(fault)[:2000]) from fault
    with review.database.writing() as db:
        db.merge(PasskeyRow(credential=made.credential, person=person, key=made.key.id))
    return Response(status_code=204)
