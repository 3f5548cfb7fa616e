"""Laws of every transition that makes its own picture: a new one is tested by being registered."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from post.picture.transitions.picture_transition import Moment, PictureTransition
from post.picture.transitions.shape.wipe_codes import WIPES
from post.picture.transitions.tools.warping import shift, turn_and_scale, warp
from post.stage import Planes16, find, stage_names
from post.stage_knobs import make
from post.values import Clock, Format

NAMES = [name for name in stage_names() if issubclass(find(name), PictureTransition)]
FILM = Format(64, 48, Clock(Fraction(24)), 48)
CHROMA = {"420": (2, 2), "422": (2, 1), "444": (1, 1)}
# Knobs at which each does all that it can.
VARIANTS: list[tuple[str, dict[str, Any]]] = [
    *((name, {}) for name in NAMES),
    *(("wipe", {"code": code}) for code in WIPES),
    ("wipe", {"code": 41, "softness": 20, "border": 3, "reverse": True}),
    ("iris", {"shape": "diamond", "border": 5}),
    ("iris", {"shape": "box", "reverse": True, "softness": 40}),
    ("clock", {"hands": 3, "start": 90, "border": 4}),
    ("slide", {"mode": "uncover", "direction": "down"}),
    ("push", {"direction": "up", "ease": "linear"}),
    ("split", {"along": "horizontal"}),
    ("whip-pan", {"direction": "down", "travel": 4}),
    ("zoom", {"direction": "out", "ease": "smooth"}),
    ("dissolve", {"mode": "film"}),
    ("dissolve", {"mode": "additive"}),
    ("dip", {"colour": "#ffffff", "hold": 40}),
]
IDS = [f"{name} {' '.join(map(str, knobs.values()))}".strip() for name, knobs in VARIANTS]


def picture(height: int, width: int, chroma: str = "420", seed: int = 0) -> Planes16:
    """A gradient with noise, in legal codes."""
    rng, (across, down) = np.random.default_rng(seed), CHROMA[chroma]
    y, cb, cr = (
        rng.integers(4096, 60161, shape).astype(np.uint16)
        for shape in ((height, width), *((height // down, width // across),) * 2)
    )
    for plane in (y, cb, cr):
        plane.setflags(write=False)
    return y, cb, cr


def flat(height: int, width: int, codes: tuple[int, int, int]) -> Planes16:
    y, cb, cr = (
        np.full(shape, code, np.uint16)
        for shape, code in zip(((height, width), *((height // 2, width // 2),) * 2), codes, strict=True)
    )
    return y, cb, cr


def moment(share: float, length: int = 11) -> Moment:
    return Moment(share, max(0, min(length - 1, round(share * (length + 1)) - 1)), length, 40, FILM)


def same(one: Planes16, other: Planes16) -> bool:
    return all(map(np.array_equal, one, other))


def made(name: str, knobs: dict[str, Any]) -> PictureTransition:
    return PictureTransition.require(make(name, knobs))


def test_there_are_twenty_and_more() -> None:
    assert len(NAMES) >= 20


@pytest.mark.parametrize(("name", "knobs"), VARIANTS, ids=IDS)
def test_at_a_share_of_0_and_1_only_one_shot_is_seen(name: str, knobs: dict[str, Any]) -> None:
    stage, going, coming = made(name, knobs), picture(48, 66, seed=1), picture(48, 66, seed=2)
    assert same(stage.mix(going, coming, moment(0.0)), going)
    assert same(stage.mix(going, coming, moment(1.0)), coming)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=6, deadline=None)
@given(data=st.data())
def test_any_size_and_chroma_is_made_and_the_same_again(name: str, data: st.DataObject) -> None:
    """Sizes are no multiples of 16; the second picture is made in memory that something else has filled."""
    height, width = (2 * data.draw(st.integers(4, 37)) for _ in range(2))
    chroma, share = data.draw(st.sampled_from(list(CHROMA))), data.draw(st.integers(1, 11)) / 12
    stage = made(name, {})
    going, coming = (picture(height, width, chroma, seed) for seed in (1, 2))
    first = stage.mix(going, coming, moment(share))
    dirt = [np.full(plane.shape, 0xABCD, np.uint16) for plane in going for _ in range(4)]
    del dirt
    again = made(name, {}).mix(going, coming, moment(share))
    assert [(p.shape, p.dtype) for p in first] == [(p.shape, p.dtype) for p in going]
    assert same(first, again)


@pytest.mark.parametrize(
    "name", sorted({"push", "slide", "split", "zoom", "spin", "whip-pan", "ripple", "morph"})
)
def test_nothing_dark_enters_where_both_pictures_are_bright(name: str) -> None:
    """No sliver of black at an edge, and no colour that neither picture has."""
    going, coming = flat(90, 160, (40000, 30000, 36000)), flat(90, 160, (52000, 34000, 31000))
    stage = made(name, {"shadow": 0} if name == "slide" else {})
    for step in range(1, 12):
        for plane, a, b in zip(stage.mix(going, coming, moment(step / 12)), going, coming, strict=True):
            low, high = sorted((int(a[0, 0]), int(b[0, 0])))
            assert low - 1 <= plane.min() <= plane.max() <= high + 1


@pytest.mark.parametrize("code", WIPES)
def test_chroma_turns_where_luma_does(code: int) -> None:
    """Two flat pictures whose chroma follows their luma: at every sample both are mixed by the same share."""
    going, coming = flat(90, 160, (20000, 20000, 20000)), flat(90, 160, (50000, 50000, 50000))
    for softness in (0, 30):
        y, cb, _ = made("wipe", {"code": code, "softness": softness}).mix(going, coming, moment(0.4))
        luma = y.astype(float)
        left = np.concatenate([luma[:, :1], luma[:, 1:-1:2]], axis=1)
        sited = (left + 2 * luma[:, ::2] + luma[:, 1::2]) / 4
        assert abs((sited[::2] + sited[1::2]) / 2 - cb).max() <= 2


@pytest.mark.parametrize("name", NAMES)
def test_a_transition_changes_a_little_from_frame_to_frame(name: str) -> None:
    """It is no cut: of 24 frames, none shows more than half of the whole change of brightness."""
    if name == "glitch":
        return  # which jumps by design
    going, coming = flat(46, 82, (16000, 32768, 32768)), flat(46, 82, (48000, 32768, 32768))
    stage = made(name, {})
    means = [stage.mix(going, coming, moment(k / 25, 24))[0].mean() for k in range(26)]
    assert (means[0], means[-1]) == (16000, 48000)
    assert abs(np.diff(means)).max() < 24000


def test_a_dip_at_the_film_s_ends_goes_one_way() -> None:
    shown, black = flat(16, 16, (40000, 30000, 30000)), flat(16, 16, (4096, 32768, 32768))
    stage = made("dip", {})
    opening = [
        stage.mix(black, shown, Moment(k / 12, k - 1, 11, k, FILM, "opening"))[0].mean() for k in range(1, 12)
    ]
    ending = [
        stage.mix(shown, black, Moment(k / 12, k - 1, 11, k, FILM, "ending"))[0].mean() for k in range(1, 12)
    ]
    assert opening == sorted(opening)
    assert ending == sorted(ending, reverse=True)
    assert opening[0] < 6000 < 38000 < opening[-1]


def test_film_mode_mixes_light() -> None:
    """Half of the light of white beside black is 2 ** (-1 / 2.4) of its code (BT.1886)."""
    black, white = flat(16, 16, (4096, 32768, 32768)), flat(16, 16, (60160, 32768, 32768))
    y, _, _ = made("dissolve", {"mode": "film"}).mix(black, white, moment(0.5))
    assert abs((y[0, 0] - 4096) / 56064 - 0.5 ** (1 / 2.4)) < 1e-3


def test_a_morph_moves_what_both_shots_show() -> None:
    """One texture, 8 samples further right in the second shot: halfway it is 4 samples further, and sharp."""
    import cv2

    texture = cv2.GaussianBlur(
        np.random.default_rng(7).normal(0, 1, (96, 200)).astype(np.float32), (0, 0), 2.5
    )
    codes = np.clip(32768 + texture * 60000, 4096, 60160).astype(np.uint16)

    def shot(left: int) -> Planes16:
        y = np.ascontiguousarray(codes[:, left : left + 160])
        grey = np.full((48, 80), 32768, np.uint16)
        return y, grey, grey

    halfway = shot(16)[0].astype(float)
    inside = slice(12, -12)
    off = {
        name: np.abs(made(name, {}).mix(shot(20), shot(12), moment(0.5))[0] - halfway)[inside, inside].mean()
        for name in ("morph", "dissolve")
    }
    assert off["morph"] < 0.25 * off["dissolve"]


def test_a_morph_of_two_strange_pictures_is_a_dissolve() -> None:
    """Independent noise has no motion in common: what little is believed moves nothing far."""
    going, coming = picture(96, 160, seed=1), picture(96, 160, seed=2)
    plain = made("morph", {"amount": 0}).mix(going, coming, moment(0.5))[0].astype(float)
    found = made("morph", {}).mix(going, coming, moment(0.5))[0]
    assert np.corrcoef(found.ravel(), plain.ravel())[0, 1] > 0.9


def test_a_warp_keeps_chroma_on_its_site() -> None:
    """A ramp in all planes, turned and enlarged: chroma is where luma is, as left-sited 4:2:0 has it."""
    height, width = 90, 160
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    luma = (20000 + 100 * x + 60 * y).astype(np.uint16)
    chroma = (20000 + 100 * x[::2, ::2] + 60 * (y[::2, ::2] + 0.5)).astype(np.uint16)
    matrix = turn_and_scale(5, 1.3, (80, 45)) @ shift(3.3, -2.7)
    out = warp((luma, chroma, chroma), matrix)
    sited = (out[0][::2, ::2].astype(float) + out[0][1::2, ::2]) / 2
    assert abs(sited - out[1])[6:-6, 6:-6].max() < 40  # half a sample off would be 50 and more


@pytest.mark.parametrize(
    ("code", "turned", "not_yet"),
    [
        (1, (0.2, 0.5), (0.8, 0.5)),
        (2, (0.5, 0.2), (0.5, 0.8)),
        (3, (0.2, 0.2), (0.8, 0.2)),
        (5, (0.8, 0.8), (0.2, 0.2)),
        (21, (0.5, 0.1), (0.1, 0.5)),
        (22, (0.1, 0.5), (0.5, 0.1)),
        (41, (0.1, 0.1), (0.9, 0.9)),
        (42, (0.9, 0.1), (0.1, 0.9)),
        (61, (0.5, 0.1), (0.1, 0.9)),
        (64, (0.1, 0.5), (0.9, 0.1)),
        (119, (0.5, 0.5), (0.05, 0.05)),
        (201, (0.6, 0.2), (0.4, 0.2)),
        (202, (0.9, 0.6), (0.9, 0.4)),
        (203, (0.4, 0.8), (0.6, 0.8)),
        (204, (0.1, 0.4), (0.1, 0.6)),
        (221, (0.9, 0.1), (0.1, 0.1)),
        (241, (0.9, 0.1), (0.05, 0.9)),
        (242, (0.9, 0.9), (0.05, 0.1)),
        (243, (0.1, 0.9), (0.95, 0.1)),
        (244, (0.1, 0.1), (0.95, 0.9)),
        (251, (0.25, 0.05), (0.5, 0.9)),
    ],
)
def test_a_code_wipes_as_editors_know_it(
    code: int, turned: tuple[float, float], not_yet: tuple[float, float]
) -> None:
    """Two places (shares from the left and the top) when two fifths of the time have passed."""
    going, coming = flat(90, 160, (20000, 32768, 32768)), flat(90, 160, (60000, 32768, 32768))
    y, _, _ = made("wipe", {"code": code, "ease": "linear"}).mix(going, coming, moment(0.4))
    there, here = (y[int(down * 90), int(across * 160)] for across, down in (turned, not_yet))
    assert (there, here) == (60000, 20000)
