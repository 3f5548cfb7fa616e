"""Checks a finished film, or a job, by policies: for `answerprint check`, for agents, and as `post.check_film`.

A film is checked by what is measured in its file; a job by its warnings, and by what of its policies can be said before
a film is made. Films of the job that are finished already are checked with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from post.api.checked import CheckReport, CheckRow
from post.api.looking import policy_file
from post.api.settings import Settings
from post.api.stores import read_anchors
from post.values.claim import Ruling, Verdict

if TYPE_CHECKING:
    from post.engine import InProcess, WorkerPool
    from post.qc.look import WorkerLook
    from post.versions.planned import PlannedVersion
    from provenance.policy import Profile
    from provenance.policy.document.waivers import Waiver
    from provenance.trust.lists import Anchors
    from provenance.verify import Verified, VerifyOptions

# What a film is checked by where nobody names a policy, and the film names none.
USUAL_POLICY = "house-default"
TOOLS = ("answerprint", "av", "numpy", "opencv-python-headless", "c2pa-python", "cryptography")
FILM_ENDINGS = (".mp4", ".mov", ".m4v", ".mkv", ".webm", ".mxf")


@dataclass(frozen=True)
class CheckRequest:
    """How to check.

    policies: names of those that ship, or files; facts: what a named person declares, by its name
    (`provenance.policy.load_facts` reads a file); waivers: by which a person lets a film pass without a rule; fonts:
    for letters of labels that Inter lacks.
    """

    policies: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()
    fonts: tuple[Path, ...] = ()


def check_film(
    file: Path | str,
    asked: CheckRequest | None = None,
    settings: Settings | None = None,
    *,
    anchors: Sequence[Anchors] | None = None,
    pool: WorkerPool | InProcess | None = None,
) -> CheckReport:
    """Checks a finished film by policies, on what is seen, heard and written in its file.

    asked: by which policies, with which facts and waivers; None for the policies that the film names. anchors: trust
    lists in place of this user's; pool: whose worker opens the film, None for one that ends with it. Raises SourceError
    where the file is missing or no media, JobError for a policy that does not exist.
    """
    from post.qc.look import WorkerLook

    wanted = asked or CheckRequest()
    with WorkerLook(Path(file), wanted.fonts, pool) as look:
        lists = read_anchors((settings or Settings()).config) if anchors is None else anchors
        return check_looked(Path(file), look, wanted, lists)[0]


def check_looked(
    file: Path,
    look: WorkerLook,
    asked: CheckRequest,
    anchors: Sequence[Anchors],
    options: VerifyOptions | None = None,
) -> tuple[CheckReport, Verified]:
    """Checks a film through a look at it, which whoever asks can go on using. Returns what `check_film` does, and what
    verifying the film found."""
    from provenance.policy.document.facts import as_facts
    from provenance.verify import VerifyOptions, examine
    from provenance.verify.policies import UNUSED_WAIVER, judge_policies

    found = examine(file, anchors, options=options or VerifyOptions())
    profiles, notes = choose_policies(asked.policies, _named_in(found))
    report = judge_policies(found.report, found.reading, profiles, asked.facts, look, asked.waivers)
    rows = tuple(
        CheckRow(ruling, f"{result.profile} {result.version}", str(file))
        for result in report.policies
        for ruling in result.rulings
    )
    notes += tuple(each.why for each in report.findings if each.code == UNUSED_WAIVER)
    declared = as_facts(asked.facts).declared
    checked = CheckReport(rows, (report,), _identities(profiles), notes, declared, tool_versions())
    return checked, type(found)(report, found.reading)


def choose_policies(named: Sequence[str], own: Sequence[str] = ()) -> tuple[list[Profile], tuple[str, ...]]:
    """Returns the policies to check by, and what to know of the choice. named: those that the user names; own: those
    that the film or the job names. Raises JobError for a policy that does not exist."""
    from provenance.policy import load

    notes: tuple[str, ...] = ()
    names = tuple(dict.fromkeys(named or own))
    if not names:
        names, notes = (USUAL_POLICY,), (f"no policy was named: checked by {USUAL_POLICY} alone",)
    elif not named:
        notes = (f"checked by the policies that the film names: {', '.join(names)}",)
    return [load(policy_file(name, "--policy")) for name in names], notes


def _named_in(found: Verified) -> tuple[str, ...]:
    """Returns the policies that a film's manifest says it was made for, of those that ship."""
    from provenance.claim.build import RECEIPT_LABEL
    from provenance.crjson.manifest import ManifestView

    manifests = found.reading.manifests
    named = ManifestView(manifests[0]).assertion(RECEIPT_LABEL).get("policies") if manifests else None
    shipped = {path.stem for path in policy_file(USUAL_POLICY, "").parent.glob("*.yaml")}
    return tuple(each for each in named if each in shipped) if isinstance(named, list | tuple) else ()


