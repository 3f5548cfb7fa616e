"""Checks a finished film, or a job, by policies: for `answerprint check`, for agents, and as `post.check_film`.

A film is checked by what is measured in its file; a job by its warnings, and by what of its policies can be said before
a film is made. Films of the job that are finished already are checked with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from post.api.briefs import brief_identity, brief_profile
from post.api.checked import CheckReport, CheckRow
from post.api.looking import policy_file
from post.api.settings import Settings
from post.api.stores import read_anchors
from post.values.claim import Ruling, Verdict

if TYPE_CHECKING:
    from post.engine import InProcess, WorkerPool
    from post.job.brief.model import MotionBrief
    from post.job.model import Job
    from post.qc.look import WorkerLook
    from post.values import Rendition
    from post.versions.planned import PlannedVersion
    from provenance.policy import AskedProfile, Profile
    from provenance.policy.document.policy import Policy
    from provenance.policy.document.waivers import Waiver
    from provenance.trust.lists import Anchors
    from provenance.verify import Verified, VerifyOptions

# What a film is checked by where nobody names a policy, and the film names none.
USUAL_POLICY = "house-default"
TOOLS = ("answerprint", "av", "numpy", "opencv-python-headless", "c2pa-python", "cryptography")
MOST_NAMED, _SHOWN = 5, 80  # policies of a manifest that are told of, and letters of each


@dataclass(frozen=True)
class CheckRequest:
    """How to check.

    policies: names of those that ship, or files; facts: what a named person declares, by its name
    (`provenance.policy.load_facts` reads a file); waivers: by which a person lets a film pass without a rule; fonts:
    for letters of labels that Inter lacks; profiles: policies that were read already, such as a job's; brief: a motion
    brief, whose rules about finished films are checked too; beside_copy: words of labels and captions, which the
    brief's copy need not hold.
    """

    policies: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()
    fonts: tuple[Path, ...] = ()
    profiles: tuple[Profile, ...] = ()
    brief: MotionBrief | None = None
    beside_copy: tuple[str, ...] = ()


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
        return check_looked(Path(file), look, wanted, lists)


def check_looked(
    file: Path,
    look: WorkerLook,
    asked: CheckRequest,
    anchors: Sequence[Anchors],
    options: VerifyOptions | None = None,
) -> CheckReport:
    """Checks a film through a look at it, which whoever asks can go on using. options: how its credentials are
    verified, None for as usual. Returns and raises what `check_film` does."""
    from provenance.policy.document.facts import as_facts
    from provenance.verify import VerifyOptions, examine
    from provenance.verify.policies import UNUSED_WAIVER, judge_policies

    found = examine(file, anchors, options=options or VerifyOptions())
    own, unknown = _named_in(found)
    profiles, notes = choose_policies(asked, own)
    every: list[AskedProfile] = [*profiles]
    every += [brief_profile(asked.brief, file, look, asked.beside_copy)] if asked.brief else []
    report = judge_policies(found.report, found.reading, every, asked.facts, look, asked.waivers)
    rows = tuple(
        CheckRow(ruling, f"{result.profile} {result.version}", str(file))
        for result in report.policies
        for ruling in result.rulings
    )
    if unknown and not (asked.policies or asked.profiles):
        why = "the film says that it was made for a policy that does not ship: name its file with --policy"
        rows += (CheckRow(Ruling("policy", "cannot_check", unknown, evidence=why), film=str(file)),)
    notes += tuple(each.why for each in report.findings if each.code == UNUSED_WAIVER)
    if report.integrity in ("tampered", "unreadable"):
        notes += (f"the film's manifest is {report.integrity}: `answerprint verify` says where",)
    declared = as_facts(asked.facts).declared
    policies = *_identities(profiles), *brief_identity(asked.brief)
    return CheckReport(rows, (report,), policies, notes, declared, tool_versions())


def choose_policies(asked: CheckRequest, own: Sequence[str] = ()) -> tuple[list[Profile], tuple[str, ...]]:
    """Returns the policies to check by, and what to know of the choice. own: names of those that the film was made for,
    which count where none is asked for. Raises JobError for a policy that does not exist."""
    from provenance.policy import load

    notes: tuple[str, ...] = ()
    names = tuple(dict.fromkeys(asked.policies or (() if asked.profiles else own)))
    if not names and not asked.profiles:
        names, notes = (USUAL_POLICY,), (f"no policy was named: checked by {USUAL_POLICY} alone",)
    elif not asked.policies and not asked.profiles:
        notes = (f"checked by the policies that the film names: {', '.join(names)}",)
    return [*(load(policy_file(name, "--policy")) for name in names), *asked.profiles], notes


def _named_in(found: Verified) -> tuple[tuple[str, ...], str]:
    """Returns the policies that a film's manifest says it was made for: those that ship, and the others in words, ""
    for none. The manifest may hold anything."""
    from provenance.claim.build import RECEIPT_LABEL
    from provenance.crjson.manifest import ManifestView

    manifests = found.reading.manifests
    named = ManifestView(manifests[0]).assertion(RECEIPT_LABEL).get("policies") if manifests else None
    shipped = {path.stem for path in policy_file(USUAL_POLICY, "").parent.glob("*.yaml")}
    names = [each for each in named if isinstance(each, str)] if isinstance(named, list | tuple) else []
    others = [each[:_SHOWN] for each in names if each not in shipped]
    more = f" and {len(others) - MOST_NAMED} more" if len(others) > MOST_NAMED else ""
    return tuple(each for each in names if each in shipped), ", ".join(others[:MOST_NAMED]) + more


def of_job(asked: CheckRequest, job: Job) -> CheckRequest:
    """Returns a request with what a job says itself: its policies where none is named, its facts and what its films are
    compared with below those that were given, the words that it shows itself where a person approves them, its waivers
    and its brief. Raises what `choose_policies` does."""
    from post.api.of_job.own_text import beside_copy, own_claims
    from post.disclosure.compile import facts_of
    from provenance.policy.document.facts import as_facts

    own, given = job.disclosure, as_facts(asked.facts)
    others = (each for each in facts_of(own).declared if each.name not in given)
    references = given.references.over(own.facts.references)
    if words := own_claims(job):
        references = replace(references, claims=(*(references.claims or ()), *words))
    facts = replace(given, declared=(*given.declared, *others), references=references)
    profiles = () if asked.policies else tuple(map(_profile_of, own.policies))
    waivers = (*asked.waivers, *own.waivers)
    return replace(
        asked,
        facts=facts,
        waivers=waivers,
        profiles=profiles,
        brief=job.motion_brief,
        beside_copy=beside_copy(job),
    )


@lru_cache(maxsize=64)
def _profile_of(policy: Policy) -> Profile:
    """Returns a job's policy, read anew with the checks at hand: a job does not know the parameters that they take.
    Versions of a job mostly have the same."""
    from provenance.policy import load

    if policy.path is None:
        raise ValueError(f"{policy.name} was read from no file")
    return load(policy.path)


def check_versions(versions: Sequence[PlannedVersion], job: Path, asked: CheckRequest) -> CheckReport:
    """Checks a job before its films are made: its warnings, and which rules of its policies apply."""
    from provenance.policy.document.facts import as_facts

    rows, policies = job_rows(versions, job), list[tuple[str, str, str]]()
    for planned in versions:
        wanted = of_job(asked, planned.sources.job)
        if not (wanted.policies or wanted.profiles):
            continue
        profiles, _ = choose_policies(wanted)
        policies += _identities(profiles)
        facts = as_facts(wanted.facts)
        day = facts.day(datetime.now(UTC).date().isoformat())
        results = [profile.before_film(facts, day) for profile in profiles]
        rows += [
            CheckRow(ruling, f"{result.profile} {result.version}", where=str(job))
            for result in results
            for ruling in result.rulings
        ]
    notes = ("rules are checked on finished films: name their folder with --films",) if policies else ()
    return CheckReport(tuple(dict.fromkeys(rows)), (), tuple(dict.fromkeys(policies)), notes)


def job_rows(versions: Sequence[PlannedVersion], job: Path) -> list[CheckRow]:
    """Returns a row for each warning of a job that can be read, and one that says that it can."""
    rows = [
        _row(each.code, "waived" if each.allowed else "warn", each.where, str(each), each.got)
        for planned in versions
        for each in planned.plan.warnings
    ]
    rows.append(_row("job", "pass", str(job), "every value is right, and every clip can be read"))
    return list(dict.fromkeys(rows))


def signing_rows(versions: Sequence[PlannedVersion], job: Path, settings: Settings) -> list[CheckRow]:
    """Returns whether the films of a job could be signed: its key is opened for that."""
    from post.api.finishing import no_note
    from post.api.refusals import find_refusals

    faults = find_refusals(versions, None, settings, no_note)
    rows = [_row("signing", "fail", fault.where or str(job), str(fault)) for fault in faults]
    return rows or [_row("signing", "pass", str(job), "the key opens, and its certificates hold")]


def finished_films(
    versions: Sequence[PlannedVersion], folder: Path, asked: CheckRequest
) -> tuple[list[tuple[Path, CheckRequest]], list[CheckRow]]:
    """Returns the finished films of a job that lie in a folder, each with how to check it, and a row for each film that
    does not."""
    found, missing = list[tuple[Path, CheckRequest]](), list[CheckRow]()
    for planned in versions:
        job = planned.sources.job
        wanted = of_job(asked, job)
        for rendition in planned.plan.renditions:
            place = folder / f"{rendition.name}.{rendition.container}"
            if place.is_file():
                found.append((place, with_plan(wanted, job, rendition)))
            else:
                why = f"the film {place.name} is not in {folder}"
                missing.append(_row("film", "cannot_check", str(place), why))
    return found, missing


def with_plan(asked: CheckRequest, job: Job, film: Rendition) -> CheckRequest:
    """Returns a request that knows what a job adds to a film, and what the film shows."""
    from post.api.of_job.footage import with_film
    from provenance.policy.document.facts import as_facts

    facts = as_facts(asked.facts)
    return replace(asked, facts=replace(facts, references=with_film(facts.references, job, film)))


def check_films(
    films: Sequence[tuple[Path, CheckRequest]],
    anchors: Sequence[Anchors],
    pool: WorkerPool | InProcess,
    each: Callable[[Path, WorkerLook, CheckReport], object] | None = None,
) -> CheckReport:
    """Checks several films, one after the other. each: is told of every film while it can still be looked at."""
    from post.qc.look import WorkerLook

    reports = list[CheckReport]()
    for file, asked in films:
        with WorkerLook(file, asked.fonts, pool) as look:
            reports.append(check_looked(file, look, asked, anchors))
            if each:
                each(file, look, reports[-1])
    return CheckReport(()).joined(reports)


def tool_versions() -> tuple[tuple[str, str], ...]:
    """Returns the names and releases of what measures and judges."""
    return tuple((name, _version(name)) for name in TOOLS)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _identities(profiles: Sequence[Profile]) -> tuple[tuple[str, str, str], ...]:
    return tuple((each.name, each.version, each.sha256) for each in profiles)


def _row(name: str, verdict: Verdict, where: str, evidence: str, measured: str = "") -> CheckRow:
    return CheckRow(Ruling(name, verdict, measured, evidence=evidence), where=where)
