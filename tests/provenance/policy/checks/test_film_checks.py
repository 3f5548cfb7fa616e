"""Flashes, frames, sound and captions are judged by the parameters of a rule, from sights that are given."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest

from post.values.claim import Verdict
from post.values.sights.captions import CaptionSight, SeenCaption, SeenCaptions
from post.values.sights.flash import ChangeAreas, FlashFrame, FlashSight, StripeSight
from post.values.sights.frames import FrameSight
from post.values.sights.sound import HeardLoudness, PhaseWindow, SoundSight
from post.values.time import Span
from provenance.policy import PolicyInput
from provenance.policy.check import CheckOutcome
from provenance.policy.checks import captions, flash, frames, run_check, sound
from provenance.report import ExaminedFile, Report
from tests.provenance.policy.fixed_look import FixedLook

KINDS = sorted((*flash.CHECKS, *frames.CHECKS, *sound.CHECKS, *captions.CHECKS))
RATE = Fraction(25)


def judged(
    look: FixedLook | None, kind: str, actions: tuple[Any, ...] = (), **parameters: Any
) -> CheckOutcome:
    report = Report(ExaminedFile("film.mp4", "0" * 64, 1), "intact" if actions else "absent")
    manifest = {"assertions": {"c2pa.actions.v2": {"actions": list(actions)}}}
    reading: Any = SimpleNamespace(manifests=[manifest] if actions else [])
    return run_check(PolicyInput(report, reading, {}, look), kind, parameters)


def areas(changes: int, field: float = 1.0, screen: float = 1.0) -> ChangeAreas:
    return ChangeAreas(
        (field,) * changes + (0.0,) * (7 - changes), (screen,) * changes + (0.0,) * (7 - changes)
    )


def flashed(*changes: int, red: bool = False, field: float = 1.0, screen: float = 1.0) -> FlashSight:
    rows = [areas(count, field, screen) for count in changes]
    frames = (
        FlashFrame(0.5, 0.0, *((ChangeAreas(), each) if red else (each, ChangeAreas()))) for each in rows
    )
    return FlashSight(RATE, tuple(frames), width=10, height=10)


def striped(pairs: float, area: float, count: int = 5, light: float = 0.9) -> FlashSight:
    rows = [
        (at * 5, StripeSight(pairs, area, light, (0, 0, 64, 48)) if at < count else None) for at in range(8)
    ]
    return replace(flashed(*[0] * 40), stripes=tuple(rows), step=5)


FLASHES: list[tuple[str, FlashSight, dict[str, Any], Verdict]] = [
    ("pse.general", flashed(0, 6), {}, "pass"),
    ("pse.general", flashed(0, 7, 3), {}, "fail"),
    ("pse.general", flashed(7, field=0.25), {}, "pass"),
    ("pse.general", flashed(7, field=0.2501), {}, "fail"),
    ("pse.general", flashed(7, screen=0.1), {"of": "screen"}, "pass"),
    ("pse.general", flashed(7, field=0.2), {"area_percent": Fraction("19.9")}, "fail"),
    ("pse.general", flashed(5), {"flashes": 2}, "fail"),
    ("pse.general", flashed(7), {"flashes": 5}, "cannot_check"),
    ("pse.general", flashed(7, red=True), {}, "pass"),
    ("pse.red", flashed(7, red=True), {}, "fail"),
    ("pse.red", flashed(7), {}, "pass"),
    ("pse.extended", flashed(*[4] * 99), {}, "pass"),
    ("pse.extended", flashed(*[4] * 100), {}, "fail"),
    ("pse.extended", flashed(*[5] * 100, red=True), {}, "fail"),
    ("pse.extended", flashed(*[3] * 200), {}, "pass"),
    ("pse.extended", flashed(*[4] * 50), {"seconds": Fraction(2)}, "fail"),
    ("pse.extended", flashed(*[7] * 100), {}, "fail"),
    ("pse.extended", flashed(*[7] * 100), {"changes": 8}, "cannot_check"),
    ("pse.pattern", flashed(0), {}, "pass"),
    ("pse.pattern", striped(6, 0.3), {}, "fail"),
    ("pse.pattern", striped(5, 0.3), {}, "pass"),
    ("pse.pattern", striped(6, 0.25), {}, "pass"),
    ("pse.pattern", striped(6, 0.3, count=2), {}, "pass"),
    ("pse.pattern", striped(6, 0.3, light=0.2), {}, "pass"),
    ("pse.pattern", striped(6, 0.3, count=2), {"seconds": Fraction("0.4")}, "fail"),
]


@pytest.mark.parametrize(("kind", "sight", "parameters", "verdict"), FLASHES)
def test_flashes(kind: str, sight: FlashSight, parameters: dict[str, Any], verdict: Verdict) -> None:
    outcome = judged(FixedLook(flash=sight), kind, **parameters)
    assert outcome.verdict == verdict, outcome
    assert (outcome.frame is not None) == (verdict == "fail")


def test_a_flash_has_its_time_and_its_first_frame() -> None:
    outcome = judged(FixedLook(flash=flashed(0, 0, 7, 7, 0)), "pse.general")
    assert outcome.at == ((2 / RATE, 4 / RATE),)
    assert outcome.frame == 2
    near = judged(FixedLook(flash=flashed(0, 5, 5)), "pse.general")
    assert (near.verdict, near.at) == ("pass", ((1 / RATE, 3 / RATE),))
    assert "near the limit for 0.08 s" in near.evidence


def test_stripes_that_fail_are_told_and_not_larger_ones_that_pass() -> None:
    wide = StripeSight(4, 0.9, 0.9, (0, 0, 640, 480))
    sight = striped(6, 0.3)
    outcome = judged(FixedLook(flash=replace(sight, stripes=(*sight.stripes[:7], (35, wide)))), "pse.pattern")
    assert (outcome.verdict, outcome.found) == ("fail", "6 pairs on 30.0 % of the screen")
    assert outcome.box == (0, 0, 64, 48)


def run(first: int, stop: int) -> Span:
    return Span(first, stop)


SEEN = FrameSight(RATE, 250, bars=((run(0, 250), (0, 0, 0, 0)),), banding=((40, 1.5), (120, 4.9)))
FRAMES: list[tuple[str, dict[str, Any], dict[str, Any], Verdict]] = [
    ("frames.black", {}, {}, "pass"),
    ("frames.black", {"black": (run(50, 62),)}, {}, "pass"),
    ("frames.black", {"black": (run(50, 63),)}, {}, "fail"),
    ("frames.black", {"black": (run(0, 1),)}, {}, "fail"),
    ("frames.black", {"black": (run(0, 25),)}, {"head_s": Fraction(1)}, "pass"),
    ("frames.black", {"black": (run(249, 250),)}, {}, "fail"),
    ("frames.black", {"black": (run(240, 250),)}, {"tail_s": Fraction("0.4")}, "pass"),
    ("frames.black", {"black": (run(0, 250),)}, {"tail_s": Fraction(10)}, "fail"),
    ("frames.black", {"black": (run(0, 250),)}, {"tail_s": Fraction(10), "head_s": Fraction(10)}, "pass"),
    ("frames.frozen", {"still": (run(10, 35),)}, {}, "pass"),
    ("frames.frozen", {"still": (run(10, 36),)}, {}, "fail"),
    ("frames.frozen", {"still": (run(10, 36),)}, {"longest_s": Fraction(2)}, "pass"),
    ("frames.duplicates", {"duplicates": tuple(range(0, 240, 20))}, {}, "pass"),
    ("frames.duplicates", {"duplicates": tuple(range(0, 250, 5))}, {}, "fail"),
    ("frames.single", {}, {}, "pass"),
    ("frames.single", {"strays": (7,)}, {}, "fail"),
    ("frames.single", {"strays": (7,)}, {"most": 1}, "pass"),
    ("frames.letterbox", {}, {}, "pass"),
    ("frames.letterbox", {"bars": (*SEEN.bars, (run(100, 250), (0, 60, 0, 60)))}, {}, "fail"),
    ("frames.banding", {}, {}, "pass"),
    ("frames.banding", {}, {"cambi": Fraction("4.8")}, "fail"),
    ("frames.banding", {"banding": ()}, {}, "cannot_check"),
]


@pytest.mark.parametrize(("kind", "changed", "parameters", "verdict"), FRAMES)
def test_frames(kind: str, changed: dict[str, Any], parameters: dict[str, Any], verdict: Verdict) -> None:
    outcome = judged(FixedLook(frame=replace(SEEN, **changed)), kind, **parameters)
    assert outcome.verdict == verdict, outcome
    assert bool(outcome.at) == (verdict == "fail")


def action(start: str, end: str, **parameters: Any) -> dict[str, Any]:
    region = [{"type": "temporal", "time": {"type": "npt", "start": start, "end": end}}]
    named = {f"org.answerprint.{key.replace('_', '.')}": value for key, value in parameters.items()}
    return {"action": "c2pa.edited", "parameters": named, "changes": [{"region": region}]}


@pytest.mark.parametrize(
    ("actions", "verdict"),
    [
        ((action("2", "6", retime_freeze="2s"),), "pass"),
        ((action("2", "6", retime_freeze="0f"),), "fail"),
        ((action("2", "6", retime_speed="0s:1, 1s:0:smooth"),), "pass"),
        ((action("2", "6", retime_speed="0.5"),), "fail"),
        ((action("2", "6", card_text="Now"),), "pass"),
        ((action("2", "3", made_fill="#000000"), action("3", "6", card_text="Now")), "pass"),
        ((action("2", "3.5", card_text="Now"),), "fail"),
        ((action("x", "6", card_text="Now"),), "fail"),
        ((action("1e999999999", "6", card_text="Now"),), "fail"),
        ((action("2", "6", retime_speed="0s:1, 1s:1e999999999"),), "fail"),
    ],
)
def test_what_stands_still_by_the_edit_is_explained(actions: tuple[Any, ...], verdict: Verdict) -> None:
    look = FixedLook(frame=replace(SEEN, still=(run(50, 150),)))
    outcome = judged(look, "frames.frozen", actions)
    assert outcome.verdict == verdict
    assert ("in the edit: 2.00 to 6.00 s" in outcome.evidence) == (verdict == "pass")


def test_a_film_with_a_still_in_it_asks_a_person_what_stands_still() -> None:
    report = Report(ExaminedFile("film.mp4", "0" * 64, 1), "intact")
    part = {"relationship": "componentOf", "dc:format": "image/png"}
    reading: Any = SimpleNamespace(manifests=[{"assertions": {"c2pa.ingredient.v3": part}}])
    look = FixedLook(frame=replace(SEEN, still=(run(50, 150),)))
    outcome = run_check(PolicyInput(report, reading, {}, look), "frames.frozen", {})
    assert outcome.verdict == "needs_human"
    assert outcome.at == ((Fraction(2), Fraction(6)),)


LEVELS = (-12,) * 100 + (-70,) * 250 + (-12,) * 650
HEARD = SoundSight(
    48000, 480000, ("FL", "FR"), HeardLoudness(-23.2, -17.0, -18.5, 9.0, -1.5), LEVELS,
    phase=(PhaseWindow(Fraction(0), Fraction(3), 0.9, 0.3),), peaks_dbfs=(-1.6, -2.0),
)  # fmt: skip
CUT = (Fraction(1), Fraction(2))
SOUND: list[tuple[str, dict[str, Any], dict[str, Any], Verdict]] = [
    ("sound.loudness", {}, {}, "pass"),
    ("sound.loudness", {}, {"lufs": Fraction(-14)}, "fail"),
    ("sound.loudness", {}, {"lufs": Fraction(23), "tolerance_lu": Fraction("0.1")}, "fail"),
    ("sound.loudness", {}, {"short_term_lufs": Fraction(-18)}, "pass"),
    ("sound.loudness", {}, {"short_term_lufs": Fraction(-19)}, "fail"),
    ("sound.loudness", {}, {"short_term_lufs": Fraction(-19), "momentary_lufs": Fraction(-15)}, "pass"),
    ("sound.loudness", {}, {"range_lu": Fraction(8)}, "fail"),
    ("sound.loudness", {"loudness": HeardLoudness()}, {}, "cannot_check"),
    ("sound.peak", {}, {}, "pass"),
    ("sound.peak", {}, {"dbtp": Fraction(-2)}, "fail"),
    ("sound.silence", {}, {}, "fail"),
    ("sound.silence", {}, {"longest_s": Fraction("2.5")}, "pass"),
    ("sound.silence", {}, {"floor_dbfs": Fraction(-80)}, "pass"),
    ("sound.clipping", {}, {}, "pass"),
    ("sound.clipping", {"clipped": (CUT,)}, {}, "fail"),
    ("sound.clipping", {"clipped": (CUT,)}, {"runs": 1}, "pass"),
    ("sound.clipping", {"overs": (CUT,)}, {}, "fail"),
    ("sound.phase", {}, {}, "pass"),
    ("sound.phase", {"phase": (PhaseWindow(Fraction(0), Fraction(3), -0.4, 5.0),)}, {}, "fail"),
    ("sound.phase", {"phase": (PhaseWindow(Fraction(0), Fraction(3), 0.4, 7.0),)}, {}, "fail"),
    ("sound.phase", {"phase": ()}, {}, "not_applicable"),
    ("sound.clicks", {}, {}, "pass"),
    ("sound.clicks", {"clicks": (Fraction(1),)}, {}, "fail"),
    ("sound.clicks", {"gaps": (CUT,)}, {"most": 1}, "pass"),
    ("sound.channels", {}, {}, "pass"),
    ("sound.channels", {"peaks_dbfs": (-1.6, -999.0)}, {}, "fail"),
    ("sound.channels", {"peaks_dbfs": (-90.0, -999.0)}, {}, "not_applicable"),
    ("sound.channels", {"peaks_dbfs": (-1.0, -999.0), "speakers": ("FL", "LFE")}, {}, "pass"),
]


@pytest.mark.parametrize(("kind", "changed", "parameters", "verdict"), SOUND)
def test_sound(kind: str, changed: dict[str, Any], parameters: dict[str, Any], verdict: Verdict) -> None:
    outcome = judged(FixedLook(heard=replace(HEARD, **changed)), kind, **parameters)
    assert outcome.verdict == verdict, outcome


def test_loudness_of_speech_is_asked_for_by_its_gate() -> None:
    look = FixedLook(heard=HEARD)
    judged(look, "sound.loudness", gate="dialogue")
    judged(look, "sound.loudness")
    assert look.asked == [(("dialogue",), ()), (("programme",), ())]


@pytest.mark.parametrize("kind", sorted(sound.CHECKS))
def test_a_film_without_sound_needs_none_of_it_judged(kind: str) -> None:
    assert (
        judged(FixedLook(heard=SoundSight(fault="the film has no sound", there=False)), kind).verdict
        == "not_applicable"
    )


def said(*cues: tuple[float, float, str], language: str = "en") -> CaptionSight:
    captions = (SeenCaption(Fraction(str(start)), Fraction(str(stop)), text) for start, stop, text in cues)
    return CaptionSight((SeenCaptions("track 1", "track", language, tuple(captions)),))


GOOD = said((0, 2, "Two short words"), (2, 4, "and more\nof them"))
CAPTIONS: list[tuple[str, CaptionSight, dict[str, Any], Verdict]] = [
    ("captions.present", GOOD, {}, "pass"),
    ("captions.present", CaptionSight(), {}, "fail"),
    ("captions.present", said(), {}, "fail"),
    ("captions.present", GOOD, {"languages": ("en",)}, "pass"),
    ("captions.present", GOOD, {"languages": ("en", "de")}, "fail"),
    ("captions.present", said((0, 2, "Oi"), language="pt-BR"), {"languages": ("pt",)}, "pass"),
    ("captions.present", CaptionSight(unread=(("film.srt", "why"),)), {}, "cannot_check"),
    ("captions.speed", GOOD, {}, "pass"),
    ("captions.speed", CaptionSight(), {}, "not_applicable"),
    ("captions.speed", said((0, 1, "four words in one")), {}, "fail"),
    ("captions.speed", said((0, 1, "Donaudampfschiff")), {"cps": Fraction(15)}, "fail"),
    ("captions.speed", said((0, 1, "Donaudampfschiff")), {"cps": Fraction(16)}, "pass"),
    ("captions.length", GOOD, {}, "pass"),
    ("captions.length", said((0, 5, "a" * 43)), {}, "fail"),
    ("captions.length", said((0, 5, "a" * 42)), {}, "pass"),
    ("captions.length", said((0, 5, "a\nb\nc")), {}, "fail"),
    ("captions.length", said((0, 5, "a\nb\nc")), {"lines": 3}, "pass"),
    ("captions.length", said((0, 0.8, "a")), {}, "fail"),
    ("captions.length", said((0, 7.1, "a")), {}, "fail"),
    ("captions.length", said((0, 7.001, "a")), {}, "pass"),
    ("captions.overlap", GOOD, {}, "pass"),
    ("captions.speed", said((1, 1, "a")), {}, "fail"),
    ("captions.length", said((1, 1, "a")), {}, "fail"),
    ("captions.speed", CaptionSight(unread=(("track 1", "why"),)), {}, "cannot_check"),
    ("captions.length", replace(GOOD, unread=(("film.srt", "why"),)), {}, "cannot_check"),
    ("captions.length", replace(said((0, 5, "a" * 43)), unread=(("film.srt", "why"),)), {}, "fail"),
    ("captions.overlap", said((0, 2, "a"), (1.9, 4, "b")), {}, "fail"),
    ("captions.overlap", said((0, 2, "a"), (1.9, 4, "b")), {"most": 1}, "pass"),
]


@pytest.mark.parametrize(("kind", "sight", "parameters", "verdict"), CAPTIONS)
def test_captions(kind: str, sight: CaptionSight, parameters: dict[str, Any], verdict: Verdict) -> None:
    outcome = judged(FixedLook(caption=sight), kind, **parameters)
    assert outcome.verdict == verdict, outcome


def test_the_worst_caption_is_told_with_its_place() -> None:
    outcome = judged(FixedLook(caption=said((0, 5, "a" * 50), (5, 9, "a" * 60))), "captions.length")
    assert outcome.found == "2 of 2 captions; the worst has 60 characters in a line"
    assert outcome.evidence == "at 5.00 s of track 1"
    assert outcome.at == ((Fraction(0), Fraction(5)), (Fraction(5), Fraction(9)))


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("pse.general", "of"),
        ("pse.red", "of"),
        ("pse.extended", "of"),
        ("sound.loudness", "gate"),
        ("label.dwell", "of"),
    ],
)
def test_a_word_that_a_check_does_not_know_is_never_taken_for_another(kind: str, name: str) -> None:
    outcome = judged(FixedLook(flash=flashed(0), heard=HEARD), kind, (), **{name: "frist"})
    assert outcome.verdict == "cannot_check"
    assert "'frist'" in outcome.required


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        ("pse.general", "flashes", Fraction(7, 2)), ("label.dwell", "seconds", ("a",)),
        ("frames.black", "percent", 5), ("captions.present", "languages", Fraction(1, 2)),
    ],
)  # fmt: skip
def test_a_parameter_that_a_check_does_not_take_is_never_passed_over(
    kind: str, name: str, value: object
) -> None:
    outcome = judged(FixedLook(flash=flashed(0), frame=SEEN, caption=GOOD), kind, (), **{name: value})
    assert outcome.verdict == "cannot_check"
    assert name in outcome.required


@pytest.mark.parametrize("kind", KINDS)
def test_what_cannot_be_looked_at_is_never_a_pass(kind: str) -> None:
    assert judged(None, kind).verdict == "cannot_check"
    blind = FixedLook(
        flash=FlashSight(fault="damaged"), frame=FrameSight(fault="damaged"), heard=SoundSight(fault="damaged"),
        caption=CaptionSight(fault="damaged"),
    )  # fmt: skip
    outcome = judged(blind, kind)
    assert outcome.verdict == "cannot_check"
    assert "damaged" in outcome.found
