"""Says what the rules of a brief came to: on a take, on the cut of a job, on a finished film.

A rule without a check is a question; a person answers it by a fact named after it: `brief.RULE: {value: true, by: NAME,
at: DAY}`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from post.brief.checks import (
    CUT_JUDGES,
    FILM_JUDGES,
    FOOTAGE_JUDGES,
    OPENING_JUDGES,
    TAKE_JUDGES,
    FootageJudge,
)
from post.brief.checks.film import FilmShown
from post.brief.cut import CutShown
from post.brief.footage import Footage
from post.brief.found import WORST, blind, worst
from post.brief.waived import GivenWaivers, waive
from post.job.brief.model import PROFILE, BriefRule, MotionBrief
from post.job.brief.schema import first_words
from post.values.claim import Ruling, Stretch, Verdict
from provenance.policy.check import CheckOutcome
from provenance.policy.document.facts import Facts, as_facts
from provenance.report import PolicyResult

LATER = "checked on the finished film: name its folder with --films"
FORCES = {"rules": "rule", "non_negotiables": "non-negotiable", "visual_rules": "visual rule"}
NO_WAIVERS = GivenWaivers()
ANSWER = "brief."  # what the name of a fact begins with that answers a rule


@dataclass(frozen=True, slots=True)
class BriefRow:
    """What a rule came to. shows: the file that the ruling's frame is of, None where it has none."""

    ruling: Ruling
    shows: Path | None = None


def brief_version(brief: MotionBrief) -> str:
    """Returns what tells one brief from another: the beginning of its digest."""
    return brief.sha256[:12]


def take_rulings(brief: MotionBrief, take: Footage) -> tuple[Ruling, ...]:
    """Returns what the rules about takes came to on a whole take, those for its beat, in the brief's order."""
    made = list[Ruling]()
    for rule in brief.rules:
        judge = _of_footage(rule)
        if judge is None or (rule.beats and take.beat not in rule.beats):
            continue
        made.append(_ruling(rule, judge(rule.check, take)))
    return tuple(made)


def cut_rows(
    cut: CutShown, facts: Mapping[str, Any], *, films: bool = False, given: GivenWaivers = NO_WAIVERS
) -> list[BriefRow]:
    """Returns what the rules came to on a cut before its film is made. facts: what named persons declare; films: its
    finished films are checked too, and questions are asked of them; given: waivers, which count where they hold for
    each of its deliverables."""
    answers, names = as_facts(facts), [film.name for film in cut.own]
    return [
        replace(row, ruling=waive(row.ruling, rule, given, names))
        for rule in cut.brief.rules
        for row in _cut_row(rule, cut, answers, films=films)
    ]


def _cut_row(rule: BriefRule, cut: CutShown, answers: Facts, *, films: bool) -> Iterator[BriefRow]:
    if rule.check is None:
        if not films:
            yield BriefRow(_answered(_question(rule), rule, answers))
        return
    outcomes = list[tuple[Path | None, CheckOutcome]]()
    if judge := CUT_JUDGES.get(type(rule.check)):
        outcomes.append((None, judge(rule.check, cut)))
    outcomes += list(_shot_outcomes(rule, cut))
    if not outcomes:
        of_films = _is_of_films(rule)
        if not (films and of_films):
            unseen = (
                "no shot of the cut is for its beats" if rule.beats else "no shot of the cut shows a take"
            )
            why = LATER if of_films else unseen
            yield BriefRow(_ruling(rule, CheckOutcome("not_applicable", "", "", why)))
        return
    told = worst([outcome for _, outcome in outcomes])
    verdict = min((outcome.verdict for _, outcome in outcomes), key=WORST.index)
    shows = next((path for path, each in outcomes if each.verdict == verdict and path), None)
    if told.frame is None:
        shows = None
    yield BriefRow(_answered(_ruling(rule, told), rule, answers), shows)


