"""The decision: what is matched by what, what is refused, and what never happens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from post.errors import SourceError
from post.measure.match import Decision, ShotFrames, frames_of, match, open_any
from post.measure.match.frames import SIDE, spread
from post.picture.colour.match import ColourMatch
from post.takes.made.synthetic import ClipRecipe, make_clip
from post.takes.probe import probe
from post.values.array import Array
from post.values.colour import Colour, Range
from post.values.time import Span
from tests.measure.match.pictures import difference, eyes, graded, picture

FLAT = np.full((64, 128, 3), (0.8, 0.5, 0.25))


def after(decision: Decision, rgb: Array) -> Array:
    return decision.stage.colour(rgb.reshape(-1, 3).astype(np.float64)).reshape(rgb.shape)


def test_the_same_frame_comes_back_from_its_grade() -> None:
    clean = picture("coffee")
    wrong = graded(clean)
    decision = match([wrong], [clean])
    assert decision.method == "correspondence"
    assert difference(wrong, clean) > 5
    assert difference(after(decision, wrong), clean) < 0.5


def test_another_view_of_the_scene_is_enough() -> None:
    left, right = eyes()
    wrong = graded(left)
    decision = match([wrong], [right])
    assert decision.method == "correspondence"
    assert difference(after(decision, wrong), left) < 0.25 * difference(wrong, left)


def test_a_view_that_shares_nothing_is_matched_by_its_palette() -> None:
    clean = picture("astronaut")
    middle = clean.shape[1] // 2
    clean, reference = clean[:, : middle - 8], clean[:, middle + 8 :]
    wrong = graded(clean)
    decision = match([wrong], [reference])
    assert decision.method == "palette"
    assert difference(after(decision, wrong), clean) < 0.7 * difference(wrong, clean)


def test_what_a_cdl_cannot_say_is_said_by_the_residual() -> None:
    clean = picture("coffee")
    bent = (clean + 0.05 * np.sin(2 * np.pi * clean)).astype(np.float32)
    decision = match([bent], [clean])
    assert decision.stage.residual
    assert not decision.guards  # the ten parameters alone would clip 2 % of it
    alone = replace(decision, stage=replace(decision.stage, residual=""))
    assert difference(after(decision, bent), clean) < 0.5 * difference(after(alone, bent), clean)


@pytest.mark.parametrize(
    ("target", "reference"), [("coffee", "rocket"), ("rocket", "chelsea"), ("astronaut", "coffee")]
)
def test_unrelated_scenes_are_left_alone_where_only_what_is_sure_is_wanted(
    target: str, reference: str
) -> None:
    decision = match([picture(target)], [picture(reference)], "sure")
    assert decision.method == "abstain"
    assert (decision.strength, decision.stage) == (0.0, ColourMatch())
    assert "sure" in decision.why


def test_nothing_is_moved_where_nothing_is_wrong() -> None:
    clean = picture("chelsea")
    decision = match([clean], [clean])
    assert difference(after(decision, clean), clean) < 0.05


def test_bars_around_either_shot_change_nothing() -> None:
    """Of a reference they were its darkest colour: 50 rows of them took half of this match's strength."""
    clean = picture("chelsea")
    middle = clean.shape[1] // 2
    target, reference = clean[:, : middle - 8], np.clip(clean[:, middle + 8 :] - 0.08, 4 / 255, 1)
    alone = match([target], [reference])
    assert (alone.method, alone.strength) == ("palette", 1.0)
    high, wide = ((50, 50), (0, 0), (0, 0)), ((0, 0), (60, 60), (0, 0))
    for bars in (high, wide):
        assert match([target], [np.pad(reference, bars)]) == alone
        assert match([np.pad(target, bars)], [reference]) == alone


def test_a_line_on_black_breaks_nothing() -> None:
    line, dot = np.zeros((2, 90, 160, 3), np.float32)
    line[45] = dot[45, 80] = 0.8
    for rgb in (line, line.transpose(1, 0, 2), dot):
        for pair in ((rgb, picture("coffee")), (picture("coffee"), rgb)):
            assert match([pair[0]], [pair[1]], "sure").method == "abstain"
            assert match([pair[0]], [pair[1]]).method in ("abstain", "balance")
        assert match([rgb], [rgb]).stage.exposure == (0, 0, 0)


def test_the_same_frames_give_the_same_decision() -> None:
    left, right = eyes()
    assert match([graded(left)], [right]) == match([graded(left)], [right])
    half = picture("coffee")
    assert match([half[:, :180]], [half[:, 200:]]) == match([half[:, :180]], [half[:, 200:]])


def test_a_black_shot_is_refused_in_words() -> None:
    black = np.zeros((90, 160, 3), np.float32)
    for pair, which in (
        ((black, picture("coffee")), "the shot"),
        ((picture("coffee"), black), "the reference"),
    ):
        decision = match([pair[0]], [pair[1]])
        assert decision.method == "abstain"
        assert f"{which} shows next to nothing" in decision.why


