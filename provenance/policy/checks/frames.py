"""Checks of what single frames and runs of frames show: black, stillness, repeats, stray frames, bars, banding."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from post.values.claim import Stretch
from post.values.sights.frames import FrameSight
from post.values.time import Span
from provenance.policy.check import Check, CheckOutcome, Parameters, PolicyInput, number, shown, unseen, whole
from provenance.policy.checks.explained import explained_stretches, has_stills, is_explained

MOST_TOLD = 20  # stretches of an outcome


def _looked(given: PolicyInput, required: str, judge: Callable[[FrameSight], CheckOutcome]) -> CheckOutcome:
    """Returns what a judge says of the frames; cannot_check where they could not be measured."""
    if given.look is None:
        return unseen(required)
    sight = given.look.frames()
    if sight.fault:
        return CheckOutcome("cannot_check", f"the frames cannot be measured: {sight.fault}", required)
    return judge(sight)


def _told(
    sight: FrameSight, bad: Sequence[Span], found: str, required: str, evidence: str = ""
) -> CheckOutcome:
    at = tuple(sight.seconds(run) for run in bad[:MOST_TOLD])
    frame = bad[0].first if bad else None
    return CheckOutcome("fail" if bad else "pass", found, required, evidence, at, frame=frame)


def _seconds(value: Fraction) -> str:
    return f"{float(value):.2f} s"


def _black(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Limits black: inside the film, at its head and at its tail. A film that is all black has to keep both."""
    most = number(parameters, "longest_s", Fraction(1, 2))
    head, tail = number(parameters, "head_s"), number(parameters, "tail_s")
    required = f"black for {shown(most)} s at most, {shown(head)} s at the head, {shown(tail)} s at the tail"

    def judge(sight: FrameSight) -> CheckOutcome:
        def allowed(run: Span) -> Fraction:
            limits = [head] * (run.first == 0) + [tail] * (run.stop == sight.length)
            return min(limits, default=most)

        bad = [run for run in sight.black if len(run) / sight.rate > allowed(run)]
        longest = max((len(run) for run in sight.black), default=0)
        found = f"{len(sight.black)} black stretches, the longest {_seconds(longest / sight.rate)}"
        return _told(sight, bad, found if sight.black else "no black", required)

    return _looked(given, required, judge)


def _frozen(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Limits how long the picture may stand still where the film's own edit does not say so."""
    most = number(parameters, "longest_s", 1)
    required = f"no picture stands still for more than {shown(most)} s, but where the edit says so"

    def judge(sight: FrameSight) -> CheckOutcome:
        long = [run for run in sight.still if len(run) / sight.rate > most]
        said = explained_stretches(given) if long else ()
        bad = [run for run in long if not is_explained(sight.seconds(run), said, 1 / sight.rate)]
        longest = max((len(run) for run in bad or sight.still), default=0)
        found = f"{len(bad)} stretches stand still" if bad else "nothing stands still for so long"
        if longest:
            found += f", the longest {_seconds(longest / sight.rate)}"
        ours = [_span(sight.seconds(run)) for run in long if run not in bad]
        told = _told(sight, bad, found, required, f"in the edit: {', '.join(ours)}" if ours else "")
        if bad and has_stills(given):
            why = "the film holds a still, and its manifest does not say where: a person has to look"
            return replace(
                told, verdict="needs_human", evidence="; ".join(filter(None, (told.evidence, why)))
            )
        return told

    return _looked(given, required, judge)


def _span(stretch: Stretch) -> str:
    return f"{float(stretch[0]):.2f} to {_seconds(stretch[1])}"


def _duplicates(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Limits repeated frames, as a wrong rate or a stuttering source makes them."""
    most = number(parameters, "percent", 5)
    required = f"{shown(most)} % of the frames repeat the one before at most"

    def judge(sight: FrameSight) -> CheckOutcome:
        count = len(sight.duplicates)
        share = Fraction(100 * count, sight.length) if sight.length else Fraction(0)
        regular = f", one in {sight.cadence} frames" if sight.cadence else ""
        bad = [Span(frame, frame + 1) for frame in sight.duplicates] if share > most else []
        return _told(sight, bad, f"{count} of {sight.length} frames, {float(share):.1f} %{regular}", required)

    return _looked(given, required, judge)


def _single(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Limits single frames that belong to neither of their neighbours."""
    most = whole(parameters, "most")
    required = f"{most} stray frames at most"

    def judge(sight: FrameSight) -> CheckOutcome:
        bad = [Span(frame, frame + 1) for frame in sight.strays] if len(sight.strays) > most else []
        return _told(sight, bad, f"{len(sight.strays)} stray frames", required)

    return _looked(given, required, judge)


def _letterbox(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Limits how often black bars come, go or change."""
    most = whole(parameters, "changes")
    required = f"black bars change {most} times at most"

    def judge(sight: FrameSight) -> CheckOutcome:
        later = [span for span, _ in sight.bars[1:]]
        shapes = list(dict.fromkeys(bars for _, bars in sight.bars))
        words = "; ".join(
            "none" if not any(bars) else "left {}, top {}, right {}, bottom {}".format(*bars)
            for bars in shapes
        )
        found = f"{len(later)} changes; bars: {words or 'nothing to see'}"
        return _told(sight, later if len(later) > most else [], found, required)

    return _looked(given, required, judge)


def _banding(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Limits banding, by CAMBI of the worst sampled frame."""
    most = number(parameters, "cambi", 5)
    required = f"CAMBI of {shown(most)} at most"

    def judge(sight: FrameSight) -> CheckOutcome:
        if not sight.banding:
            return CheckOutcome("cannot_check", "the picture is too small for CAMBI", required)
        frame, worst = max(sight.banding, key=lambda each: each[1])
        bad = [Span(frame, frame + 1)] if worst > most else []
        sampled = f"{len(sight.banding)} frames sampled"
        return _told(sight, bad, f"CAMBI {worst:.2f} in frame {frame}", required, sampled)

    return _looked(given, required, judge)


CHECKS: Mapping[str, Check] = {
    "frames.black": Check(_black, {"longest_s": Fraction, "head_s": Fraction, "tail_s": Fraction}),
    "frames.frozen": Check(_frozen, {"longest_s": Fraction}),
    "frames.duplicates": Check(_duplicates, {"percent": Fraction}),
    "frames.single": Check(_single, {"most": int}),
    "frames.letterbox": Check(_letterbox, {"changes": int}),
    "frames.banding": Check(_banding, {"cambi": Fraction}),
}
