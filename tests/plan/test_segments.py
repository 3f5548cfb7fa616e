from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from post.job.model import Marking, Provenance, Repair, Timed
from post.plan import compile_plan, segments
from post.stage_knobs import make
from post.values import Plan, Rendition, Span, Toolchain, digest
from tests.plan.made import cut, deliver, job, take

TAKES = {"a": take("a", 60), "b": take("b", 49, 8), "c": take("c", 40)}


def planned(*shots: Any, **more: Any) -> Plan:
    return compile_plan(job(*shots, **more), TAKES, (), Toolchain((("av", "18"),)))


def version(*shots: Any, **more: Any) -> Rendition:
    return planned(*shots, **more).renditions[0]


def keys(made: Rendition) -> list[str]:
    return [digest(segment) for segment in made.segments]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from("abc"), min_size=1, max_size=5),
    st.lists(st.integers(0, 20), min_size=5, max_size=5),
)
def test_segments_cover_every_frame_once_and_hold_what_is_on_screen(
    names: list[str], over: list[int]
) -> None:
    shots = [cut(name, transition=0 if i == 0 else over[i]) for i, name in enumerate(names)]
    made = version(*shots)
    assert [frame for place in made.places for frame in place] == list(range(made.format.length))
    # A piece takes what is too short for one of its own, on either side.
    assert max(len(s.span) for s in made.segments) <= 48 + 2 * 7
    # A segment shorter than an encoder's reorder cannot be joined.
    assert min(len(s.span) for s in made.segments) >= min(8, made.format.length)
    for segment in made.on_film:
        for frame in segment.span:
            showing = [clip for clip in segment.clips if frame in clip.span]
            wanted = [s.take.file for s in made.shots if frame in s.span]
            assert [clip.file for clip in showing] == wanted


def title(text: str, at: str, length: str) -> Timed:
    layer: Any = make("title", {"text": text, "fade_in": "6f", "fade_out": "6f"})
    return Timed(layer, at, length, "spot.yaml:30")


def test_a_changed_title_changes_only_the_segments_it_touches() -> None:
    shots = [cut("a"), cut("b")]
    one = version(*shots, titles=(title("Winter", "3s", "1s"),))
    other = version(*shots, titles=(title("Summer", "3s", "1s"),))
    changed = [
        place
        for place, a, b in zip(one.places, one.segments, other.segments, strict=True)
        if digest(a) != digest(b)
    ]
    assert [(span.first, span.stop) for span in changed] == [(72, 96)]


@settings(max_examples=30, deadline=None)
@given(
    first=st.integers(60, 140),
    by=st.integers(1, 40),
    second=st.integers(90, 140),
    overlap=st.sampled_from([0, 6, 20]),
)
def test_an_edit_rolled_between_two_shots_makes_only_the_segments_that_show_it_again(
    first: int, by: int, second: int, overlap: int
) -> None:
    """This shot longer, the next one shorter and in later: the film changes between the two places of the edit only."""
    takes = {name: take(name, 400) for name in "abc"}

    def rolled(more: int) -> Rendition:
        shots = (
            cut("a", length=f"{first + more}f"),
            cut("b", start=f"{20 + more}f", length=f"{second - more}f", transition=overlap),
            cut("c", length="100f", transition=overlap),
        )
        return compile_plan(job(*shots), takes, (), Toolchain((("av", "18"),))).renditions[0]

    before, after = rolled(0), rolled(by)
    known = set(keys(before))
    again = [
        place
        for place, segment in zip(after.places, after.segments, strict=True)
        if digest(segment) not in known
    ]
    changed = Span(first - overlap, first + by)
    assert again
    near = Span(changed.first - 8, changed.stop + 8)  # a place so near to an edit is not cut at
    assert all(span.meets(near) for span in again)
    # Cut where all pieces of a shot have one length, every segment of both shots was made again.
    assert sum(len(span) for span in again) <= len(changed) + 2 * (48 + 7)


