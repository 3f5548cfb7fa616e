"""What the routes of findings, provenance, decisions and numbers return: values that become JSON.

Frames and times are as in `views`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FindingView:
    """What a check came to. verdict: as `check` has it; first, stop: the frames that it is about, None for all;
    evidence: frames to look at, each at /media/REVISION/frames/NUMBER.png; box: x, y, width, height, 0..1 of the frame,
    None for all of it."""

    id: str
    policy: str
    verdict: str
    measured: str
    threshold: str
    why: str
    origin: str
    first: int | None
    stop: int | None
    evidence: list[int]
    box: tuple[float, float, float, float] | None


@dataclass(frozen=True, slots=True)
class FindingsView:
    """The checks of a revision. state: "waiting" until they have run, then "ready" or "failed" (why); counts: how many
    came to each verdict; policies: (name, version)."""

    state: str
    why: str
    summary: str
    counts: dict[str, int]
    policies: list[tuple[str, str]]
    findings: list[FindingView]


@dataclass(frozen=True, slots=True)
class ProvenanceNode:
    """A file in the tree of what a film was made from. relation: to the film above it; credential: "verified",
    "unsigned", and so on; record: what is known of how it was generated, as (field, value, how it is known)."""

    title: str
    kind: str
    relation: str
    credential: str
    sha256: str
    source_type: str
    record: list[tuple[str, str, str]]
    inputs: list[ProvenanceNode]


@dataclass(frozen=True, slots=True)
class ProvenanceView:
    """What a film's file declares, as `verify` found it. integrity, signer, time, chain: each apart, as `verify` has
    them; actions: (C2PA's name, description) in order; tree: the film and what it was made from."""

    state: str
    why: str
    integrity: str
    signer: str
    time: str
    chain: str
    findings: list[str]
    actions: list[tuple[str, str]]
    tree: ProvenanceNode | None


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision of the signed log. person_name: as the people file has it, or the ID of somebody who is not in it any
    more; decision: "approve", "reject" or "revoke"; statement: the SHA-256 of its envelope;
    stands: it still counts for this revision (else why says what changed)."""

    statement: str
    decision: str
    gate: str
    role: str
    person: str
    person_name: str
    comment: str
    at: float
    stands: bool
    why: str


@dataclass(frozen=True, slots=True)
class AskedView:
    """A signature that a gate lacks. people: who may give it; spans: the frames to look at, half-open; frames: how many
    these are; why: the approvals that do not count, and why not."""

    role: str
    people: list[str]
    spans: list[tuple[int, int]]
    frames: int
    why: list[str]


@dataclass(frozen=True, slots=True)
class GateView:
    """A gate of the job. may_sign: roles that the visitor can sign for here; command: what signs with a key file."""

    gate: str
    roles: list[str]
    two_person: bool
    met: bool
    asked: list[AskedView]
    may_sign: list[str]
    command: str


@dataclass(frozen=True, slots=True)
class DecisionsView:
    """What was decided of a revision, and what is still asked. log: "sound", or what is wrong with the signed log."""

    gates: list[GateView]
    decisions: list[DecisionView]
    log: str
    passkeys: int


@dataclass(frozen=True, slots=True)
class NumbersView:
    """The numbers of a review. watchable: seconds until a film could be watched here (p50, p95, count); preview: until
    a preview could be; versions: (day, films taken in that day); rounds: (film, revisions until it was approved)."""

    watchable: tuple[float, float, int] | None
    preview: tuple[float, float, int] | None
    versions: list[tuple[str, int]]
    versions_per_day: float
    rounds: list[tuple[str, int]]
    rounds_per_approval: float | None


@dataclass(frozen=True, slots=True)
class CredentialRequest:
    """What a page asks its browser for. key: to send back with the answer; publicKey: the options, as JSON, for
    `PublicKeyCredential.parseRequestOptionsFromJSON` (or `parseCreationOptionsFromJSON`)."""

    key: str
    publicKey: dict[str, Any]  # noqa: N815  as browsers have it
