"""Checks of the texts on screen, as they are read from the picture."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from post.values.claim import Verdict
from post.values.sights.text import SeenText, TextSight
from provenance.policy.check import Check, CheckOutcome, Parameters, PolicyInput, number, shown, text, texts
from provenance.policy.claims.judge import JudgedText, judge_texts
from provenance.policy.document.claims import OWN_TEXT, ApprovedText
from provenance.policy.document.references import FilmedTake

CONFIDENT = 90  # percent: what is read with less is for a person to say
SURE_DIGIT = 0.8  # of a digit, 0..1
WORDS = 0.72  # share of triplets of letters that a language knows: below, the letters form no words of one
SHORTEST_GARBLED = 6  # letters that can be told from a name
MOST_TOLD = 5  # texts that an outcome tells of
_WORST: tuple[Verdict, ...] = ("fail", "needs_human", "cannot_check", "pass")


@dataclass(frozen=True, slots=True)
class _Point:
    """What is wrong with one text."""

    verdict: Verdict
    said: str
    seen: SeenText


def _approved(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Requires every text on screen to be an approved one: letters as far as they can be read, numbers exactly."""
    required = "every text on screen is an approved one"
    sight = _sight(given, required)
    if isinstance(sight, CheckOutcome):
        return sight
    claims = given.references.claims
    if claims is None:
        found = f"nobody gave approved texts; on screen: {_listed(each.text for each in sight.seen)}"
        return CheckOutcome("needs_human" if _shown(sight) else "pass", found, required, _evidence(sight))
    confident = number(parameters, "confidence_percent", CONFIDENT) / 100
    unapproved: Verdict = "fail" if text(parameters, "unapproved", "needs_human") == "fail" else "needs_human"
    foreign = any(not _is_read(each.text, sight.scripts) for each in claims)
    points = [
        point
        for each in judge_texts(_shown(sight), claims)
        if (point := _approval(each, confident, given.at, "needs_human" if foreign else unapproved))
    ]
    return _outcome([*points, *_unread(sight)], sight, required, _told_of(claims))


def _told_of(claims: Sequence[ApprovedText]) -> str:
    """Returns how many texts are approved, and which of them count as such because the job shows them."""
    own = [each for each in claims if each.source == OWN_TEXT]
    by = ", ".join(dict.fromkeys(each.approved_by for each in own))
    words = _listed(repr(each.text) for each in own)
    said = (
        f"; {len(own)} of them are the job's own words, approved by {by} with the job: {words}" if own else ""
    )
    return f"{len(claims)} approved texts{said}"


def _approval(judged: JudgedText, confident: Fraction, day: str, unapproved: Verdict) -> _Point | None:
    seen, claim = judged.seen, judged.claim
    sure = seen.confidence >= confident
    if claim is None:
        return _Point(unapproved if sure else "needs_human", f"{seen.text!r} is not an approved text", seen)
    match judged.compared.kind:
        case "same":
            why = claim.out_of_date(day)
            verdict: Verdict = "fail" if day else "needs_human"
            return _Point(verdict, f"{seen.text!r} ({claim.id}): {why}", seen) if why else None
        case "number":
            certain = seen.digits >= SURE_DIGIT
            return _Point("fail" if certain else "needs_human", _altered(judged, "another number"), seen)
        case "words":
            return _Point("fail" if sure else "needs_human", _altered(judged, "other words"), seen)
        case _:
            return _Point("needs_human", _altered(judged, "a person must say whether it is the same"), seen)


def _altered(judged: JudgedText, how: str) -> str:
    claim = judged.claim.id if judged.claim else ""
    return f"{judged.seen.text!r} is {claim} with {how}: {judged.compared.why}" if claim else how