def test_a_roll_of_12_frames_makes_two_segments_of_nine_again() -> None:
    takes = {name: take(name, 400) for name in "ab"}

    def rolled(more: int) -> list[str]:
        shots = cut("a", length=f"{200 + more}f"), cut("b", start=f"{20 + more}f", length=f"{200 - more}f")
        return keys(compile_plan(job(*shots), takes, (), Toolchain((("av", "18"),))).renditions[0])

    before, after = rolled(0), rolled(12)
    assert (len(before), len(after)) == (10, 10)
    assert len(set(after) - set(before)) == 2


def test_a_shorter_version_shares_the_segments_they_have_in_common() -> None:
    long = version(cut("a"), cut("b"), marks=(title("AI", "0s", ""),))
    short = version(cut("a"), marks=(title("AI", "0s", ""),))
    shared = set(keys(long)) & set(keys(short))
    # Only the end of the short one differs: there its mark fades out.
    assert len(shared) == len(short.segments) - 1


def test_keys_name_everything_that_decides_a_pixel() -> None:
    base = keys(version(cut("a")))
    grain: Any = make("grain", {"strength": 2})
    look: Any = make("look", {"saturation": 0.5})
    changes = [
        version(cut("a", speed="2")),
        version(replace(cut("a"), colour=(look,))),
        version(cut("a"), grain=grain),
        version(cut("a"), deliver=(replace(deliver(), width=320, height=180),)),
        version(cut("a", fit="fit"), deliver=(deliver("tall", 360, 640),)),
        compile_plan(job(cut("a")), TAKES, (), Toolchain((("av", "19"),))).renditions[0],
    ]
    assert all(not set(keys(made)) & set(base) for made in changes)


@pytest.mark.parametrize("stage", ["look", "bloom", "deband", "grain", "title", "watermark"])
def test_a_new_release_of_the_package_that_a_stage_comes_from_makes_its_pixels_again(
    stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: Any = {
        "look": {"saturation": 0.5},
        "bloom": {"strength": 5},
        "grain": {"strength": 2},
        "deband": {},
    }
    parts: Any = {name: make(name, knobs) for name, knobs in (asked | {"watermark": {}}).items()}
    repairs = (Repair(parts["deband"], False, "spot.yaml:9"),)
    shot = replace(cut("a"), colour=(parts["look"],), effects=(parts["bloom"],), repairs=repairs)
    marked = Provenance(marking=Marking(parts["watermark"], "", "spot.yaml:40"))

    def made(release: str) -> set[str]:
        monkeypatch.setattr(
            segments, "release_of", lambda name: (("them", release),) if name == stage else ()
        )
        return set(
            keys(version(shot, grain=parts["grain"], titles=(title("AI", "0s", ""),), provenance=marked))
        )

    assert not made("1") & made("2")


def test_what_makes_no_pixel_is_in_no_segments_key() -> None:
    """A new library for sound makes the sound again, and no picture; and the other way round."""
    picture, sound = (("av", "18"),), (("soxr", "1"),)
    base, heard, seen = (
        compile_plan(job(cut("a")), TAKES, (), toolchain).renditions[0]
        for toolchain in (
            Toolchain(picture, sound),
            Toolchain(picture, (("soxr", "2"),)),
            Toolchain((("av", "19"),), sound),
        )
    )
    assert keys(heard) == keys(base)
    assert digest(heard.mix) != digest(base.mix)
    assert digest(seen.mix) == digest(base.mix)
    assert not set(keys(seen)) & set(keys(base))


def test_a_take_renamed_or_moved_keeps_its_segments() -> None:
    there = replace(TAKES["a"], file=replace(TAKES["a"].file, name="moved.mp4", path=None))
    moved = compile_plan(job(cut("a")), {"a": there}, (), Toolchain((("av", "18"),))).renditions[0]
    assert keys(moved) == keys(version(cut("a")))


def test_a_take_that_tests_make_is_the_same_in_every_process() -> None:
    assert (
        TAKES["a"].file.sha256 == "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
    )  # of "a"
