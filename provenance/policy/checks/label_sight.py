"""Finds the labels that a check is about among those that are seen in the picture, and judges them.

Each check asks whether one of the labels that it accepts meets it. Rules of one policy that accept the same texts speak
of one label: `Profile` judges them of the label that meets most of them. A text that only the manifest names is left to
a person, and so is one among other words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from post.values.claim import Box, Stretch, Verdict
from post.values.sights.label import LabelSight, SeenLabel
from provenance.policy.check import CheckOutcome, Parameters, PolicyInput, number, shown, texts

# Where a policy names no texts. Source: EU Code of Practice on marking and labelling (2026-06-10), the icons' texts.
TEXTS = ("AI GENERATED", "AI MODIFIED", "AI")
# Heights are measured in a coded picture: `python -m tests.bench.label` prints by how much they are off.
TOLERANCE = Fraction(1, 20)  # of the height and the contrast that are required
# What every check of a label takes. texts: those that it accepts; percent: lower ones do not count.
ACCEPTED: Mapping[str, type] = {"texts": tuple, "percent": Fraction}


@dataclass(frozen=True, slots=True)
class LabelJudgement:
    """What one label comes to. fault: what it lacks, "" for nothing; found: what was measured; at, box: where it shows,
    those of the label where they are not given; unknown: why nothing is known where nothing is lacking, "" where it
    is."""

    fault: str
    found: str
    at: tuple[Stretch, ...] = ()
    box: Box | None = None
    unknown: str = ""


Judge = Callable[[SeenLabel, LabelSight], LabelJudgement]


def look_for(given: PolicyInput, wanted: Sequence[str]) -> LabelSight:
    """Returns what is seen of labels, or of the one that is judged: one search for all texts that any policy asks for.

    Its fault says why there is none, also where nothing here looks at the picture.
    """
    if given.look is None:
        return LabelSight(fault="nothing here looks for labels in it")
    every = tuple(dict.fromkeys((*given.label_texts, *wanted)))
    sight = given.look.labels(every, tuple(filter(None, given.declared_labels)))
    if not given.label:
        return sight
    return replace(sight, seen=tuple(each for each in sight.seen if each.text == given.label))


def judge_labels(given: PolicyInput, parameters: Parameters, required: str, judge: Judge) -> CheckOutcome:
    """Returns the outcome of a check of one label: a pass where an accepted label meets it."""
    wanted = texts(parameters, "texts", TEXTS)
    sight = look_for(given, wanted)
    if sight.fault:
        return CheckOutcome("cannot_check", f"the picture cannot be searched: {sight.fault}", required)
    evidence = f"{sight.frames} frames, {shown(sight.step)} s apart at most, searched for {', '.join(wanted)}"
    least = number(parameters, "percent") * (1 - TOLERANCE)
    tall = [each for each in sight.seen if each.text_percent >= least]
    named = [each for each in tall if is_named(each, wanted) and each.alone]
    others = [each for each in tall if each not in named and (each.declared or is_named(each, wanted))]
    sorts: tuple[tuple[list[SeenLabel], Verdict], ...] = ((named, "pass"), (others, "needs_human"))
    for labels, verdict in sorts:
        judged = [(each, judge(each, sight)) for each in labels]
        good = next(((each, one) for each, one in judged if not one.fault), None)
        if good:
            found: Verdict = "cannot_check" if good[1].unknown else verdict
            return _outcome(found, *good, required, evidence)
    if missing := undrawn(sight, wanted):
        return CheckOutcome(
            "cannot_check", f"no font here has the letters of {missing}: give one", required, evidence
        )
    if short := next(iter(named or others), None):
        return _outcome("fail", short, judge(short, sight), required, evidence)
    low = f", {least_words(parameters)}" if sight.seen and least else ""
    return CheckOutcome("fail", f"no label is seen in the picture{low}", required, evidence)


def least_words(parameters: Parameters) -> str:
    """Returns what the least height of a label is, in words; "" where there is none."""
    percent = number(parameters, "percent")
    return f"{shown(percent)} % high or more" if percent else ""


def undrawn(sight: LabelSight, wanted: Sequence[str]) -> str:
    """Returns which of the wanted texts could not be searched for, as no font has their letters."""
    return ", ".join(each for each in sight.undrawn if plain(each) in set(map(plain, wanted)))


def is_named(seen: SeenLabel, wanted: Sequence[str]) -> bool:
    """Returns whether a label's text is one of those wanted."""
    return plain(seen.text) in set(map(plain, wanted))


def plain(text: str) -> str:
    """Returns a text as texts are compared: spaces and case apart."""
    return " ".join(text.split()).casefold()


def _outcome(
    verdict: Verdict, seen: SeenLabel, judged: LabelJudgement, required: str, evidence: str
) -> CheckOutcome:
    said = f"{seen.text}: {judged.found}"
    if verdict == "needs_human":
        said += ": a person must say " + (
            "whether that text is a label" if seen.alone else "whether the words beside it make it no label"
        )
    left, top, right, bottom = seen.box
    more = f"at {left},{top} to {right},{bottom}, likeness {seen.score:.2f}; {evidence}"
    at, box = judged.at or seen.stretches, judged.box or seen.box
    found = ": ".join(filter(None, (said, judged.fault or judged.unknown)))
    return CheckOutcome(verdict, found, required, more, at, box, seen.frame)
