"""The command check: what policies ask of a finished film, or of a job before its films are made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from post.cli.commands.verify import FactsFile, FontFile, PolicyNames, read_facts, read_trust
from post.cli.environment import read_environment
from post.cli.options import AsJson, JUnitTo, StoreAt
from post.cli.output import print_result
from post.cli.stores import command_settings
from post.cli.text.warning_text import wrapped
from post.cli.unattended.junit import write_junit
from post.cli.unattended.results import checked_cases
from post.cli.unattended.sarif import write_sarif
from post.errors import JobError

if TYPE_CHECKING:
    from post.api.checked import CheckReport
    from post.api.checking import CheckRequest
    from post.cli.guardrails.evidence import EvidenceKeeper
    from provenance.trust.lists import Anchors

JOBS = (".yaml", ".yml")
_LINE = re.compile(r":\d+$")
_LOUD = {"fail": "FAIL", "cannot_check": "CANNOT CHECK", "needs_human": "NEEDS HUMAN"}
WaiversFile = typer.Option(None, "--waivers", help="A YAML file of further waivers.")
SarifTo = typer.Option(None, "--sarif", metavar="FILE", help="Also write the result as SARIF 2.1.0.")
EvidenceTo = typer.Option(
    None,
    "--evidence",
    metavar="DIR",
    help="Write the part of the frame that each rule is about, as PNG, and flashes frame by frame, as CSV and JSON.",
)


def add_to(app: typer.Typer) -> None:
    """Adds the command of this module to the app."""
    app.command("check")(check)


def check(
    target: Path = typer.Argument(metavar="JOB|FILE", help="A job file (.yaml), or a finished film."),
    policy: list[str] = PolicyNames,
    facts: Path | None = FactsFile,
    waivers: Path | None = WaiversFile,
    font: list[Path] = FontFile,
    films: Path | None = typer.Option(
        None, "--films", metavar="DIR", help="With a job: check its finished films in this folder too."
    ),
    trust: list[Path] = typer.Option(
        [], "--trust", help="A PEM file of certificates to trust, in place of your trust lists."
    ),
    report: Path | None = typer.Option(None, "--report", help="Write a page (HTML) for a reviewer."),
    evidence: Path | None = EvidenceTo,
    junit: Path | None = JUnitTo,
    sarif: Path | None = SarifTo,
    store: str | None = StoreAt,
    as_json: bool = AsJson,
) -> None:
    """Check a finished film, or a job, against policies: what is seen, heard and written, rule by rule."""
    from post.cli.guardrails.evidence import EvidenceKeeper

    asked, keeper = _request(policy, facts, waivers, font), EvidenceKeeper(evidence, report is not None)
    anchors = read_trust(trust, [])
    if target.suffix.lower() in JOBS:
        checked = _check_job(target, asked, films, store, (anchors, keeper))
    elif films is not None:
        raise JobError("--films goes with a job", where=str(target), fix="name the job, or leave --films out")
    else:
        checked = _check_film(target, asked, anchors, keeper)
    data = keeper.named(checked.plain())
    if report:
        keeper.write_page(report, target.name, checked)
    if junit:
        write_junit(junit, checked_cases(data))
    if sarif:
        write_sarif(sarif, data)
    print_result(data, as_json, list(_lines(data)))
    raise typer.Exit(checked.exit_code)


def _request(
    policies: list[str], facts: Path | None, waivers: Path | None, fonts: list[Path]
) -> CheckRequest:
    from post.api.checking import CheckRequest
    from provenance.policy.document.waivers import load_waivers

    (declared, granted), others = read_facts(facts), load_waivers(waivers) if waivers else ()
    return CheckRequest(tuple(policies), declared, (*granted, *others), tuple(fonts))


def _check_film(
    file: Path, asked: CheckRequest, anchors: tuple[Anchors, ...], keeper: EvidenceKeeper
) -> CheckReport:
    from post.api.checking import check_films
    from post.engine import WorkerPool

    with WorkerPool(1) as pool:
        return check_films([(file, asked)], anchors, pool, keeper.keep)


def _check_job(
    job: Path,
    asked: CheckRequest,
    films: Path | None,
    store: str | None,
    by: tuple[tuple[Anchors, ...], EvidenceKeeper],
) -> CheckReport:
    """Checks a job, and its finished films in a folder. Raises what planning does where the job is wrong."""
    from post.api.briefs import brief_rows
    from post.api.checked import CheckReport
    from post.api.checking import (
        check_films,
        check_versions,
        finished_films,
        job_rows,
        of_job,
        signing_rows,
    )
    from post.api.plans import plan_in
    from post.engine import WorkerPool

    settings, (anchors, keeper) = command_settings(store), by
    with WorkerPool(1) as pool:
        planned = plan_in(pool, job, settings)
        versions = planned.versions
        signing = signing_rows(versions, job, settings)
        wanted = of_job(asked, versions[0].sources.job)
        brief = brief_rows(
            versions, pool, planned.store, wanted.facts, films=films is not None, waivers=wanted.waivers
        )
        keeper.keep_rows(job, brief, pool.call)
        if films is None:
            return check_versions(versions, job, asked).with_rows([*signing, *brief])
        found, missing = finished_films(versions, films, asked)
        rows = [*job_rows(versions, job), *signing, *brief, *missing]
        return CheckReport(tuple(rows)).joined([check_films(found, anchors, pool, keeper.keep)])


def _lines(data: dict[str, Any]) -> Iterator[str]:
    """Yields what a person reads: a line for each rule, with what was measured where it did not pass, then the sum."""
    columns, group = read_environment().columns, None
    for row in data["checks"]:
        here = (row["film"] or _LINE.sub("", row["where"]), row["policy"])
        if row["policy"] and here != group:
            group = here
            yield f"{here[0]}: {row['policy']}"
        verdict = _LOUD.get(row["verdict"], row["verdict"])
        measured = f"measured {row['measured']}; " if row["measured"] else ""
        said = f"{measured}required {row['threshold']}" if row["threshold"] else row["evidence"]
        at = f" at {row['at_s']:.2f} s" if row["at_s"] is not None and row["verdict"] != "pass" else ""
        why = f"{at}: {said}" if row["verdict"] != "pass" and said else ""
        yield from wrapped(f"{verdict:14} {row['id']}{why}", columns, 15)
    yield from (line for note in data["notes"] for line in wrapped(note, columns, 2))
    yield data["summary"]
