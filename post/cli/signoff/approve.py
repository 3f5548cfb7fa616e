"""The commands approve, reject, revoke and lift: they sign what a person decides about a film, or about a gate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from post.cli.environment import text_argument
from post.cli.options import AsJson
from post.cli.output import print_result
from post.cli.stores import command_settings
from post.errors import JobError

if TYPE_CHECKING:
    from post.api.signoff.deciding import Wish
    from post.api.signoff.state import JobSignoff
    from provenance.approval.verified import LoggedDecision

Target = typer.Argument(metavar="FILE|JOB", help="A job, or a film that waits for approval in OUT/review.")
GateName = typer.Option("", "--gate", help="The gate; a job with one gate needs none.")
RoleName = typer.Option(..., "--role", help="The role in which you decide.")
KeyName = typer.Option(..., "--key", help="Your key, by its name (`keys new NAME --person`) or its file.")
OnlyFilm = typer.Option("", "--only", help="This film alone, or those that fit a pattern such as '*-de-*'.")
CommentText = typer.Option("", "--comment", help="What to say with it; it is signed too.")
OutFolder = typer.Option(
    None, "-o", "--out", help="The folder of the films; by default it is looked for beside the job."
)
JobOfFile = typer.Option(None, "--job", help="The job of a FILE; by default it is looked for above it.")


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module to the app."""
    app.command("approve")(approve)
    app.command("reject")(reject)
    app.command("revoke")(revoke)
    app.command("lift")(lift)


def approve(
    target: Path = Target,
    gate: str = GateName,
    role: str = RoleName,
    key: str = KeyName,
    only: str = OnlyFilm,
    comment: str = CommentText,
    frames: str = typer.Option(
        "",
        "--frames",
        metavar="FROM..TO",
        help="These frames alone, as 48..96; by default those that are asked about.",
    ),
    waive: list[str] = typer.Option(
        [], "--waive", metavar="ID", help="Approve in spite of this failed check."
    ),
    out: Path | None = OutFolder,
    job: Path | None = JobOfFile,
    as_json: bool = AsJson,
) -> None:
    """Approve what a film shows, at a gate, in a role: signed, and logged beside the job."""
    from post.api.signoff.deciding import Wish

    wish = Wish("approve", gate, role, _text(comment), _spans(frames), tuple(waive))
    _decide((target, out), job, only, wish, key, as_json=as_json)


def reject(
    target: Path = Target,
    gate: str = GateName,
    role: str = RoleName,
    key: str = KeyName,
    only: str = OnlyFilm,
    comment: str = CommentText,
    frames: str = typer.Option(
        "", "--frames", metavar="FROM..TO", help="These frames alone, as 48..96; by default the whole film."
    ),
    job: Path | None = JobOfFile,
    as_json: bool = AsJson,
) -> None:
    """Reject what a film shows: older approvals of those frames no longer count."""
    from post.api.signoff.deciding import Wish

    wish = Wish("reject", gate, role, _text(comment), _spans(frames))
    _decide((target, None), job, only, wish, key, as_json=as_json)


def revoke(
    job: Path = typer.Argument(metavar="JOB", help="The job."),
    approval: str = typer.Option(..., "--approval", help="The approval: 8 or more digits of its SHA-256."),
    role: str = RoleName,
    key: str = KeyName,
    gate: str = GateName,
    comment: str = CommentText,
    as_json: bool = AsJson,
) -> None:
    """Take back an approval; `approvals` lists them."""
    from post.api.signoff.deciding import Wish

    wish = Wish("revoke", gate, role, _text(comment), approval=approval)
    _decide((job, None), None, "", wish, key, as_json=as_json)


def lift(
    target: Path = Target,
    gate: str = GateName,
    role: str = RoleName,
    key: str = KeyName,
    comment: str = CommentText,
    job: Path | None = JobOfFile,
    as_json: bool = AsJson,
) -> None:
    """Let go of a gate that the job no longer asks for, in a role: until each of its roles has, it stands."""
    from post.api.signoff.deciding import Wish

    _decide((target, None), job, "", Wish("lift", gate, role, _text(comment)), key, as_json=as_json)


def _decide(
    about: tuple[Path, Path | None], job: Path | None, only: str, wish: Wish, key: str, *, as_json: bool
) -> None:
    """about: the job or the film, and the folder of the films."""
    from dataclasses import replace

    from post.api.signoff.candidates import CandidateChecks
    from post.api.signoff.deciding import decide
    from post.cli.signoff.person_keys import load_person_key
    from post.cli.signoff.targets import find_signoff
    from post.engine import WorkerPool

    (target, out), signer = about, load_person_key(key)
    with WorkerPool(1) as pool:
        found = find_signoff(pool, target, job, only)
        at = target if found.job != target else out
        checks = CandidateChecks(pool, found.job, command_settings(), at)
        asked = replace(wish, gate=wish.gate or _only_gate(found))
        made = decide(found, asked, signer, checks.check)
    data = {"decisions": [_row(each) for each in made]}
    print_result(data, as_json, [_line(each) for each in made])


def _only_gate(found: JobSignoff) -> str:
    names = found.gates
    if len(names) > 1:
        raise JobError("which gate?", where="--gate", expected=" | ".join(names), got="none")
    return names[0]


def _spans(text: str) -> tuple[tuple[int, int], ...]:
    """Returns the frames of --frames, () where none are given."""
    if not text:
        return ()
    first, dots, stop = text.partition("..")
    if not dots or not first.isdecimal() or not stop.isdecimal() or int(first) >= int(stop):
        raise JobError("not frames", where="--frames", expected="FROM..TO, as 48..96", got=text)
    return ((int(first), int(stop)),)


def _text(comment: str) -> str:
    return text_argument(comment, "--comment")


def _row(made: LoggedDecision) -> dict[str, Any]:
    decision = made.decision
    return {
        "film": decision.film.name,
        "decision": decision.verdict,
        "gate": decision.gate,
        "role": decision.role,
        "person": decision.person,
        "seen": [list(span) for span in decision.seen],
        "frames": sum(stop - first for first, stop in decision.seen),
        "of": decision.film.length,
        "approval": made.envelope,
        "entry": made.number,
        "key": made.key,
        "waived": list(decision.waived),
    }


def _line(made: LoggedDecision) -> str:
    row = _row(made)
    spans = ", ".join(f"{first}..{stop}" for first, stop in row["seen"])
    verb = {"approve": "approved", "reject": "rejected", "revoke": "revoked", "lift": "lifted"}[
        row["decision"]
    ]
    who = f"{verb} by {row['person']} as {row['role']} at {row['gate']}"
    return f"{row['film']}: {who}: frames {spans} of {row['of']}; {row['approval'][:16]}"
