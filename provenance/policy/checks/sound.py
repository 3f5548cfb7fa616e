"""Checks of what is heard: loudness, true peak, silence, clipping, phase, clicks and gaps, channels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import starmap

from post.values.claim import Stretch
from post.values.sights.sound import HeardLoudness, SoundSight
from provenance.policy.check import (
    Check,
    CheckOutcome,
    Parameters,
    PolicyInput,
    number,
    shown,
    text,
    unseen,
    whole,
)

MOST_TOLD = 20  # stretches of an outcome
PEAK_TOLERANCE_DB = Fraction(1, 20)  # the spread of meters at 4 times oversampling
ALIVE_DBFS, DEAD_DBFS = -50, -80  # a channel is dead below the second where another is above the first
FLOOR_DBFS = -60  # dBFS: quieter is silence where a rule says nothing else


def _heard(
    given: PolicyInput, required: str, judge: Callable[[SoundSight], CheckOutcome], gate: str = "programme"
) -> CheckOutcome:
    """Returns what a judge says of the sound; not_applicable where there is none, cannot_check where it could not be
    measured."""
    if given.look is None:
        return unseen(required)
    sight = given.look.sound(gate)
    if not sight.there:
        return CheckOutcome("not_applicable", sight.fault, required)
    if sight.fault:
        return CheckOutcome("cannot_check", f"the sound cannot be measured: {sight.fault}", required)
    return judge(sight)


def _told(bad: Sequence[Stretch], found: str, required: str, evidence: str = "") -> CheckOutcome:
    return CheckOutcome("fail" if bad else "pass", found, required, evidence, tuple(bad[:MOST_TOLD]))


def _level(parameters: Parameters, name: str, default: Fraction | int = 0) -> Fraction:
    """Returns a level in decibels. Rules write levels below full scale with their sign or without it: -23 and 23 are
    one loudness, as no limit lies above full scale."""
    return -abs(number(parameters, name, default))


def _unmeasured(read: HeardLoudness, name: str, required: str) -> CheckOutcome:
    return CheckOutcome("cannot_check", dict(read.unmeasured).get(name, "not measurable"), required)


def _loudness(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Requires an integrated loudness, and limits the loudest moments: of two limits, one that holds is enough."""
    target, tolerance = _level(parameters, "lufs", 23), number(parameters, "tolerance_lu", Fraction(1, 2))
    gate = "dialogue" if text(parameters, "gate") == "dialogue" else "programme"
    limits = [
        (words, name, _level(parameters, key))
        for key, words, name in (
            ("short_term_lufs", "short-term", "max_short_term_lufs"),
            ("momentary_lufs", "momentary", "max_momentary_lufs"),
        )
        if key in parameters
    ]
    widest = number(parameters, "range_lu") if "range_lu" in parameters else None
    of = " of speech" if gate == "dialogue" else ""
    parts = [f"{shown(target)} LUFS{of} within {shown(tolerance)} LU"]
    parts += [" or ".join(f"{words} {shown(most)} LUFS at most" for words, _, most in limits)] * bool(limits)
    parts += [f"a range of {shown(widest)} LU at most"] if widest is not None else []
    required = "; ".join(parts)

    def judge(sight: SoundSight) -> CheckOutcome:
        read = sight.loudness
        if read.integrated_lufs is None:
            return _unmeasured(read, "integrated_lufs", required)
        faults = ["loudness"] * (abs(Fraction(str(read.integrated_lufs)) - target) > tolerance)
        figures = [(words, getattr(read, name), most) for words, name, most in limits]
        # Sound that is too short for a figure is not above its limit.
        if figures and all(value is not None and value > most for _, value, most in figures):
            faults.append("loudest moment")
        if widest is not None and read.range_lu is not None and read.range_lu > widest:
            faults.append("range")
        found = [f"{read.integrated_lufs:.1f} LUFS of {read.gate}"]
        found += [f"{words} {value:.1f} LUFS" for words, value, _ in figures if value is not None]
        found += [f"range {read.range_lu:.1f} LU"] if widest is not None and read.range_lu is not None else []
        return CheckOutcome(
            "fail" if faults else "pass",
            ", ".join(found),
            required,
            f"too far off: {', '.join(faults)}" if faults else "",
        )

    return _heard(given, required, judge, gate)