def _numbers(given: PolicyInput, _: Parameters) -> CheckOutcome:
    """Requires the digits, units and currencies of every text that resembles an approved one to be its own."""
    required = "digits, units and currencies are those of the approved texts"
    sight = _sight(given, required)
    if isinstance(sight, CheckOutcome):
        return sight
    if given.references.claims is None:
        return CheckOutcome("needs_human", "nobody gave approved texts", required, _evidence(sight))
    points = []
    for each in judge_texts(_shown(sight), given.references.claims):
        if each.compared.kind == "number":
            sure = each.seen.digits >= SURE_DIGIT
            points.append(
                _Point("fail" if sure else "needs_human", _altered(each, "another number"), each.seen)
            )
        elif each.compared.kind == "doubtful":
            points.append(_Point("needs_human", _altered(each, "a doubtful number"), each.seen))
    return _outcome([*points, *_unread(sight)], sight, required, _told_of(given.references.claims))


def _gibberish(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Looks for letters that form no words of a language, as generated pictures have them. What the film's job adds is
    known; of the rest, a take is asked about once."""
    required = "no garbled text in the picture"
    sight = _sight(given, required)
    if isinstance(sight, CheckOutcome):
        return sight
    verdict: Verdict = "fail" if text(parameters, "verdict", "needs_human") == "fail" else "needs_human"
    added = tuple(ApprovedText(str(at), each) for at, each in enumerate(given.references.added))
    approved = judge_texts(_shown(sight), (*(given.references.claims or ()), *added))
    points = []
    for each in approved:
        letters = sum(one.isalpha() for one in each.seen.text)
        if each.claim is None and letters >= SHORTEST_GARBLED and each.seen.words < WORDS:
            sure = each.seen.confidence >= CONFIDENT / 100
            said = f"{each.seen.text!r} is no words of a language that is known here"
            points.append(_Point(verdict if sure else "needs_human", said, each.seen))
    points = _once_a_take([*points, *_unread(sight)], given.references.takes)
    return _outcome(points, sight, required, "words judged by triplets of letters")


def _once_a_take(points: Sequence[_Point], takes: Sequence[FilmedTake]) -> list[_Point]:
    """Returns the points, of the same take one: the worst, with how many more there are. takes: that the film shows."""
    by_take: dict[str, list[_Point]] = {}
    made = list[_Point]()
    for each in sorted(points, key=lambda each: _WORST.index(each.verdict)):
        name = next((take.name for take in takes if take.start <= each.seen.first < take.stop), "")
        if name:
            by_take.setdefault(name, []).append(each)
        else:
            made.append(each)
    for name, found in by_take.items():
        more = f", at {len(found)} places" if len(found) > 1 else ""
        made.append(replace(found[0], said=f"{found[0].said} (in the footage of take {name}{more})"))
    return made


def _reads(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Requires a line that a viewer can read: one of several texts, for long enough, early enough."""
    wanted, seconds = texts(parameters, "texts"), number(parameters, "seconds")
    by = number(parameters, "by_s") if "by_s" in parameters else None
    limit = f", first by {shown(by)} s" if by is not None else ""
    required = f"{' or '.join(map(repr, wanted)) or 'a line'} for {shown(seconds)} s{limit}"
    sight = _sight(given, required)
    if isinstance(sight, CheckOutcome):
        return sight
    lines = tuple(ApprovedText(str(at), each) for at, each in enumerate(wanted))
    judged = [each for each in judge_texts(_shown(sight), lines) if each.claim]
    exact = [each for each in judged if each.compared.kind == "same"]
    if exact:
        best = min(exact, key=lambda each: _lateness(each, seconds, by, sight) != "")
        late = _lateness(best, seconds, by, sight)
        return _read_outcome("fail" if late else "pass", best, required, sight, late)
    if judged:
        return _read_outcome("needs_human", judged[0], required, sight, judged[0].compared.why)
    return _not_read(wanted, sight, required)


def _not_read(wanted: Sequence[str], sight: TextSight, required: str) -> CheckOutcome:
    unknown = [each for each in wanted if not _is_read(each, sight.scripts)]
    if unknown or not wanted:
        found = f"the reader has not the script of {_listed(unknown)}" if wanted else "the rule names no line"
        return CheckOutcome("cannot_check", found, required, _evidence(sight))
    if sight.unread:
        return _outcome(_unread(sight), sight, required, "the line is not among what was read")
    return CheckOutcome("fail", "the line is not read", required, _evidence(sight))


def _lateness(judged: JudgedText, seconds: Fraction, by: Fraction | None, sight: TextSight) -> str:
    """Returns how a line comes too late or goes too early, or ""."""
    first = max(each.first for each in judged.lines)
    dwell = min(each.dwell for each in judged.lines)
    late = f"first seen at {shown(first)} s" if by is not None and first > by else ""
    short = f"seen for {shown(dwell)} s" if dwell < min(seconds, sight.length) else ""
    return " and ".join(filter(None, (late, short)))


def _read_outcome(
    verdict: Verdict, judged: JudgedText, required: str, sight: TextSight, why: str
) -> CheckOutcome:
    seen = judged.seen
    said = " / ".join(each.text for each in judged.lines)
    found = f"{said!r}, from {shown(seen.first)} s for {shown(seen.dwell)} s{f': {why}' if why else ''}"
    return CheckOutcome(verdict, found, required, _evidence(sight), seen.stretches, seen.box, seen.frame)


def _speech(given: PolicyInput, _: Parameters) -> CheckOutcome:
    """Lists what is said: a person compares it with what is approved."""
    said = given.references.speech
    found = _listed(said) if said else "no captions and no transcript were given: what is said must be heard"
    return CheckOutcome("needs_human", found, "a person compares what is said with the approved texts")


def _sight(given: PolicyInput, required: str) -> TextSight | CheckOutcome:
    """Returns what was read, or the outcome of a check that cannot read."""
    if given.look is None:
        return CheckOutcome("cannot_check", "nothing here reads the picture", required)
    sight = given.look.text()
    if sight.fault:
        return CheckOutcome("cannot_check", f"the picture cannot be read: {sight.fault}", required)
    return sight


def _shown(sight: TextSight) -> list[SeenText]:
    """Returns the texts that count: one letter alone is read in many things."""
    return [
        each
        for each in sight.seen
        if sum(map(str.isalnum, each.text)) > 1 or any(map(str.isdigit, each.text))
    ]


def _unread(sight: TextSight) -> list[_Point]:
    return [_Point("needs_human", "type that cannot be read: a person must", each) for each in sight.unread]


def _is_read(said: str, scripts: Sequence[str]) -> bool:
    """Returns whether the reader knows the script of a text."""
    names = {"Han": "CJK"}
    known = tuple(names.get(each, each.upper()) for each in scripts)
    return all(unicodedata.name(each, "").startswith(known) for each in said if each.isalpha())


def _outcome(points: Sequence[_Point], sight: TextSight, required: str, about: str) -> CheckOutcome:
    """Returns the worst of the points, and tells of all that are as bad."""
    evidence = f"{_evidence(sight)}; {about}"
    if not points:
        return CheckOutcome("pass", f"{len(sight.seen)} texts on screen", required, evidence)
    worst = min((each.verdict for each in points), key=_WORST.index)
    told = [each for each in points if each.verdict == worst]
    first = told[0].seen
    at = tuple(sorted({stretch for each in told[:MOST_TOLD] for stretch in each.seen.stretches}))
    return CheckOutcome(
        worst, _listed(each.said for each in told), required, evidence, at, first.box, first.frame
    )


def _listed(said: Iterable[str]) -> str:
    each = list(dict.fromkeys(said))
    more = f"; and {len(each) - MOST_TOLD} more" if len(each) > MOST_TOLD else ""
    return "; ".join(each[:MOST_TOLD]) + more


def _evidence(sight: TextSight) -> str:
    return f"{sight.frames} frames read, {shown(sight.step)} s apart: what is shown for less may be missed"


CHECKS: Mapping[str, Check] = {
    "text.approved": Check(
        _approved,
        {"unapproved": str, "confidence_percent": Fraction},
        {"unapproved": ("needs_human", "fail")},
    ),
    "text.numbers": Check(_numbers),
    "text.gibberish": Check(_gibberish, {"verdict": str}, {"verdict": ("needs_human", "fail")}),
    "text.reads": Check(_reads, {"texts": tuple, "seconds": Fraction, "by_s": Fraction}),
    "speech.listed": Check(_speech),
}
