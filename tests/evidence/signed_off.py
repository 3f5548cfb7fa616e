"""Makes a small film of a job with gates, and decisions about it: real keys, a real log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from post.evidence.approvals import film_frames_of
from post.job import load_job
from post.signoff.binding import DecisionAsked, SeenFilm, Signoff, open_signoff
from provenance.approval.person_key import PersonSigner, make_key
from provenance.approval.statement import Verdict
from provenance.approval.verified import LoggedDecision
from tests.flow.warm_commands import answerprint
from tests.flow_job import JOB, make_clips

GATES = "people: people.yaml\ngates: {release: {roles: [creative, legal], two_person: true}}\n"
NAMES = {"ana": "Ana <b>Roth</b>", "ben": "בן כהן"}
ROLES = {"ana": "creative", "ben": "legal"}
TIME = "2026-12-01T09:00:00Z"
NAME = "wide"


@dataclass(frozen=True)
class Room:
    """A job with gates, its finished film, and the keys of the people who may sign. home: of the user."""

    home: Path
    job: Path
    film: Path
    signoff: Signoff
    signers: Mapping[str, PersonSigner]
    seen: SeenFilm

    def decide(self, person: str, verdict: Verdict = "approve", **more: Any) -> LoggedDecision:
        """Signs and logs a decision about all frames."""
        asked = DecisionAsked(verdict, "release", ROLES[person], person, **more)
        decision = self.signoff.draft(asked, self.seen, self.signoff.begin(), TIME)
        return self.signoff.sign(decision, self.signers[person], self.seen.frames)


def make_room(home: Path) -> Room:
    """Makes a film, and then the gates that it is to pass: nobody has decided yet."""
    make_clips(home)
    job, out = home / "job.yaml", home / "out"
    job.write_text(JOB, "utf-8")
    told = answerprint(home, "finish", job, "-o", out, "--store", home / "store", "--json").data
    config = home / ".config" / "answerprint"
    signers = {name: make_key(home / f"{name}.pem", "") for name in NAMES}
    (home / "people.yaml").write_text(_people(signers), "utf-8")
    job.write_text(GATES + JOB, "utf-8")
    signoff = open_signoff(load_job(job), config)
    assert signoff is not None
    (made,) = told["deliverables"]
    film = Path(made["path"])
    frames = film_frames_of(film, {"rate": "24/1", "samples": made["samples"]})
    seen = SeenFilm(NAME, frames, made["sha256"])
    signoff.log_renders([seen], "cleo")
    return Room(home, job, film, signoff, signers, seen)


def _people(signers: Mapping[str, PersonSigner]) -> str:
    rows = [
        f"  - {{id: {name}, name: '{NAMES[name]}', kind: person, roles: [{ROLES[name]}], "
        f"keys: [{{kind: ed25519, public: {signer.public}}}]}}"
        for name, signer in signers.items()
    ]
    return "\n".join(["people:", *rows, ""])
