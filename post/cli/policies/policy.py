"""The commands policy list, show, diff and merge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from post.cli.options import AsJson
from post.cli.output import print_result
from post.errors import JobError

if TYPE_CHECKING:
    from provenance.policy.document.merge import MergedParameter, MergedPolicy, MergedRule, Stated
    from provenance.policy.document.policy import Policy, PolicyRule

Beside = typer.Option(
    Path(), "--beside", help="The job's folder; its presets/policy/ can hold policies of your own."
)
FactsFile = typer.Option(
    None, "--facts", help="Leave out the rules that do not apply by these declared facts."
)
Day = typer.Option("", "--at", metavar="DAY", help="Leave out what is not in force on this day (2026-12-01).")


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module to the app."""
    policies = typer.Typer(no_args_is_help=True, help="Policies: list, show, diff, merge.")
    policies.command("list")(list_verb)
    policies.command("show")(show)
    policies.command("diff")(diff)
    policies.command("merge")(merge)
    app.add_typer(policies, name="policy")


def list_verb(beside: Path = Beside, as_json: bool = AsJson) -> None:
    """List every policy: those that ship, and your own."""
    from presets import names

    policies = [_read(name, beside) for name in names("policy", beside)]
    rows = [
        {
            "name": each.name, "version": each.version, "doc": each.doc, "valid": str(each.valid),
            "territory": list(each.territory), "role": list(each.role), "platforms": list(each.platforms),
            "rules": len(each.rules),
        }
        for each in policies
    ]  # fmt: skip
    lines = [f"{each.name:24} {each.version:12} {len(each.rules):2} rules  {each.doc}" for each in policies]
    print_result({"policies": rows}, as_json, lines)


def show(name: str, beside: Path = Beside, as_json: bool = AsJson) -> None:
    """Show a policy: its rules, each with its source, how sure that is, and what must be declared."""
    policy = _read(name, beside)
    data = {
        "policy": policy.name,
        "version": policy.version,
        "doc": policy.doc,
        "valid": str(policy.valid),
        "territory": list(policy.territory),
        "role": list(policy.role),
        "platforms": list(policy.platforms),
        "sources": [
            {"id": each.id, "title": each.title, "date": each.date, "confidence": each.confidence}
            for each in policy.sources
        ],
        "facts_needed": dict(policy.facts),
        "rules": [_rule_row(rule) for rule in policy.rules],
    }
    print_result(data, as_json, list(_shown(policy)))


def diff(a: str, b: str, beside: Path = Beside, as_json: bool = AsJson) -> None:
    """Compare two policies, or two versions of one: rules added, removed and changed."""
    from provenance.policy.document.differ import compare_policies

    found = compare_policies(_read(a, beside), _read(b, beside))
    data = {
        "a": a,
        "b": b,
        "same": found.same,
        "added": list(found.added),
        "removed": list(found.removed),
        "changed": [
            {"rule": each.rule, "field": each.field, "before": each.before, "after": each.after}
            for each in found.changed
        ],
    }
    lines = [f"{'added':10} {name}" for name in found.added]
    lines += [f"{'removed':10} {name}" for name in found.removed]
    lines += [f"{'changed':10} {each}" for each in found.changed]
    print_result(data, as_json, lines or ["no difference"])


def merge(
    names: list[str],
    facts: Path | None = FactsFile,
    at: str = Day,
    beside: Path = Beside,
    as_json: bool = AsJson,
) -> None:
    """Show what several policies require together: the strictest of each, who set it, and what contradicts."""
    from provenance.policy.document.dates import is_day
    from provenance.policy.document.facts import load_facts
    from provenance.policy.document.merge import merge_policies

    if at and not is_day(at):
        raise JobError("not a day", where="--at", expected="2026-12-01", got=at)
    declared = load_facts(facts) if facts else None
    day = at or (declared.day() if declared is not None else "")
    merged = merge_policies([_read(name, beside) for name in names], declared, day)
    data = {
        "policies": [{"name": name, "version": version} for name, version in merged.policies],
        "rules": [_merged_row(rule) for rule in merged.rules],
        "contradictions": [
            {"check": each.check, "parameter": each.parameter, "stated": _stated(each.stated)}
            for each in merged.contradictions
        ],
        "undecided": [{"rule": rule, "why": why} for rule, why in merged.undecided],
    }
    print_result(data, as_json, list(_merged_lines(merged)))