def check_versions(
    versions: Sequence[PlannedVersion], job: Path, asked: CheckRequest, day: str = "", *, films: bool = False
) -> CheckReport:
    """Checks a job before its films are made: its warnings, its brief, and which rules of its policies apply.

    day: to judge as of (ISO 8601); films: whether its finished films are checked beside, so that the rules are theirs.
    """
    rows = job_rows(versions, job)
    if films or not asked.policies:
        return CheckReport(tuple(rows))
    from provenance.policy.document.facts import as_facts

    profiles, _ = choose_policies(asked.policies)
    facts = as_facts(asked.facts)
    results = [profile.before_film(facts, facts.day(day)) for profile in profiles]
    rows += [
        CheckRow(ruling, f"{result.profile} {result.version}", where=str(job))
        for result in results
        for ruling in result.rulings
    ]
    note = "rules are checked on finished films: name their folder with --films"
    return CheckReport(tuple(rows), (), _identities(profiles), (note,), facts.declared)


def job_rows(versions: Sequence[PlannedVersion], job: Path) -> list[CheckRow]:
    """Returns a row for each warning of a job that can be read, one that says that it can, and one for its brief."""
    rows = [
        _row(each.code, "waived" if each.allowed else "warn", each.where, str(each), each.got)
        for planned in versions
        for each in planned.plan.warnings
    ]
    rows.append(_row("job", "pass", str(job), "every value is right, and every clip can be read"))
    if any(planned.sources.job.brief for planned in versions):
        rows.append(_row("brief", "cannot_check", str(job), "no rule of the brief is checked yet"))
    return list(dict.fromkeys(rows))


def signing_rows(versions: Sequence[PlannedVersion], job: Path, settings: Settings) -> list[CheckRow]:
    """Returns whether the films of a job could be signed: its key is opened for that."""
    from post.api.finishing import no_note
    from post.api.refusals import find_refusals

    faults = find_refusals(versions, None, settings, no_note)
    rows = [_row("signing", "fail", fault.where or str(job), str(fault)) for fault in faults]
    return rows or [_row("signing", "pass", str(job), "the key opens, and its certificates hold")]


def finished_films(versions: Sequence[PlannedVersion], folder: Path) -> tuple[list[Path], list[CheckRow]]:
    """Returns the finished films of a job that lie in a folder, and a row for each that does not."""
    found, missing = list[Path](), list[CheckRow]()
    for rendition in (each for planned in versions for each in planned.plan.renditions):
        place = next((path for path in _places(folder, rendition.name) if path.is_file()), None)
        if place:
            found.append(place)
        else:
            why = f"the film {rendition.name} is not in {folder}"
            missing.append(_row("film", "cannot_check", str(folder), why))
    return found, missing


def check_films(
    files: Sequence[Path],
    asked: CheckRequest,
    anchors: Sequence[Anchors],
    pool: WorkerPool | InProcess,
    each: Callable[[Path, WorkerLook, CheckReport, Verified], object] | None = None,
) -> CheckReport:
    """Checks several films, one after the other. each: is told of every film while it can still be looked at."""
    from post.qc.look import WorkerLook

    reports = list[CheckReport]()
    for file in files:
        with WorkerLook(file, asked.fonts, pool) as look:
            checked, found = check_looked(file, look, asked, anchors)
            reports.append(checked)
            if each:
                each(file, look, checked, found)
    return CheckReport(()).joined(reports)


def tool_versions() -> tuple[tuple[str, str], ...]:
    """Returns the names and releases of what measures and judges."""
    return tuple((name, _version(name)) for name in TOOLS)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _places(folder: Path, name: str) -> list[Path]:
    return [folder / f"{name}{ending}" for ending in FILM_ENDINGS]


def _identities(profiles: Sequence[Profile]) -> tuple[tuple[str, str, str], ...]:
    return tuple((each.name, each.version, each.sha256) for each in profiles)


def _row(name: str, verdict: Verdict, where: str, evidence: str, measured: str = "") -> CheckRow:
    return CheckRow(Ruling(name, verdict, measured, evidence=evidence), where=where)
