"""A folder with a job that has gates, a brief, a policy and people, and decisions about a made film."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from post.job import load_job
from post.signoff.binding import DecisionAsked, SeenFilm, Signoff, open_signoff
from provenance.approval.people import public_text
from provenance.approval.statement import Verdict
from provenance.approval.verified import LoggedDecision
from tests.job.conftest import PARTS
from tests.provenance.approval.approval_desk import TIME, film, signer

FILM = SeenFilm("small", film(range(60)), "f" * 64)
BROWSER = ec.generate_private_key(ec.SECP256R1())
SITE, ORIGIN = "localhost", "http://localhost:8300"
JOB = "\n".join(PARTS.values()) + (
    "\nbrief: brief.yaml\npolicies: [ours.yaml]\npeople: people.yaml\n"
    "gates: {release: {roles: [creative, legal], two_person: true}}\n"
)
ROW = "  - {{id: {0}, name: {0}, kind: {1}, roles: [{2}], logins: [login-{0}], keys: [{3}]}}\n"
WHO = (
    ("ana", "person", "creative"),
    ("bo", "person", "legal"),
    ("cy", "person", "creative, legal"),
    ("bot", "agent", "creative"),
)


def key_entry(name: str) -> str:
    own = f"{{kind: ed25519, public: {signer(name).public}}}"
    if name != "bo":
        return own
    public = public_text(BROWSER.public_key())
    return f'{own}, {{kind: webauthn, public: {public}, site: {SITE}, origins: ["{ORIGIN}"]}}'


def make_room(tmp_path: Path) -> Path:
    for name in ("dog.mp4", "ship.mp4"):
        (tmp_path / name).write_bytes(name.encode())
    (tmp_path / "brief.yaml").write_text("beats: [{id: open, says: a dog runs}]\n")
    (tmp_path / "ours.yaml").write_text(POLICY)
    (tmp_path / "job.yaml").write_text(JOB)
    rows = [ROW.format(name, kind, roles, key_entry(name)) for name, kind, roles in WHO]
    (tmp_path / "people.yaml").write_text("people:\n" + "".join(rows))
    return tmp_path


POLICY = (Path(__file__).parents[2] / "presets" / "policy" / "wcag.yaml").read_text()


def opened(room: Path) -> Signoff:
    made = open_signoff(load_job(room / "job.yaml"), room / "config")
    assert made is not None
    return made


def decide(
    signoff: Signoff, who: str, role: str, verdict: Verdict = "approve", seen: SeenFilm = FILM
) -> LoggedDecision:
    asked = DecisionAsked(verdict, "release", role, who)
    draft = signoff.draft(asked, seen, signoff.read(), TIME)
    return signoff.sign(draft, signer(who), seen.frames)


def begun(room: Path, by: str = "login-renderer") -> Signoff:
    signoff = opened(room)
    signoff.log_renders([FILM], [by])
    return signoff
