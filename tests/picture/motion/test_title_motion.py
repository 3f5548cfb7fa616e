"""Titles that move: exact to a fraction of a pixel, at rest where they rest, the same however a film is cut."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

from post.errors import JobError
from post.picture.composite import Overlay, blend_overlay
from post.picture.motion.moves import Move, TypeMotion, motion_text, read_motion
from post.picture.title import Title
from post.stage import FlatRaster, Raster
from post.stage_knobs import make
from post.values.array import Array
from post.values.colour import BT709, Format
from post.values.media import File
from post.values.time import Clock
from tests.made import colour_fonts
from tests.picture.drawn import Frame

CLOCK = Clock(Fraction(24))


def film(width: int = 640, height: int = 360, depth: Literal[8, 10] = 10) -> Format:
    return Format(width, height, CLOCK, 48, depth, "420", BT709)


def title(motion: TypeMotion | None = None, **knobs: object) -> Title:
    text = motion_text(motion) if motion else ""
    made = make("title", {"text": "Winter is coming", "motion": text, **knobs})
    assert isinstance(made, Title)
    return made


def blended(made: Title, canvas: Format, frame: int, length: int) -> Frame:
    """Returns a black frame of a film with the title in it."""
    kind, unit = (np.uint8, 1) if canvas.depth == 8 else (np.uint16, 4)
    half = (canvas.height // 2, canvas.width // 2)
    out = Frame(
        np.full((canvas.height, canvas.width), 16 * unit, kind),
        *(np.full(half, 128 * unit, kind) for _ in range(2)),
    )
    pose = made.pose(frame, length, canvas.clock)
    drawn = made.draw(canvas) if pose.moment is None else made.draw_moment(canvas, pose.moment)
    blend_overlay(out, Overlay(drawn, canvas), pose)
    return out


def centroid(luma: Array, axis: int, black: int) -> float:
    light = (luma.astype(np.float64) - black).sum(axis)
    return float((light * np.arange(light.size)).sum() / light.sum())


@pytest.mark.parametrize("depth", [8, 10])
@pytest.mark.parametrize(("way", "axis"), [("dx", 0), ("dy", 1)])
@pytest.mark.parametrize("scale", [100, 104])
def test_a_slow_pan_is_exact_in_every_frame(depth: Literal[8, 10], way: str, axis: int, scale: float) -> None:
    """A tenth of a pixel a frame: the centroid of the finished luma is where it should be, to .02 px."""
    canvas, length = film(depth=depth), 61
    pixels = Fraction(length - 1, 10) * 100 / 360
    move = Move(ease="linear", **{way: f"{float(pixels):.9f}%"}, scale=100)  # type: ignore[arg-type]  # a distance
    held = Move(length="100s", scale=scale, ease="step-start") if scale != 100 else None
    made = title(TypeMotion(during=move, out=held), shadow=0, fade_in="0f", fade_out="0f")
    frames = [blended(made, canvas, frame, length).y for frame in range(length)]
    places = [centroid(luma, axis, 16 if depth == 8 else 64) for luma in frames]
    errors = np.array(places) - places[0] - np.arange(length) / 10
    assert np.abs(errors - errors.mean()).max() <= 0.02


def test_a_title_at_rest_names_no_moment_and_shares_its_poses() -> None:
    motion = TypeMotion(into=Move(length="6f", dy="1em"), out=Move(length="4f", opacity=0))
    short, long = ([title(motion).pose(f, n, CLOCK) for f in range(n)] for n in (24, 48))
    assert [pose.moment is None for pose in long] == [False] * 6 + [True] * 38 + [False] * 4
    assert short[:6] == long[:6]
    assert short[-4:] == long[-4:]
    assert len({(pose.opacity, pose.moment) for pose in long[6:-4]}) == 1


def test_a_motion_that_only_fades_is_a_fade() -> None:
    motion = TypeMotion(into=Move(length="3f", opacity=0, ease="linear"), out=Move(length="1f", opacity=0))
    poses = [title(motion).pose(f, 8, CLOCK) for f in range(8)]
    assert [pose.opacity for pose in poses[:4]] == pytest.approx([0.25, 0.5, 0.75, 1])
    assert all(pose.moment is None for pose in poses)
    plain = title(fade_in="3f", fade_out="0f", ease="linear")
    assert [plain.pose(f, 8, CLOCK).opacity for f in range(7)] == pytest.approx(
        [p.opacity for p in poses[:7]]
    )


def test_a_moment_is_drawn_the_same_in_any_order() -> None:
    motion = TypeMotion(
        into=Move(length="8f", by="cluster", stagger="1f", dy="1em", blur=1, opacity=0), shutter=180
    )
    canvas, made = film(), title(motion, plate=True)
    moments = [pose.moment for pose in (made.pose(f, 40, CLOCK) for f in range(24)) if pose.moment]
    first = {moment: made.draw_moment(canvas, moment) for moment in moments}
    again = title(motion, plate=True, opacity=0.99)  # another title: nothing kept
    for moment in reversed(moments):
        drawn, known = again.draw_moment(canvas, moment), first[moment]
        assert isinstance(drawn, FlatRaster)
        assert isinstance(known, FlatRaster)
        assert (drawn.left, drawn.top) == (known.left, known.top)
        assert all(np.array_equal(a, b) for a, b in zip(drawn.alphas, known.alphas, strict=True))


def test_motion_as_text_is_read_as_it_was_written() -> None:
    motion = TypeMotion(Move(dx="-4%", reveal="left"), Move(by="word", stagger="2f"), Move(scale=103), 180)
    assert read_motion(motion_text(motion), "x") == motion


@pytest.mark.parametrize(
    "text", ["rise", "[]", '{"up": {}}', '{"in": {"dz": 1}}', '{"shutter": 999}', "{" * 3000]
)
def test_a_text_that_is_no_motion_is_told(text: str) -> None:
    with pytest.raises(JobError, match=r"title\.motion: not a motion"):
        make("title", {"text": "x", "motion": text})


def test_a_glow_lights_the_picture_around_letters_and_leaves_them() -> None:
    canvas = film()
    plain, lit = (blended(title(shadow=0, glow=glow), canvas, 20, 40) for glow in (0, 1.5))
    letters = plain.y == plain.y.max()
    assert np.array_equal(plain.y[letters], lit.y[letters])
    assert (lit.y.astype(int) - plain.y).min() >= 0
    near = np.argwhere(letters).min(0)
    assert lit.y[near[0] - 3, near[1] + 2] > plain.y[near[0] - 3, near[1] + 2] + 20
    assert lit.y[0, 0] == plain.y[0, 0]


def test_a_glow_moves_with_its_letters() -> None:
    canvas = film()
    motion = TypeMotion(into=Move(length="4f", dx="20%", ease="linear"))
    still, moved = title(shadow=0, glow=1.0), title(motion, shadow=0, glow=1.0)
    rest, first = still.draw(canvas), moved.draw_moment(canvas, (1, -1, 0))
    assert rest.under is not None
    assert first.under is not None
    shift = 0.2 * 360 * 3 / 5
    for a, b in ((rest.alpha, first.alpha), (rest.under.alpha, first.under.alpha)):
        assert a.sum() == pytest.approx(b.sum(), rel=1e-3)
    assert first.under.left - rest.under.left == pytest.approx(
        shift, abs=2
    )  # a wide blur starts at its own samples


def test_a_glow_around_a_lower_third_is_refused() -> None:
    with pytest.raises(JobError, match=r"title\.glow: a glow around more than a line of type"):
        title(glow=1.0, second="Director")


def test_a_calm_title_fades_where_it_would_move() -> None:
    motion = TypeMotion(
        Move(length="6f", dx="9%", by="word", stagger="2f"), Move(length="3f", blur=2), Move(scale=110)
    )
    poses = [title(motion, calm=True).pose(frame, 24, CLOCK) for frame in range(24)]
    assert all(pose.moment is None for pose in poses)
    assert [pose.opacity < 1 for pose in poses] == [True] * 6 + [False] * 15 + [True] * 3


def test_a_lower_third_that_slides_out_of_nothing_stays_in_its_box() -> None:
    motion = TypeMotion(into=Move(length="6f", dy="1em", clip=True))
    made, canvas = title(motion, second="Director", bar="side"), film()
    rest = made.draw(canvas)
    tops = []
    for frame in range(6):
        drawn = made.draw_moment(canvas, made.pose(frame, 40, CLOCK).moment or ())
        assert drawn.top >= rest.top
        assert drawn.top + drawn.alpha.shape[0] <= rest.top + rest.alpha.shape[0]
        tops.append(drawn.top)
    assert tops == sorted(tops, reverse=True)
    assert tops[0] > tops[-1]


def test_a_lower_third_slides_by_its_own_height_out_of_nothing() -> None:
    """Where it is clipped, an em is the height of the whole: 1em of its first line would leave the second one there."""
    motion = TypeMotion(into=Move(length="2f", dy="1em", ease="steps(1)", clip=True))
    made, canvas = title(motion, second="Director", bar="side"), film()
    assert not made.draw_moment(canvas, (0, -1, 0)).alpha.any()


def test_colour_glyphs_keep_their_glow_as_they_move(tmp_path: Path) -> None:
    whole = colour_fonts.layered("\U0001f600")
    path = tmp_path / "colour.ttf"
    path.write_bytes(whole)
    font = File(hashlib.sha256(whole).hexdigest(), path.name, path)
    motion = TypeMotion(into=Move(length="4f", dx="20%", ease="linear"))
    knobs: dict[str, Any] = {"text": "\U0001f600", "font": font, "shadow": 0, "glow": 2.0, "size": 20}
    rest = title(**knobs).draw(film())
    moved = title(motion, **knobs).draw_moment(film(), (1, -1, 0))
    assert isinstance(moved, Raster)
    assert rest.under is not None
    assert moved.under is not None
    assert moved.under.blend == rest.under.blend
    assert moved.under.alpha.sum() == pytest.approx(rest.under.alpha.sum(), rel=1e-3)
    shift = 0.2 * 360 * 3 / 5
    assert moved.under.left - rest.under.left == pytest.approx(shift, abs=2)


def test_what_moves_as_one_piece_and_was_made_smaller_goes_as_far_as_its_own_ems() -> None:
    """Columns that are half as large move half as far."""
    motion = TypeMotion(into=Move(length="1f", dx="2em", ease="steps(1)"))
    knobs: dict[str, Any] = {"text": "Winter is coming", "writing": "vertical", "lines": 1, "shadow": 0}
    small = title(motion, size=60, least_size=2, **knobs)
    rest, moved = small.draw(film()), small.draw_moment(film(), (0, -1, 0))
    em = rest.alpha.any(0).sum()
    assert 0 < moved.left - rest.left < 4 * em


@pytest.mark.parametrize("more", [{"second": "Director"}, {"bar": "side"}, {"writing": "vertical"}])
def test_a_motion_of_which_nothing_would_be_seen_is_refused(more: dict[str, str]) -> None:
    """What moves as one piece has no letters that come one after the other."""
    one_by_one = TypeMotion(into=Move(length="0s", by="cluster", stagger="1f", opacity=0))
    title(one_by_one)
    title(one_by_one, calm=True, **more)
    title(TypeMotion(into=Move(by="cluster", stagger="1f", opacity=0)), **more)
    with pytest.raises(JobError, match=r"title\.motion: its parts come one by one"):
        title(one_by_one, **more)
