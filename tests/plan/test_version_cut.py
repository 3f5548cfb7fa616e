"""What lies on shots moves with them: by hand-made cuts whose every edge is known."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from post.captions.model import Caption, CaptionRun, CaptionTrack
from post.job.asserted import Asserted
from post.job.model import AudioClip, CaptionFile, Cut, Job, Timed
from post.job.version_of import VersionOf
from post.picture.captions.caption import CaptionLayer
from post.picture.title import Title
from post.plan.cut.moved import moves_between
from post.plan.cut.version_cut import VersionCut, cut_version
from post.plan.shots import plan_shots
from post.plan.sound import AudioSource
from post.sound.stages import LaidSound, Music, VoiceOver
from post.values import Sound
from tests.plan.made import cut, deliver, job, take

TAKES = {name: take(name, 240) for name in "abcd"}
# Four shots of 24 frames: a 0-24, b 24-48, c 48-72, d 72-96.
BASE = tuple(cut(name, length="24f") for name in "abcd")


def version(left_out: str, *shots: Cut, **more: object) -> Job:
    """A version of BASE with those shots (BASE's own where none are given), of which some are left out."""
    of = VersionOf((("length", "short"),), ("wide",), tuple(left_out), BASE)
    return replace(job(*(shots or BASE), deliver=(deliver(),)), version=of, **more)  # type: ignore[arg-type]  # a job's


def title(at: str, length: str, **more: object) -> Timed:
    return Timed(Title(text="T"), at, length, "spot.yaml:7", **more)  # type: ignore[arg-type]  # a layer's


def times(made: VersionCut) -> list[tuple[str, str]]:
    return [(each.at, each.length) for each in made.job.titles]


@pytest.mark.parametrize(
    ("left_out", "placed", "found"),
    [
        ("b", ("50f", "10f"), [("26f", "10f")]),  # on c, which comes a shot earlier
        ("b", ("26f", "10f"), []),  # on b, which is gone
        ("d", ("26f", "10f"), [("26f", "10f")]),  # before what is gone
        ("b", ("20f", "8f"), [("20f", "4f")]),  # half of it on a
        ("b", ("20f", "9f"), []),  # less than half of it on a
        ("b", ("40f", "20f"), [("24f", "12f")]),  # most of it on c
        ("c", ("20f", "60f"), [("20f", "36f")]),  # over c, which is cut out of it
        ("", ("20f", "60f"), [("20f", "60f")]),
        (
            "bd",
            ("0f", "96f"),
            [("0f", "96f")],
        ),  # the whole film stays the whole film: planning cuts it at the end
    ],
)
def test_a_title_goes_where_its_shots_go(
    left_out: str, placed: tuple[str, str], found: list[tuple[str, str]]
) -> None:
    made = cut_version(version(left_out, titles=(title(*placed),)), TAKES, ())
    assert times(made) == found
    lost = [each.code for each in made.told]
    assert lost == (
        ["version-lost"] if not found else ["version-shorter"] if found[0][1] != placed[1] else []
    )
    assert all(each.films == ("wide",) and each.where == "spot.yaml:7" for each in made.told)


def test_a_shorter_shot_shortens_what_lies_over_it_and_moves_what_comes_after() -> None:
    shots = (BASE[0], replace(BASE[1], length="12f"), *BASE[2:])
    made = cut_version(version("", *shots, titles=(title("30f", "40f"), title("75f", "6f"))), TAKES, ())
    assert times(made) == [("30f", "28f"), ("63f", "6f")]


def test_shots_in_another_order_take_their_titles_along() -> None:
    shots = (BASE[2], BASE[0], BASE[1], BASE[3])
    made = cut_version(version("", *shots, titles=(title("50f", "6f"), title("2f", "6f"))), TAKES, ())
    assert times(made) == [("2f", "6f"), ("26f", "6f")]


def test_what_a_version_places_itself_stays_and_so_does_what_lies_at_the_end() -> None:
    own = title("30f", "6f", own_time=True)
    last = title("0s", "", last="10f")
    made = cut_version(version("b", titles=(own, last)), TAKES, ())
    assert made.job.titles == (own, last)


def test_what_is_asserted_of_a_title_moves_with_it() -> None:
    said = Asserted(enters_before="51f", stays_until="58f", inside="frame")
    made = cut_version(version("b", titles=(title("50f", "10f", asserted=said),)), TAKES, ())
    assert made.job.titles[0].asserted == Asserted("27f", "34f", "frame")


def test_the_first_shot_left_has_no_way_in_and_the_last_has_the_films_end() -> None:
    shots = tuple(cut(name, length="24f", transition=8 if name in "bd" else 0) for name in "abcd")
    ending = replace(shots[-1], ending=shots[1].transition, ending_length="6f")
    made = cut_version(version("ad", *shots[:3], ending), TAKES, ())
    first, last = made.job.cut
    assert (first.name, first.transition, first.transition_length) == ("b", None, "0f")
    assert (last.name, last.ending, last.ending_length) == ("c", shots[1].transition, "6f")


def sound(stage: LaidSound, at: str, length: str = "") -> AudioSource:
    clip = AudioClip(stage, Path("/vo.wav"), at, "0s", length, "spot.yaml:8")
    return AudioSource(clip, TAKES["a"].file, Sound(0, "pcm", 48000, 1, 480000, Fraction(0)))


@pytest.mark.parametrize(
    ("stage", "placed", "found"),
    [
        (VoiceOver(), ("50f", ""), ("26f", "")),
        (VoiceOver(), ("26f", ""), None),
        (Music(), ("0s", ""), ("0s", "")),
        (Music(), ("26f", ""), ("24f", "")),  # begins on b: from c on
        (Music(), ("12f", "48f"), ("12f", "24f")),  # over b, up to the middle of c
        (Music(), ("26f", "10f"), None),  # on b alone
    ],
)
def test_voice_goes_with_its_shot_and_a_bed_lies_under_what_is_left(
    stage: LaidSound, placed: tuple[str, str], found: tuple[str, str] | None
) -> None:
    made = cut_version(version("b"), TAKES, [sound(stage, *placed)])
    assert [(each.clip.at, each.clip.length) for each in made.sounds] == ([found] if found else [])
    assert made.job.sounds == tuple(each.clip for each in made.sounds)


def test_captions_of_the_film_move_and_those_of_a_take_do_not() -> None:
    def said(start: int, stop: int) -> Caption:
        run = CaptionRun("x", at=Fraction(start + 1, 24))
        return Caption(Fraction(start, 24), Fraction(stop, 24), (run,), "l.srt:1")

    file = CaptionFile(
        Path("/l.srt"), CaptionTrack((said(2, 10), said(26, 40), said(50, 60))), CaptionLayer(), "spot.yaml:9"
    )
    made = cut_version(version("b", captions=(file, replace(file, take="a"))), TAKES, ())
    ours, of_take = made.job.captions
    assert [(each.start * 24, each.stop * 24) for each in ours.captions.captions] == [
        (Fraction(2), Fraction(10)),
        (Fraction(26), Fraction(36)),
    ]
    assert ours.captions.captions[1].runs[0].at == Fraction(27, 24)
    assert of_take.captions == file.captions
    assert [str(each.what) for each in made.told] == ["1 of 3 captions lie on shots that are not in it"]


@given(st.sets(st.sampled_from("abcd"), min_size=1), st.integers(0, 95), st.integers(1, 40))
def test_a_stretch_is_never_longer_nor_outside_the_film(kept: set[str], first: int, length: int) -> None:
    base = plan_shots(job(*BASE), TAKES)
    short = plan_shots(job(*(each for each in BASE if each.name in kept)), TAKES)
    moves = moves_between(base, short)
    found = moves.stretch(Fraction(first), Fraction(min(first + length, 96)))
    if found is None:
        return
    assert 0 <= found[0] < found[1] <= short[-1].span.stop
    assert found[1] - found[0] <= length
    point = moves.point(Fraction(first))
    assert point is None or 0 <= point < short[-1].span.stop