def _shot_outcomes(rule: BriefRule, cut: CutShown) -> Iterator[tuple[Path | None, CheckOutcome]]:
    """Yields what a rule came to in each shot that it is about, with the file of its take."""
    judge = _of_footage(rule)
    opening = OPENING_JUDGES.get(type(rule.check)) if rule.check else None
    clock = cut.film.format.clock
    for number, (shot, footage) in enumerate(zip(cut.film.shots, cut.footage, strict=True)):
        use = judge or (opening if number == 0 else None)
        if use is None or cut.is_made(shot) or (rule.beats and cut.beat(shot) not in rule.beats):
            continue
        where = (clock.seconds(shot.span.first), clock.seconds(shot.span.stop))
        if footage is None:
            yield None, replace(blind(f"the take of shot {shot.name}", ""), at=(where,))
            continue
        yield footage.path, _in_film(use(rule.check, footage), footage, where)


def _in_film(outcome: CheckOutcome, footage: Footage, where: Stretch) -> CheckOutcome:
    """Returns what was found in a shot, told by the film's time, and by the take's in words."""
    if outcome.verdict in ("pass", "not_applicable"):
        return replace(outcome, found=f"{footage.name}: {outcome.found}", at=(where,))
    of_take = "".join(
        f"; {float(start):.2f} to {float(stop):.2f} s of the take" for start, stop in outcome.at[:3]
    )
    found = f"{footage.name}: {outcome.found}{of_take}"
    return replace(outcome, found=found, at=(where,))


def film_result(film: FilmShown) -> PolicyResult:
    """Returns what the rules came to on a finished film, as a policy's result. Rules about takes and the cut alone, and
    those that measure the takes of some beats, are not among them."""
    answers = as_facts(film.given.facts)
    given = GivenWaivers(film.given.waivers, film.given.at)
    rulings = [
        waive(_answered(_film_ruling(rule, film), rule, answers), rule, given, [film.given.film])
        for rule in film.brief.rules
        if _is_of_films(rule)
    ]
    return PolicyResult(PROFILE, brief_version(film.brief), tuple(rulings), film.brief.sha256)


def _is_of_films(rule: BriefRule) -> bool:
    """Returns whether a rule is asked of finished films. A question about some beats is: their takes are in the
    film."""
    if rule.check is None:
        return True
    kind = type(rule.check)
    return not rule.beats and (kind in FILM_JUDGES or kind in FOOTAGE_JUDGES or kind in OPENING_JUDGES)


def _film_ruling(rule: BriefRule, film: FilmShown) -> Ruling:
    if rule.check is None:
        return _question(rule)
    kind = type(rule.check)
    if kind in FILM_JUDGES:
        return _ruling(rule, FILM_JUDGES[kind](rule.check, film))
    judge = FOOTAGE_JUDGES.get(kind) or OPENING_JUDGES[kind]
    return _ruling(rule, judge(rule.check, film.footage) if film.footage else blind(film.fault, ""))


def _of_footage(rule: BriefRule) -> FootageJudge | None:
    if rule.check is None:
        return None
    return FOOTAGE_JUDGES.get(type(rule.check)) or TAKE_JUDGES.get(type(rule.check))


def _question(rule: BriefRule) -> Ruling:
    why = f"a person must say, by the fact {ANSWER}{rule.id}: {rule.says}"
    return _ruling(rule, CheckOutcome("needs_human", "", "", why))


def _answered(ruling: Ruling, rule: BriefRule, answers: Facts) -> Ruling:
    """Returns the ruling as a named person answers it, where it needs one and somebody did."""
    fact = answers.fact(f"{ANSWER}{rule.id}")
    if ruling.verdict != "needs_human" or fact is None:
        return ruling
    if not isinstance(fact.value, bool) or not fact.by:
        why = "its answer is true or false, by a named person"
        return replace(ruling, evidence=f"{ruling.evidence}; {fact}: {why}")
    verdict: Verdict = "pass" if fact.value else "fail"
    told = "; ".join(filter(None, (str(fact), ruling.evidence)))
    return replace(ruling, verdict=verdict, evidence=told)


def _ruling(rule: BriefRule, outcome: CheckOutcome) -> Ruling:
    said = rule.says or (first_words(type(rule.check)) if rule.check else "")
    return Ruling(
        rule.id, outcome.verdict, outcome.found, outcome.required, f"{PROFILE} {rule.id}", outcome.evidence,
        outcome.at, outcome.box, outcome.frame, rule.where, FORCES[rule.kind], says=said,
    )  # fmt: skip