def _peak(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Limits the true peak."""
    most = _level(parameters, "dbtp", 1)
    required = f"{shown(most)} dBTP at most"

    def judge(sight: SoundSight) -> CheckOutcome:
        peak = sight.loudness.true_peak_dbtp
        if peak is None:
            return CheckOutcome(
                "pass", dict(sight.loudness.unmeasured).get("true_peak_dbtp", "no sound"), required
            )
        return CheckOutcome(
            "pass" if peak <= most + PEAK_TOLERANCE_DB else "fail", f"{peak:.2f} dBTP", required
        )

    return _heard(given, required, judge)


def _silence(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Limits stretches of silence: digital silence, and what is below a floor."""
    most, floor = number(parameters, "longest_s", 2), _level(parameters, "floor_dbfs", FLOOR_DBFS)
    required = f"below {shown(floor)} dBFS for {shown(most)} s at most"

    def judge(sight: SoundSight) -> CheckOutcome:
        runs = sight.quiet(floor)
        bad = [run for run in runs if run[1] - run[0] > most]
        digital = sum(stop - start for start, stop in sight.quiet(Fraction(-200)))
        longest = max((stop - start for start, stop in runs), default=Fraction(0))
        evidence = f"{float(digital):.2f} s of digital silence" if digital else ""
        return _told(bad, f"the longest is {float(longest):.2f} s", required, evidence)

    return _heard(given, required, judge)


def _clipping(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Limits flat tops, and waveforms that pass full scale between samples."""
    runs, overs = whole(parameters, "runs"), whole(parameters, "overs")
    required = f"{runs} flat tops and {overs} stretches over full scale at most"

    def judge(sight: SoundSight) -> CheckOutcome:
        bad = list(sight.clipped) * (len(sight.clipped) > runs) + list(sight.overs) * (
            len(sight.overs) > overs
        )
        found = f"{len(sight.clipped)} flat tops, {len(sight.overs)} stretches over full scale"
        return _told(sorted(bad), found, required)

    return _heard(given, required, judge)


def _phase(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Requires that left and right go together, and limits what a mix to mono loses."""
    least = -abs(number(parameters, "correlation", Fraction(3, 10)))
    deepest = number(parameters, "fold_down_db", 6)
    required = f"a correlation of {shown(least)} or more over 3 s; {shown(deepest)} dB lost in mono at most"

    def judge(sight: SoundSight) -> CheckOutcome:
        if not sight.phase:
            return CheckOutcome("not_applicable", "no left and right that both sound", required)
        bad = [each for each in sight.phase if each.correlation < least or each.fold_down_db > deepest]
        lowest = min(each.correlation for each in sight.phase)
        lost = max(each.fold_down_db for each in sight.phase)
        found = f"the least correlation is {lowest:.2f}, mono loses {lost:.1f} dB at most"
        return _told([(each.start, each.stop) for each in bad], found, required)

    return _heard(given, required, judge)


def _clicks(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Limits clicks at joins, and gaps of zeros in sound that goes on."""
    most = whole(parameters, "most")
    required = f"{most} clicks and gaps at most"

    def judge(sight: SoundSight) -> CheckOutcome:
        places = sorted([*((at, at) for at in sight.clicks), *sight.gaps])
        found = f"{len(sight.clicks)} clicks, {len(sight.gaps)} gaps"
        return _told(places if len(places) > most else [], found, required)

    return _heard(given, required, judge)


def _channels(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Limits channels that are silent while others sound. That of low frequencies may be."""
    most = whole(parameters, "silent")
    required = f"{most} silent channels beside others at most"

    def judge(sight: SoundSight) -> CheckOutcome:
        rows = list(zip(sight.speakers, sight.peaks_dbfs, strict=True))
        if max(sight.peaks_dbfs, default=DEAD_DBFS) < ALIVE_DBFS:
            return CheckOutcome("not_applicable", "no channel sounds", required)
        dead = [name for name, peak in rows if peak < DEAD_DBFS and name != "LFE"]
        found = ", ".join(starmap(_peak_words, rows))
        return CheckOutcome(
            "fail" if len(dead) > most else "pass",
            found,
            required,
            f"silent: {', '.join(dead)}" if dead else "",
        )

    return _heard(given, required, judge)


def _peak_words(name: str, peak: float) -> str:
    return f"{name} {peak:.1f} dBFS" if peak > DEAD_DBFS * 2 else f"{name} silent"


CHECKS: Mapping[str, Check] = {
    "sound.loudness": Check(
        _loudness,
        {
            "lufs": Fraction, "tolerance_lu": Fraction, "gate": str, "short_term_lufs": Fraction,
            "momentary_lufs": Fraction, "range_lu": Fraction,
        },
        {"gate": ("programme", "dialogue")},
    ),
    "sound.peak": Check(_peak, {"dbtp": Fraction}),
    "sound.silence": Check(_silence, {"longest_s": Fraction, "floor_dbfs": Fraction}),
    "sound.clipping": Check(_clipping, {"runs": int, "overs": int}),
    "sound.phase": Check(_phase, {"correlation": Fraction, "fold_down_db": Fraction}),
    "sound.clicks": Check(_clicks, {"most": int}),
    "sound.channels": Check(_channels, {"silent": int}),
}  # fmt: skip
