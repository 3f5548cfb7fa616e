"""Decisions: what was decided and is asked, and decisions that a person's own key signs in the browser.

The server never holds a key that decides. It drafts a statement, the browser's key signs it, and `post.signoff`
verifies the signature by the people file before it is logged.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from post import __version__
from post.api.signoff.deciding import refuse_failed
from post.errors import AnswerprintError, RetryError
from post.review.access.identity import PERSON
from post.review.access.pending import SIGN, take_answer, wait_for
from post.review.access.visitor import Visitor, visitor_of
from post.review.database.tables import FilmRow, PasskeyRow, RevisionRow
from post.review.decisions.film_state import decisions_view, is_approved
from post.review.decisions.passkeys import assertion_of, signing_options
from post.review.films.revision_frames import frames_of
from post.review.judged.judge import read_judged
from post.review.judged_views import CredentialRequest, DecisionsView
from post.review.open_review import OpenReview, review_of
from post.review.routes.comments import storable
from post.review.routes.parts import LARGEST, origin_of, revision_by_id
from post.signoff.binding import DecisionAsked, SeenFilm, Signoff
from provenance.approval.folder import now
from provenance.approval.machine_checks import FAILED, MachineCheck, named
from provenance.approval.statement import FilmDecision, read_statement, statement_bytes

router = APIRouter(prefix="/api/revisions/{revision}/decisions")
Word = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class DecisionDraft(BaseModel):
    """What somebody wants to decide. spans: the frames that they have looked at, half-open; none for all of the film;
    revokes: the `statement` that a revocation ends; waived: IDs of failed checks that an approval is given in
    spite of."""

    model_config = ConfigDict(extra="forbid")
    decision: Literal["approve", "reject", "revoke"]
    gate: Word
    role: Word
    comment: Annotated[str, StringConstraints(max_length=5000)] = ""
    spans: Annotated[list[tuple[int, int]], Field(max_length=1000)] = Field(default_factory=list)
    revokes: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")] = ""
    waived: Annotated[list[Word], Field(max_length=200)] = Field(default_factory=list)


class SignedDecision(BaseModel):
    """What the browser signed. key: of the request; credential: the PublicKeyCredential as JSON."""

    model_config = ConfigDict(extra="forbid")
    key: Word
    credential: dict[str, Any]


@router.get("")
def read_decisions(request: Request, revision: int) -> DecisionsView:
    """DecisionsView."""
    review, who = review_of(request), visitor_of(request)
    with review.database.reading() as db:
        row, film = _seen(db, review, revision)
        name = db.get_one(FilmRow, row.film_id).name
        keys = len(_passkeys(db, review, who, origin_of(request)))
    return decisions_view(review.jobs, film, name, who, keys)


@router.post("/options")
def ask_for_signature(request: Request, revision: int, body: DecisionDraft) -> CredentialRequest:
    """CredentialRequest for `navigator.credentials.get`. 403: this person may not decide so; 409: no key of theirs is
    enrolled for this address, or the frames are not read yet."""
    review, who, origin = review_of(request), visitor_of(request), origin_of(request)
    _refuse_all_but_persons(who)
    with review.database.reading() as db:
        _, film = _seen(db, review, revision)
        keys = _passkeys(db, review, who, origin)
    if film is None:
        raise HTTPException(409, "the film's frames are not read yet")
    if not keys:
        raise HTTPException(409, "no key of yours is enrolled for this address: ask for an enrolment link")
    checks = _machine_checks(review, film, body) if body.decision == "approve" else []
    signoff = _signoff(review, film)
    try:
        decision = _drafted(signoff, film, body, (who.id, checks))
        payload, challenge = statement_bytes(decision), signoff.challenge(decision)
    except (AnswerprintError, ValueError) as fault:
        raise _refused(fault) from fault
    content = {"revision": revision, "statement": b64encode(payload).decode()}
    with review.database.writing() as db:
        key = wait_for(db, SIGN, who.id, content, review.clock())
    return CredentialRequest(key, signing_options(challenge, [each.credential for each in keys], origin))


@router.post("", status_code=201)
def decide(request: Request, revision: int, body: SignedDecision) -> DecisionsView:
    """DecisionsView, with the decision in the log. 403: the signature, the key or the person is refused."""
    review, who = review_of(request), visitor_of(request)
    _refuse_all_but_persons(who)
    with review.database.writing() as db:
        found = take_answer(db, SIGN, body.key, review.clock())
        row, film = _seen(db, review, revision)
        keys = {each.credential: each.key for each in _passkeys(db, review, who, origin_of(request))}
    if found is None or found[0] != who.id or found[1]["revision"] != revision or film is None:
        raise HTTPException(403, "nobody asked for this signature, or it came too late")
    keyid = keys.get(str(body.credential.get("id", "")))
    if keyid is None:
        raise HTTPException(403, "signed with a key that is not yours")
    signoff = _signoff(review, film)
    try:
        decision = read_statement(b64decode(found[1]["statement"]), "the decision")
        signoff.sign_in_browser(decision, keyid, assertion_of(body.credential), film.frames)
    except AnswerprintError as fault:
        raise _refused(fault) from fault
    with review.database.writing() as db:
        db.get_one(RevisionRow, row.id).approved = is_approved(review.jobs, film)
    return decisions_view(review.jobs, film, film.name, who, len(keys))


def _seen(db: Session, review: OpenReview, revision: int) -> tuple[RevisionRow, SeenFilm | None]:
    row = revision_by_id(db, revision)
    wanted = select(RevisionRow).where(RevisionRow.id == row.id).execution_options(populate_existing=True)
    row = db.scalars(
        wanted.options(undefer(RevisionRow.frame_hashes), undefer(RevisionRow.sound_hashes))
    ).one()
    frames = frames_of(row)
    name = db.get_one(FilmRow, row.film_id).name
    return row, review.jobs.with_stems(SeenFilm(name, frames, row.sha256)) if frames else None


def _passkeys(db: Session, review: OpenReview, who: Visitor, origin: str) -> list[PasskeyRow]:
    """Returns a person's enrolled keys that the people file has for the page's address."""
    people = review.jobs.people
    person = people.find(who.id) if people and who.kind == PERSON else None
    allowed = {key.id for key in person.keys if origin in key.origins} if person else set()
    rows = db.scalars(select(PasskeyRow).where(PasskeyRow.person == who.id))
    return [row for row in rows if row.key in allowed]


def _machine_checks(review: OpenReview, film: SeenFilm, body: DecisionDraft) -> list[MachineCheck]:
    """Returns what the checks of a film came to. Raises HTTPException where they have not run (409), or one failed that
    is not waived (403)."""
    judged = read_judged(review.media.folder(film.file), review.jobs.check_identity(film.name))
    if judged is None:
        raise HTTPException(409, "the film is still being checked: wait, and try again")
    found = judged["findings"]
    if found["state"] != "ready":
        raise HTTPException(409, f"the film could not be checked: {found['why']}")
    checks = [MachineCheck(str(row["id"]), str(row["verdict"])) for row in found["findings"]]
    try:
        refuse_failed(checks, body.waived)
    except AnswerprintError as fault:
        raise _refused(fault) from fault
    return checks


def _drafted(
    signoff: Signoff, film: SeenFilm, body: DecisionDraft, by: tuple[str, list[MachineCheck]]
) -> FilmDecision:
    """Returns the decision to sign; logs the checks that it is made beside. by: the person, and the checks.

    Raises ApprovalError, before anything is logged, where this person may not decide so; ValueError for wrong spans.
    """
    (person, checks), time = by, now()
    waived = tuple(each for each in named(checks, FAILED) if each in body.waived)
    asked = DecisionAsked(
        body.decision, body.gate, body.role, person, tuple(_checked_spans(body.spans, len(film.frames))),
        storable(body.comment), body.revokes, waived=waived,
    )  # fmt: skip
    decision = signoff.draft(asked, film, signoff.begin(), time)
    if not checks:
        return decision
    shown = signoff.log_checks(film, checks, time, f"answerprint-{__version__}")
    return signoff.draft(replace(asked, checks=shown), film, signoff.read(), time)


def _refuse_all_but_persons(who: Visitor) -> None:
    if who.kind != PERSON:
        raise HTTPException(403, f"{who.kind}s never sign off")


def _signoff(review: OpenReview, film: SeenFilm) -> Signoff:
    found = review.jobs.signoff(film.name)
    if found is None:
        raise HTTPException(409, review.jobs.fault or "the job has no gates")
    return found


def _checked_spans(spans: list[tuple[int, int]], frames: int) -> list[tuple[int, int]]:
    """Returns spans in order. Raises ValueError for those that are not in the film, or overlap."""
    ordered = sorted(spans)
    last = 0
    for first, stop in ordered:
        if not last <= first < stop <= min(frames, LARGEST):
            raise ValueError("the spans are not in the film, or overlap")
        last = stop
    return ordered


def _refused(fault: Exception) -> HTTPException:
    return HTTPException(503 if isinstance(fault, RetryError) else 403, str(fault)[:2000])