def test_colour_is_not_made_from_black_and_white() -> None:
    colour = picture("coffee")
    grey = np.repeat(colour.mean(2, keepdims=True), 3, 2)
    sepia = grey * np.array([1.0, 0.93, 0.8], np.float32) * 0.9
    for one in (grey, sepia):
        assert "black and white" in match([one], [colour], "sure").why
        assert "black and white" in match([colour], [one], "sure").why
        assert match([one], [colour]).stage.saturation == 1
    assert match([graded(grey)], [grey]).method == "correspondence"


def test_noise_gets_no_transfer() -> None:
    noise = np.random.default_rng(0).random((120, 200, 3)).astype(np.float32)
    assert match([noise], [picture("coffee")], "sure").method == "abstain"


def test_a_blank_or_tiny_picture_breaks_nothing() -> None:
    for rgb in (
        np.full((64, 64, 3), 0.5, np.float32),
        np.random.default_rng(0).random((4, 4, 3)).astype(np.float32),
    ):
        for pair in ((rgb, picture("coffee")), (picture("coffee"), rgb)):
            assert match([pair[0]], [pair[1]], "sure").method == "abstain"
            assert match([pair[0]], [pair[1]]).method in ("abstain", "balance")


def test_a_frozen_clip_is_matched_as_its_one_picture() -> None:
    clean = picture("coffee")
    frozen, alone = match([graded(clean)] * 8, [clean]), match([graded(clean)], [clean])
    assert frozen.method == alone.method == "correspondence"
    assert frozen.stage.exposure == pytest.approx(alone.stage.exposure, abs=0.02)


def test_a_clip_is_read_as_its_file_has_it(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "bars.mp4", ClipRecipe("bars", 192, 108, Fraction(24), 24))
    footage = open_any(path)
    assert isinstance(footage, ShotFrames)
    frames = frames_of(footage)
    assert [frame.shape for frame in frames] == [(108, 192, 3)] * 8
    decision = match(footage, ShotFrames(path, footage.picture, Span(4, 20)))
    assert difference(after(decision, frames[0]), frames[0]) < 0.5


@pytest.mark.parametrize("spread_", ["limited", "full"])
def test_codes_are_read_by_their_range(tmp_path: Path, spread_: Range) -> None:
    colour = Colour(range=spread_)
    path = make_clip(
        tmp_path / "flat.mp4", ClipRecipe("bars", 128, 64, Fraction(24), 2, colour=colour), lambda _: FLAT
    )
    (frame, _) = frames_of(open_any(path))
    assert np.abs(frame - FLAT[0, 0]).max() < 0.02


def test_a_shot_is_sampled_evenly_and_never_twice() -> None:
    assert spread(Span(10, 12)) == [10, 11]
    assert spread(Span(0, 80)) == [5, 15, 25, 35, 45, 55, 65, 75]


def test_a_still_is_read_upright_and_small(tmp_path: Path) -> None:
    from PIL import Image

    image = Image.fromarray(np.uint8(picture("coffee") * 255)).resize((800, 400))
    exif = Image.Exif()
    exif[0x0112] = 6  # EXIF 2.3, Orientation: turned by 90 degrees
    image.save(tmp_path / "turned.jpg", exif=exif)
    (frame,) = frames_of(open_any(tmp_path / "turned.jpg"))
    assert frame.shape == (SIDE, SIDE // 2, 3)


@pytest.mark.parametrize("name", ["gone.png", "junk.png", "gone.mp4"])
def test_what_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "junk.png").write_bytes(b"no picture")
    with pytest.raises(SourceError, match=name):
        open_any(tmp_path / name)


@pytest.mark.media
@pytest.mark.parametrize("stem", ["ltx2_official", "ltx2_guitar"])
def test_real_takes_of_one_prompt_end_nearer_to_each_other(media: Callable[[str], Path], stem: str) -> None:
    target, reference = (media(f"ai_clips/{stem}_{who}.mp4") for who in ("student", "teacher"))
    decision = match(open_any(target), open_any(reference))
    assert decision.method != "abstain"
    frame, other = (frames_of(open_any(path))[0] for path in (target, reference))
    apart = [
        np.linalg.norm(each.mean((0, 1)) - other.mean((0, 1))) for each in (frame, after(decision, frame))
    ]
    assert apart[1] < apart[0]


@pytest.mark.media
def test_a_film_scan_and_a_broken_generation_get_no_transfer(media: Callable[[str], Path]) -> None:
    colour = open_any(media("ai_clips/ltx2_official_teacher.mp4"))
    for name in ("footage/chaplin_filmscan_360p.mp4", "ai_clips/kandinsky5_degenerate.mp4"):
        path = media(name)
        picture_ = probe(path, path.stem).picture
        assert match(ShotFrames(path, picture_, Span(0, 48)), colour, "sure").method == "abstain"