def _read(name: str, beside: Path) -> Policy:
    """Returns the policy of a name or path, its parameters checked against those of its checks."""
    from presets import Shelves
    from provenance.policy import CHECKS
    from provenance.policy.document.read import read_policy

    shelves = Shelves(beside)
    path = Path(name) if "/" in name or name.endswith(".yaml") else shelves.path("policy", name)
    return read_policy(path, {kind: check.takes for kind, check in CHECKS.items()})


def _rule_row(rule: PolicyRule) -> dict[str, Any]:
    from provenance.policy.document.merge import parameter_text

    return {
        "id": rule.id,
        "says": rule.says,
        "force": rule.force,
        "confidence": rule.confidence,
        "source": str(rule.clause.source),
        "at": rule.clause.at,
        "quote": rule.clause.quote,
        "valid": str(rule.valid),
        "when": str(rule.when),
        "check": rule.check,
        "params": {name: parameter_text(value) for name, value in rule.params},
        "params_origin": {name: rule.origin_of(name) for name, _ in rule.params},
        "on_fail": rule.on_fail,
        "can_fail": rule.is_firm(""),
        "waiver": {"allowed": rule.waiver.allowed, "needs": list(rule.waiver.needs)},
    }


def _shown(policy: Policy) -> Iterator[str]:
    yield f"{policy.name} {policy.version}: {policy.doc}"
    whom, place = ", ".join(policy.role) or "anyone", ", ".join(policy.territory) or "any territory"
    yield f"  {policy.valid}, for {whom} in {place}"
    for name, question in policy.facts:
        yield f"  declare {name}: {question}"
    for row in map(_rule_row, policy.rules):
        ends = "fails" if row["can_fail"] else "warns"
        yield f"{row['id']}: {row['says'] or row['check']}"
        source = f"{row['source']}, {row['at']}; confidence {row['confidence']}"
        yield f"    {row['force']}, {ends}; {source}; {row['valid']}"
        if row["quote"]:
            yield f'    "{row["quote"]}"'
        if row["when"] != "always":
            yield f"    when {row['when']}"
        params = ", ".join(
            f"{name} {value} ({row['params_origin'][name]})" for name, value in row["params"].items()
        )
        yield f"    {row['check']}{': ' if params else ''}{params}"


def _merged_row(rule: MergedRule) -> dict[str, Any]:
    return {
        "check": rule.check,
        "when": str(rule.when),
        "can_fail": rule.firm,
        "params": [_parameter_row(each) for each in rule.parameters],
        "rules": list(rule.rules),
    }


def _parameter_row(each: MergedParameter) -> dict[str, Any]:
    from provenance.policy.document.merge import parameter_text

    value = None if each.value is None else parameter_text(each.value)
    setting, stated = list(each.set_by), _stated(each.stated)
    return {"name": each.name, "value": value, "origin": each.origin, "set_by": setting, "stated": stated}


def _stated(stated: Sequence[Stated]) -> list[dict[str, str]]:
    from provenance.policy.document.merge import parameter_text

    return [{"rule": rule, "value": parameter_text(value)} for rule, value in stated]


def _merged_lines(merged: MergedPolicy) -> Iterator[str]:
    for rule in map(_merged_row, merged.rules):
        yield f"{rule['check']}: {', '.join(rule['rules'])}{'' if rule['can_fail'] else ' (warns)'}"
        if rule["when"] != "always":
            yield f"    when {rule['when']}"
        for each in rule["params"]:
            value = "contradicted" if each["value"] is None else each["value"]
            yield f"    {each['name']} {value} ({each['origin']}: {', '.join(each['set_by'])})"
    yield from (str(each) for each in merged.contradictions)
    yield from (f"undecided: {rule}: {why}" for rule, why in merged.undecided)
