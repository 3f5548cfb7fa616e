"""The command match: it writes a table that gives one shot the colour of another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from post.atomic import real_path
from post.cli.options import AsJson
from post.cli.output import print_result
from post.errors import JobError, unknown

if TYPE_CHECKING:
    from post.measure.match import Decision


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module to the app."""
    app.command("match")(match)


def match(
    target: Path,
    reference: Path,
    output: Path = typer.Option(..., "-o", "--output", help="The .cube file to write."),
    cdl: Path | None = typer.Option(
        None, "--cdl", help="Also write an ASC CDL (.cc): the match without its small table."
    ),
    identity: bool = typer.Option(
        False, "--identity", help="If there is no safe match, write a table that changes nothing."
    ),
    when: str = typer.Option(
        "likely",
        "--when",
        help="sure: a sure transfer or nothing; likely: else a balance; always: also if unsure.",
    ),
    strength: float = typer.Option(1.0, "--strength", min=0, max=1, help="How much of it to apply, 0 to 1."),
    as_json: bool = AsJson,
) -> None:
    """Write a table that gives one clip or still the colour of another, or say why there is no safe match."""
    from post.engine import WorkerPool
    from post.measure.match import WHEN, match_files

    _guard_places([target, reference], output, cdl)
    asked = next((each for each in WHEN if each == when), None)
    if asked is None:
        raise unknown(when, WHEN, "--when", "answer")
    with WorkerPool(1) as pool:
        decision = _weakened(pool.call(match_files, target, reference, asked), strength)
    writes = identity or decision.method != "abstain"
    if writes:
        _write(decision, output, cdl, f"{target.stem} to {reference.stem}")
    data = _data(decision, output if writes else None, cdl if writes else None)
    print_result(data, as_json, _lines(data))


def _weakened(decision: Decision, share: float) -> Decision:
    if share == 1:
        return decision
    return replace(decision, strength=share * decision.strength, stage=decision.stage.weaker(share))


def _guard_places(sources: list[Path], table: Path, cdl: Path | None) -> None:
    taken = {real_path(source) for source in sources}
    for place in (table, cdl):
        if place and real_path(place) in taken:
            raise JobError("would overwrite a source", where=str(place), fix="name another file")
    _guard_suffix("not a table's name", "-o", table, ".cube")
    if cdl is None:
        return
    _guard_suffix("not a CDL's name", "--cdl", cdl, ".cc")
    if real_path(cdl) == real_path(table):
        raise JobError("would overwrite the table", where=str(cdl), fix="name another file")


def _guard_suffix(what: str, flag: str, place: Path, suffix: str) -> None:
    if place.suffix.lower() != suffix:
        raise JobError(what, where=flag, expected=f"a name ending in {suffix}", got=place.name)


def _write(decision: Decision, output: Path, cdl: Path | None, name: str) -> None:
    from post.atomic import write_whole
    from post.measure.match import cdl as cdl_text
    from post.measure.match import cube

    write_whole(output, cube(decision.stage, name))
    if cdl:
        write_whole(cdl, cdl_text(decision.stage, name))


def _data(decision: Decision, table: Path | None, cdl: Path | None) -> dict[str, Any]:
    stage = decision.stage
    return {
        "method": decision.method,
        "strength": round(decision.strength, 4),
        "confidence": round(decision.confidence, 4),
        "guards": list(decision.guards),
        "forced": decision.forced,
        "table": str(table) if table else None,
        "params": {
            "exposure": list(stage.exposure),
            "offset": list(stage.offset),
            "gamma": list(stage.gamma),
            "saturation": stage.saturation,
            "residual": stage.residual,
        },
        "cdl": str(cdl) if cdl else None,
        "why": decision.why,
    }


def _lines(data: dict[str, Any]) -> list[str]:
    rows = [f"{data['method']}: {data['why']}"]
    if data["table"] is None:
        return [*rows, "no table written; --identity writes one that does nothing"]
    shown = {name: value for name, value in data["params"].items() if name != "residual"}
    rows += [f"{'strength':12} {data['strength']:g}", f"{'confidence':12} {data['confidence']:.0%}"]
    rows += [f"{name:12} {value}" for name, value in shown.items()]
    rows.append(f"{'residual':12} {'yes' if data['params']['residual'] else 'none'}")
    return [*rows, f"wrote {data['table']}", *([f"wrote {data['cdl']}"] if data["cdl"] else [])]
