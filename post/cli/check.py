"""verify and measure: what a file is, claims and holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from post.cli.say import result
from post.cli.surroundings import surroundings
from post.knob import unknown

AsJson = typer.Option(False, "--json", help="One JSON object on stdout.")


def add_to(app: typer.Typer) -> None:
    app.command("verify")(verify)
    app.command("measure")(measure)


def verify(
    file: Path,
    trust: list[Path] = typer.Option([], "--trust", help="PEM file of anchors; replaces the usual ones."),
    policy: list[str] = typer.Option([], "--policy", help="A policy profile, by name or path."),
    facts: Path | None = typer.Option(None, "--facts", help="YAML of declared facts policies ask for."),
    as_json: bool = AsJson,
) -> None:
    """What a file's credentials say, each finding apart."""
    from provenance import trust as lists
    from provenance.policy import load
    from provenance.verify import verify as find

    anchors = tuple(lists.read(pem) for pem in trust) or lists.configured(surroundings().config)
    profiles = [load(_profile(name)) for name in policy]
    report = find(file, anchors, profiles, _facts(facts))
    result(report.plain(), as_json, _lines(report.plain()))
    raise typer.Exit(report.exit_code)


def measure(file: Path, as_json: bool = AsJson) -> None:
    """Picture and sound as a meter sees them. What cannot be measured is null, with the reason."""
    from post.measure import measure_file

    data = measure_file(file)
    result(data, as_json, _measure_lines(data))


def _profile(name: str) -> Path:
    """A policy profile by path, or of those that ship by name."""
    import presets

    shipped = Path(presets.__file__).parent / "policy"
    if "/" in name or name.endswith(".yaml"):
        return Path(name)
    if not (shipped / f"{name}.yaml").exists():
        raise unknown(name, [path.stem for path in shipped.glob("*.yaml")], "--policy", "policy")
    return shipped / f"{name}.yaml"


def _facts(path: Path | None) -> dict[str, Any]:
    """Declared facts, from the `facts` of a YAML file."""
    from presets.marked import Written, read

    if path is None:
        return {}
    root = read(Written(path.resolve(), str(path)))
    held = root.mapping.get("facts", root)
    return {name: node.value for name, node in held.mapping.items()}


def _lines(data: dict[str, Any]) -> list[str]:
    conformance = data["conformance"]
    rows = [f"{name:12} {data[name]}" for name in ("integrity", "signer", "time", "chain")]
    rows.append(f"{'conformance':12} {conformance['passed']} of {conformance['total']}")
    rows += [f"{'unhashed':12} {each['box']}: {each['bytes']} bytes" for each in data["unhashed"]]
    rows += [f"{'tampered':12} {each['from_s']} s to {each['to_s']} s" for each in data["tampered_at"]]
    rows += [
        f"{each['kind']:12} {each['code']} at {each['where']}: {each['why']}" for each in data["findings"]
    ]
    return rows


def _measure_lines(data: dict[str, Any]) -> list[str]:
    parts = [("picture", data["picture"]), ("sound", data["sound"])]
    rows = [f"{part:8} {name:22} {value}" for part, held in parts if held for name, value in held.items()]
    return rows + [f"unmeasured {name}: {why}" for name, why in data["unmeasured"].items()]
