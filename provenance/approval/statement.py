"""A decision about a film, as an in-toto Statement v1.

    subject         the film's file, where there is one; its frames, its picture and its sound, as they decode
    predicateType   https://answerprint.org/attestation/decision/v0.1
    predicate       who decided what, at which gate, in which role, on which frames; under which brief and policies;
                    and the head of the log that they knew

The bytes are canonical JSON: a payload that another program wrote differently is refused.
Source: in-toto Attestation Framework, Statement v1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal, get_args

from post.errors import JobError, ProvenanceError
from provenance.approval.frames import FilmFrames
from provenance.approval.strict import canonical_json, is_sha256, require
from provenance.record.strict_json import read_bytes

STATEMENT, DECISION = "https://in-toto.io/Statement/v1", "https://answerprint.org/attestation/decision/v0.1"
PAYLOAD_TYPE = "application/vnd.in-toto+json"
Verdict = Literal["approve", "reject", "revoke", "lift"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
LONGEST_COMMENT = 10_000  # characters
Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate of a job. roles: who signs; two_person: nobody counts in two roles."""

    name: str
    roles: tuple[str, ...]
    two_person: bool = False

    @property
    def digest(self) -> str:
        """The SHA-256 of its rules: an approval under other rules is stale."""
        rules = {"name": self.name, "roles": sorted(self.roles), "two_person": self.two_person}
        return hashlib.sha256(canonical_json(rules)).hexdigest()


@dataclass(frozen=True, slots=True)
class LogPoint:
    """A place in a log. number: of its last entry, from 1; head: the SHA-256 of that entry's line."""

    number: int
    head: str


@dataclass(frozen=True, slots=True)
class FilmSubject:
    """The film that a decision is about. name: of the deliverable; frames, picture, sound: digests of what it decodes
    to; length: in frames; file: the SHA-256 of the file that was seen, "" for none."""

    name: str
    frames: str
    picture: str
    sound: str
    length: int
    file: str = ""


@dataclass(frozen=True, slots=True)
class DecisionTerms:
    """What a decision holds under: when one of the first four changes, it is stale.

    gate: a digest of the gate's rules, of a lift that of `standing.lift_digest`; brief, policies: digests, "" where the
    job has none; captions: of those that are delivered as text, which no frame shows, "" for none; job: a digest of the
    job, which is told, and does not make a decision stale.
    """

    gate: str
    brief: str = ""
    policies: str = ""
    captions: str = ""
    job: str = ""


@dataclass(frozen=True, slots=True)
class FilmDecision:
    """One decision. person: an ID of the people file; seen: the frames it is about, as (first, frame after the last);
    log: the ID of the log that it belongs to; after: what the person knew of that log; time: RFC 3339, UTC; revokes:
    the SHA-256 of the envelope that a revocation ends, "" for other decisions; checks: those of the machine checks that
    were shown; waived: the checks that failed and were waived.
    """

    verdict: Verdict
    gate: str
    role: str
    person: str
    film: FilmSubject
    seen: Spans
    terms: DecisionTerms
    log: str
    after: LogPoint
    time: str
    comment: str = ""
    revokes: str = ""
    checks: tuple[str, ...] = ()
    waived: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        ends = [end for span in self.seen for end in span]
        if not self.seen or ends != sorted(set(ends)) or ends[0] < 0 or ends[-1] > self.film.length:
            raise ValueError("frames are told as spans in order, within the film, that do not touch")
        if (self.verdict == "revoke") != bool(self.revokes) or len(self.comment) > LONGEST_COMMENT:
            raise ValueError("a revocation names what it ends, and no other decision does")


def subject_of(name: str, frames: FilmFrames, file: str = "") -> FilmSubject:
    """Returns a film as decisions name it. file: the SHA-256 of the file that is shown, "" for none."""
    return FilmSubject(name, frames.digest, frames.picture_digest, frames.sound_digest, len(frames), file)


def statement_bytes(decision: FilmDecision) -> bytes:
    """Returns a decision as the canonical JSON of its statement."""
    film = decision.film
    data = {
        "_type": STATEMENT,
        "subject": subject_json(film),
        "predicateType": DECISION,
        "predicate": {
            "after": {"head": decision.after.head, "number": decision.after.number},
            "checks": list(decision.checks),
            "comment": decision.comment,
            "decision": decision.verdict,
            "gate": decision.gate,
            "length": film.length,
            "log": decision.log,
            "person": decision.person,
            "revokes": decision.revokes,
            "role": decision.role,
            "seen": [list(span) for span in decision.seen],
            "terms": {
                "brief": decision.terms.brief,
                "captions": decision.terms.captions,
                "gate": decision.terms.gate,
                "job": decision.terms.job,
                "policies": decision.terms.policies,
            },
            "time": decision.time,
            "waived": list(decision.waived),
        },
    }
    return canonical_json(data)


def subject_json(film: FilmSubject) -> list[dict[str, Any]]:
    """Returns the subject of a statement about a film."""
    rows = (("", film.file), ("#frames", film.frames), ("#picture", film.picture), ("#sound", film.sound))
    return [{"name": f"{film.name}{part}", "digest": {"sha256": sha}} for part, sha in rows if sha]


def read_statement(payload: bytes, where: str) -> FilmDecision:
    """Returns the decision in a statement. where: named in the error.

    Raises ProvenanceError if it is no statement of a decision, or not written as this module writes it.
    """
    try:
        data: Any = read_bytes(payload, where)
        made = _decision(data)
        require(statement_bytes(made) == payload, "other keys, or another order of them")
    except (AttributeError, JobError, KeyError, TypeError, ValueError) as fault:
        raise ProvenanceError("is no decision", where=where, got=str(fault)[:200]) from fault
    return made


def _decision(data: Mapping[str, Any]) -> FilmDecision:
    require(data["_type"] == STATEMENT and data["predicateType"] == DECISION, "a statement of another type")
    found, terms, after = data["predicate"], data["predicate"]["terms"], data["predicate"]["after"]
    require(found["decision"] in VERDICTS, "no verdict")
    made = FilmDecision(
        verdict=found["decision"],
        gate=_text(found["gate"]),
        role=_text(found["role"]),
        person=_text(found["person"]),
        film=_subject(data["subject"], found["length"]),
        seen=tuple((_number(first), _number(stop)) for first, stop in found["seen"]),
        terms=DecisionTerms(**{each.name: _text(terms[each.name]) for each in fields(DecisionTerms)}),
        log=_text(found["log"]),
        after=LogPoint(_number(after["number"]), _sha256(after["head"])),
        time=_time(found["time"]),
        comment=_text(found["comment"]),
        revokes=_text(found["revokes"]),
        checks=tuple(map(_sha256, found["checks"])),
        waived=tuple(map(_text, found["waived"])),
    )
    if made.revokes:
        _sha256(made.revokes)
    return made


def _subject(rows: list[Any], length: object) -> FilmSubject:
    digests = {_text(row["name"]): _sha256(row["digest"]["sha256"]) for row in rows}
    name = next(name for name in digests if name.endswith("#frames")).removesuffix("#frames")
    frames, picture, sound = (digests[f"{name}#{part}"] for part in ("frames", "picture", "sound"))
    return FilmSubject(name, frames, picture, sound, _number(length), digests.get(name, ""))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not text")
    return value


def _sha256(value: object) -> str:
    require(is_sha256(value), "not a SHA-256")
    return str(value)


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError("not a number of frames or entries")
    return value


def _time(value: object) -> str:
    text = _text(value)
    if datetime.fromisoformat(text).utcoffset() is None:
        raise ValueError("a time without its zone")
    return text
