"""What a planned film is warned of: its speed, its ends, and what a broken generation shows."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from post.job.model import AudioClip, Timed
from post.measure.cuts import Cuts
from post.measure.defects import Defects
from post.picture.colour.develop import Develop
from post.picture.title import Title
from post.plan import AudioSource, FilmPart, compile_plan
from post.sound.stages import Effect, Music
from post.values import Clock, Plan, Toolchain
from post.values.colour import BT709, BT2020, Colour
from post.values.media import Fact
from post.values.warning import JobWarning
from tests.plan.made import cut, job, take


def planned(*shots: Any, takes: Any, sounds: Any = (), facts: Any = None, **more: Any) -> Plan:
    named = {each.name: each for each in takes}
    heard = [each.clip for each in sounds]
    asked = job(*shots, sounds=tuple(heard), **more)
    return compile_plan(asked, named, sounds, Toolchain((("av", "18"),)), facts)


def only(plan: Plan, code: str) -> list[JobWarning]:
    return [each for each in plan.warnings if each.code == code]


@pytest.mark.parametrize(
    ("rate", "asked", "times"),
    [(8, {}, "3"), (24, {}, ""), (15, {}, ""), (24, {"speed": "0.5"}, "2"), (30, {"speed": "0.5"}, ""),
     (24, {"speed": "0s:1, 1s:0.25"}, "4"), (8, {"sampling": "blend"}, "")],
)  # fmt: skip
def test_a_shot_of_few_different_pictures_is_told(rate: int, asked: dict[str, str], times: str) -> None:
    found = only(
        planned(cut("dog", length="2s", **asked), takes=[take(frames=4 * rate, rate=rate)]), "low-rate"
    )
    told = [f"shows each picture {times} times: its motion will stutter"] if times else []
    assert [each.what for each in found] == told


def test_a_key_of_a_ramp_that_the_shot_does_not_reach_is_not_told() -> None:
    shot = cut("dog", length="1s", speed="0s:1, 9s:1, 10s:0.1")
    assert not only(planned(shot, takes=[take(frames=96)]), "low-rate")


def test_a_title_past_the_end_of_the_film_is_told() -> None:
    def titled(at: str, length: str) -> Plan:
        title = Timed(Title(text="Winter"), at, length, "spot.yaml:7")
        return planned(cut("dog"), takes=[take()], titles=(title,))

    (found,) = only(titled("1s", "1.5s"), "past-end")
    assert (found.of, found.where) == ('title "Winter"', "spot.yaml:7")
    assert found.what == "ends with the film, 0.50 s before it should"
    assert not only(titled("1s", "1s"), "past-end")
    assert not only(titled("1s", ""), "past-end")


def sound(stage: Any, seconds: int, length: str = "", at: str = "0s") -> AudioSource:
    dog = take("bed", 24 * seconds)
    assert dog.sound is not None
    return AudioSource(
        AudioClip(stage, Path("bed.wav"), at, "0s", length, "spot.yaml:9"), dog.file, dog.sound
    )


@pytest.mark.parametrize(
    ("heard", "code"),
    [(sound(Music(), 2), "sound-short"), (sound(Music(loop=True), 2), ""), (sound(Music(), 4), ""),
     (sound(Music(), 9), ""), (sound(Music(), 2, "3s"), "sound-short"), (sound(Music(), 9, "2s"), ""),
     (sound(Music(), 9, "6s"), "past-end"), (sound(Effect(), 1), ""), (sound(Effect(), 1, "2s"), "sound-short"),
     (sound(Effect(), 4, "3s", at="3s"), "past-end")],
)  # fmt: skip
def test_a_sound_that_ends_before_it_should_is_told(heard: AudioSource, code: str) -> None:
    plan = planned(cut("dog"), takes=[take(frames=96)], sounds=[heard])
    found = [each for each in plan.warnings if each.code in ("past-end", "sound-short")]
    assert [each.code for each in found] == ([code] if code else [])
    assert all(each.of.endswith("bed.wav") and each.where == "spot.yaml:9" for each in found)


def test_what_was_done_to_read_a_sound_is_told_at_its_place() -> None:
    said = (
        JobWarning("sound-left-out", "has 1 more sound stream, which is left out"),
        JobWarning("other", "odd"),
    )
    bed = replace(sound(Music(), 4), said=said)
    told = planned(cut("dog"), takes=[take(frames=96)], sounds=[bed]).warnings
    assert told == tuple(each.at("music bed.wav", "spot.yaml:9") for each in said)


def test_a_part_of_the_film_is_told_what_is_so_in_it() -> None:
    """A slow shot of 2 s with a frozen half, then one that is as it should be; a title and a sound in each."""
    beep = replace(sound(Effect(), 1), said=(JobWarning("other", "odd"),))
    asked = job(
        cut("dog", speed="0.5", length="2s"), cut("cat", length="2s"),
        titles=(Timed(Title(text="Sea"), "0s", "1s", "spot.yaml:6"),
                Timed(Title(text="Win"), "0.5s", "1s", "spot.yaml:7"),
                Timed(Title(text="Sky"), "3s", "2s", "spot.yaml:8")),
        sounds=(beep.clip,),
    )  # fmt: skip
    takes = {"dog": take(frames=48), "cat": take("cat", 48)}

    def told(start: str, stop: str) -> list[str]:
        part = FilmPart(start, stop, "--range")
        plan = compile_plan(asked, takes, [beep], Toolchain(), defects(still=((0, 20),)), part)
        return [each.code for each in plan.warnings]

    assert told("0s", "4s") == ["low-rate", "frozen", "past-end", "layers-overlap", "other"]
    assert told("0s", "0.5s") == ["low-rate", "frozen", "other"]
    assert told("0.5s", "1s") == ["low-rate", "frozen", "layers-overlap", "other"]
    assert told("1.75s", "2s") == ["low-rate"]
    assert told("2s", "3s") == []
    assert told("3s", "4s") == ["past-end"]


def test_a_still_and_a_film_of_few_frames_a_second_do_not_stutter() -> None:
    still = take(frames=1, rate=24, kind="still")
    assert not only(planned(cut("dog", length="2s", speed="0.5"), takes=[still]), "low-rate")
    slow = Clock(Fraction(12))
    plan = planned(cut("dog", length="2s"), takes=[take(frames=24, rate=12)], clock=slow)
    assert not only(plan, "low-rate")
    (told,) = only(planned(cut("dog", length="2s"), takes=[take(frames=24, rate=8)], clock=slow), "low-rate")
    assert told.what == "shows each picture 1.5 times: its motion will stutter"


def defects(**found: Any) -> dict[str, dict[str, Fact]]:
    known = replace(Defects((), (), (), 0.8), **found)
    return {"dog": {"defects": Fact("a" * 64, "defects", 1, known)}}


def test_defects_are_told_where_the_shot_shows_them() -> None:
    shot = cut("dog", start="1s", length="2s")  # frames 24 to 71 of its take
    facts = defects(still=((60, 96),), black=((0, 10),), flashes=(5, 30))
    plan = planned(shot, takes=[take(frames=96)], facts=facts)
    assert [(each.code, each.got) for each in plan.warnings] == [
        ("frozen", "2.50 to 3.04 s of its take"), ("flash", "1.25 s of its take"),
    ]  # fmt: skip


@pytest.mark.parametrize(("contrast", "codes"), [(0.18, ["faint"]), (0.64, [])])
def test_a_picture_with_hardly_any_contrast_is_told(contrast: float, codes: list[str]) -> None:
    plan = planned(cut("dog"), takes=[take()], facts=defects(contrast=contrast))
    assert [each.code for each in plan.warnings] == codes


@pytest.mark.parametrize(
    ("clip", "stages", "codes"),
    [(Colour(9, 16, 9), (), []), (BT2020, (), ["faint"]), (BT709, (Develop(space="arri-logc4"),), []),
     (BT709, (Develop(),), ["faint"])],
)  # fmt: skip
def test_log_and_hdr_are_not_faint_by_their_codes(clip: Colour, stages: Any, codes: list[str]) -> None:
    shot = replace(cut("dog"), colour=stages)
    plan = planned(shot, takes=[take(colour=clip)], facts=defects(contrast=0.18, still=((0, 30),)))
    assert [each.code for each in plan.warnings] == [*codes, "frozen"]


@pytest.mark.parametrize(
    ("asked", "told"),
    [({"length": "2s"}, True), ({"length": "30f"}, False), ({"start": "30f", "length": "1s"}, False),
     ({"length": "31f"}, True), ({"length": "1s", "speed": "2"}, True), ({"length": "15f", "speed": "2"}, False)],
)  # fmt: skip
def test_a_cut_inside_a_take_is_told_where_a_shot_shows_both_sides(asked: dict[str, str], told: bool) -> None:
    facts = {"dog": {"cuts": Fact("a" * 64, "cuts", 1, Cuts((30,)))}}
    plan = planned(cut("dog", **asked), takes=[take(frames=96)], facts=facts)
    assert [each.got for each in only(plan, "cut-inside")] == (
        ["a cut at 1.25 s of its take"] if told else []
    )
