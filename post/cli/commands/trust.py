"""The commands trust list, add, update and remove: they manage this user's trust lists."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from post.cli.environment import read_environment
from post.cli.options import AsJson
from post.cli.output import print_note, print_result
from post.errors import JobError

if TYPE_CHECKING:
    from provenance.trust.lists import Anchors, Role
    from provenance.trust.update import UpdatedList

trust = typer.Typer(
    help="Trust lists: list, add, update, remove.", no_args_is_help=True, rich_markup_mode=None
)
Tsa = typer.Option(False, "--tsa", help="The list names time-stamping authorities, not signers.")
Ids = typer.Option(False, "--identity", help="The list names identities (CAWG), not signers.")


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module to the app."""
    app.add_typer(trust, name="trust")


@trust.command("list")
def listed(as_json: bool = AsJson) -> None:
    """List every trust list, its date, and whom it names."""
    from provenance.trust import lists

    found = lists.read_configured(read_environment().config)
    lines = [line for each in found for line in _lines(each)]
    print_result(
        {"lists": [_row(each) for each in found]},
        as_json,
        lines or ["no lists: answerprint trust update fetches the official ones"],
    )


@trust.command("add")
def add(file: Path, tsa: bool = Tsa, identity: bool = Ids, as_json: bool = AsJson) -> None:
    """Add a trust list from a PEM file."""
    from provenance.trust import update as trust_lists

    _say([trust_lists.add(read_environment().config, file, _role(tsa, identity))], as_json)


@trust.command("update")
def update(
    name: str = typer.Argument("", help="The list to update; by default the two official ones."),
    source: str = typer.Option("", "--from", help="The https address or the file to read it from."),
    tsa: bool = Tsa,
    identity: bool = Ids,
    force: bool = typer.Option(False, "--force", help="Update even if the new list is shorter."),
    as_json: bool = AsJson,
) -> None:
    """Download trust lists again; of these commands, the only one that uses the network."""
    from provenance.trust import update as trust_lists

    config = read_environment().config
    kept = [
        trust_lists.update(config, each, role, place, force)
        for each, role, place in _wanted(name, source, _role(tsa, identity))
    ]
    _say(kept, as_json)


@trust.command("remove")
def remove(name: str, tsa: bool = Tsa, identity: bool = Ids, as_json: bool = AsJson) -> None:
    """Remove a trust list."""
    from provenance.trust import update as trust_lists

    trust_lists.remove(read_environment().config, name, _role(tsa, identity))
    print_result({"removed": name}, as_json, [f"removed {name}"])


def _wanted(name: str, source: str, role: Role) -> list[tuple[str, Role, str]]:
    from provenance.trust.lists import OFFICIAL

    if source:
        return [(name or Path(source).stem, role, source)]
    found = [row for row in OFFICIAL if name in ("", row[0])]
    if not found:
        raise JobError(
            "no address is known for this list",
            where=name,
            fix="give its address: --from ADDRESS, or --from FILE",
        )
    return found


def _role(tsa: bool, identity: bool) -> Role:
    if tsa and identity:
        raise JobError(
            "a list has one role",
            where="--tsa --identity",
            fix="run the command once with --tsa and once with --identity",
        )
    if identity:
        return "identity"
    return "tsa" if tsa else "signer"


def _row(found: Anchors) -> dict[str, Any]:
    from provenance.trust.update import certificate_names

    now = datetime.now(UTC)
    return {
        "name": found.name,
        "role": found.role,
        "dated": found.dated,
        "age_days": found.age_days(now),
        "old": found.old(now),
        "kind": found.kind,
        "certificates": found.certificates,
        "source": found.source,
        "names": list(certificate_names(found)),
    }


def _say(kept: list[UpdatedList], as_json: bool) -> None:
    rows = [{**_row(each.list), "added": list(each.added), "removed": list(each.removed)} for each in kept]
    changes = [f"{row['name']}: {len(row['added'])} added, {len(row['removed'])} removed" for row in rows]
    gone = [f"removed: {name}" for row in rows for name in row["removed"]]
    for line in gone:
        print_note(line)
    print_result({"lists": rows}, as_json, [*changes, *(_lines(each.list)[0] for each in kept)])


def _lines(found: Anchors) -> list[str]:
    row = _row(found)
    old = f", OLD: run `{found.update_command}`" if row["old"] else ""
    head = f"{row['name']:28} {row['role']:6} {row['certificates']:3} certificates, dated {row['dated']}{old}"
    return [head, *(f"    {name}" for name in row["names"])]
