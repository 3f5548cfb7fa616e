"""Subjects of real and generated takes: right where they are known, kept by content, and turned upright."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from post.engine import Store
from post.job.model import TakeRef, Timed
from post.measure.attention.faces import FaceLooks, face_finder
from post.measure.subjects import Subjects
from post.picture.label import Label
from post.picture.reframe import Reframe
from post.plan.camera.crop_place import choose_focus, judge_crop
from post.prepare import subjects as module
from post.prepare.seen import faces as seen_faces
from post.prepare.sources import take_of
from post.prepare.subjects import face_facts, first_crops, subject_facts, subjects_of
from post.takes.made.synthetic import ClipRecipe, make_clip
from post.takes.probe import probe
from post.values import Span, Take
from tests.made.stores import open_store
from tests.plan.made import cut, deliver, job, take

TALL, WIDE = (1080, 1920), (1920, 1080)


def whole(clip: Take) -> tuple[Span]:
    return (Span(0, clip.picture.length),)


def crop(path: Path, size: tuple[int, int]) -> tuple[tuple[float, float], str, str]:
    """Returns the focus that auto chooses for a clip, and where the centre and that focus cut."""
    clip = probe(path, path.stem)
    found = subjects_of(clip, whole(clip), None)
    centre = Reframe().window(clip.picture.shown, *size)
    x, y = choose_focus(found, centre)
    chosen = Reframe(focus_x=x, focus_y=y).window(clip.picture.shown, *size)
    return (x, y), judge_crop(found, centre)[1], judge_crop(found, chosen)[1]


@pytest.mark.media
@pytest.mark.parametrize(
    ("name", "size", "focus", "centre", "auto"),
    [
        # A head at the top of a nearly square clip, and the masts of a ship: kept by auto.
        ("heygen_avatar_a_362x380", WIDE, (0.5, 0.3), "at the top", ""),
        ("cogvideox_1", WIDE, (0.5, 0.43), "at the top", ""),
        # Too wide for a 9:16 crop, whatever it keeps.
        ("cogvideox_1", TALL, (0.5, 0.5), "on the right", "on the right"),
        ("ltx2_dog_snow", TALL, (0.51, 0.5), "on the left", "on the left"),
        ("ltx2_guitar_768x512", TALL, (0.33, 0.5), "on the left", ""),
        # A speaker in the middle, a presenter, a forest, and a clip that shows nothing.
        ("ltx2_official_teacher", TALL, (0.5, 0.5), "", ""),
        ("heygen_avatar_a_362x380", TALL, (0.52, 0.5), "", ""),
        ("matrixgame2_forest", TALL, (0.5, 0.5), "", ""),
        ("kandinsky5_degenerate", TALL, (0.5, 0.5), "", ""),
    ],
)
def test_what_generated_clips_lose_in_a_crop(
    media: Callable[[str], Path],
    name: str,
    size: tuple[int, int],
    focus: tuple[float, float],
    centre: str,
    auto: str,
) -> None:
    found, lost_in_the_centre, lost = crop(media(f"ai_clips/{name}.mp4"), size)
    assert found == pytest.approx(focus, abs=0.03)
    assert (bool(lost_in_the_centre), bool(lost)) == (bool(centre), bool(auto))


@pytest.fixture
def clip(tmp_path: Path) -> Take:
    path = tmp_path / "dusk.mp4"
    make_clip(path, ClipRecipe("dusk", 160, 90, Fraction(24), 30))
    return probe(path, "dusk")


def test_a_take_is_looked_at_once(clip: Take, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep: Store = open_store(tmp_path / "store")
    first = subjects_of(clip, whole(clip), keep)
    assert len(first.views) == 3

    def again(*_: object) -> Subjects:
        raise AssertionError("looked at again")

    monkeypatch.setattr(module, "_found", again)
    assert subjects_of(clip, whole(clip), keep) == first
    with pytest.raises(AssertionError, match="looked at again"):
        subjects_of(clip, (Span(0, 9),), keep)


def test_key_frames_are_looked_at_or_else_frames_that_are_soon_reached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def looked_at(gop: int, *spans: Span) -> list[int]:
        path = tmp_path / f"{gop}.mp4"
        make_clip(path, ClipRecipe("dusk", 160, 90, Fraction(24), 60, gop=gop))
        take = probe(path, "clip")
        return module._frames(take, spans or whole(take))

    assert looked_at(12) == [0, 24, 48]
    assert looked_at(1000) == [10, 30, 50]
    assert looked_at(12, Span(20, 60)) == [24, 36, 48]
    assert looked_at(12, Span(20, 30)) == [21, 25, 28]
    assert looked_at(1000, Span(0, 6), Span(51, 60)) == [2, 52, 57]
    monkeypatch.setattr(module, "MOST_DECODED", 18 * 160 * 90)
    assert looked_at(1000) == [3, 9, 15]
    assert looked_at(1000, Span(42, 60)) == [45, 51, 57]


def test_what_the_cut_uses_of_a_take_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "subjects_of", lambda _, spans, __: spans)
    shots = (cut(start=f"{at}s", length="1s") for at in ("2", "7", "2.5"))
    found = subject_facts(
        job(*shots, deliver=(deliver("tall", 90, 160),)), {"dog": take(frames=240)}, None, {"dog"}
    )
    assert found["dog"].value == (Span(48, 84), Span(168, 192))


def test_takes_that_nothing_crops_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "subjects_of", lambda each, *_: each.name)
    takes = {name: take(name) for name in ("dog", "cat")}  # 640x360

    def looked(*shots: object, **more: object) -> list[str]:
        return sorted(subject_facts(job(*shots, **more), takes, None, {"dog", "cat"}))  # type: ignore[arg-type]

    assert looked(cut("dog"), cut("cat")) == []
    tall = deliver("tall", 90, 160)
    assert looked(cut("dog"), cut("cat", fit="fit"), deliver=(tall,)) == ["dog"]
    assert subject_facts(job(cut("dog"), deliver=(tall,)), takes, None, {"cat"}) == {}


def test_subjects_of_an_image_sequence_are_found_in_a_first_job_too(tmp_path: Path) -> None:
    """Its pack is gone when its take has been returned."""
    picture = np.full((90, 160, 3), (110, 150, 110), np.uint8)
    picture[20:70, 4:50] = (200, 30, 30)
    for number in range(1, 4):
        Image.fromarray(picture).save(tmp_path / f"f_{number}.png")
    ref = TakeRef("dog", tmp_path / "f_%d.png", "job.yaml:1")
    asked = job(cut("dog"), takes=(ref,), deliver=(deliver("tall", 90, 160),))
    (framed,) = first_crops(asked, [take_of(ref, ())])
    assert (framed.side, framed.better) == ("on the left", (0.16, 0.5))


@pytest.mark.media
def test_faces_are_looked_for_where_there_is_a_label_and_kept(
    media: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not face_finder():
        pytest.skip("faces are found with the extra `faces`")
    path = media("ai_clips/heygen_avatar_a_362x380.mp4")
    asked, store = job(cut("avatar", length="2s")), open_store(tmp_path)
    takes = {"avatar": take_of(TakeRef("avatar", path, "spot.yaml:4"), ())}
    assert face_facts(asked, takes, store, {"avatar"}) == {}
    labelled = replace(asked, marks=(Timed(Label(), "0s", "", "spot.yaml:7"),))
    found = face_facts(labelled, takes, store, {"avatar"})
    seen = found["avatar"].value
    assert isinstance(seen, FaceLooks)
    looks = seen.looks
    assert [look.at for look in looks] == list(
        range(0, 2 * round(takes["avatar"].picture.grid.rate), looks[1].at)
    )
    assert all(
        look.faces[0].sure > 0.8 and 0.3 < look.faces[0].left < look.faces[0].right < 0.7 for look in looks
    )
    monkeypatch.setattr(seen_faces, "small_frames", lambda *_: pytest.fail("decoded again"))
    assert face_facts(labelled, takes, store, {"avatar"}) == found
    assert face_facts(labelled, takes, None, set()) == {}
