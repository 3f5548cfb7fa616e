"""Laws 1, 8 and 9 on every stage there is: a new stage is tested by being registered."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from contextlib import nullcontext, suppress
from dataclasses import MISSING, fields, replace
from fractions import Fraction
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from post.captions.model import Caption, CaptionRun
from post.errors import AnswerprintError, JobError, Problems
from post.knob import Knob, knobs_of
from post.picture.captions.content import write_content
from post.picture.transitions.picture_transition import Moment, PictureTransition
from post.picture.watermark import Watermark
from post.stage import (
    ColourStage,
    FieldStage,
    FinishStage,
    FrameEffect,
    LayerStage,
    RepairStage,
    Setting,
    Stage,
    TransitionStage,
    call_of,
    find,
    open_call,
    stage_names,
)
from post.stage_knobs import make
from post.values import Action, Clock, File, Format, Span, digest, from_plain, plain
from post.values.plan import StageCall
from provenance.claim.vocabulary import ACTIONS
from provenance.durable.watermark_key import write_pattern
from tests.provenance.durable.marked import KEY

# A stage of an extra that is not installed here cannot be made; tests of its own skip by name.
EXTRAS = {"moviepy": "moviepy"}
NAMES = [name for name in stage_names() if name not in EXTRAS or find_spec(EXTRAS[name])]
FILM = Format(640, 360, Clock(Fraction(24)), 48)
SAID = Caption(Fraction(0), Fraction(2), (CaptionRun("Winter"),), "")
# What a knob without a default is given here, and text a stage can do something with.
GIVEN: dict[str, dict[str, Any]] = {
    "title": {"text": "Winter"},
    "caption": {"content": write_content(SAID)},
    "scale": {"width": 640, "height": 360},
    "made": {"make": "bars"},
    "ffmpeg": {"filters": "hue=s=0"},
    "moviepy": {"effect": "BlackAndWhite"},
}
# Stages that declare nothing at any knobs, and why. There is none.
SILENT: dict[str, str] = {}
TEXTS = {"text": "Winter", "speed": "0s:1, 1s:2:smooth", "preset": "medium", "mended": "hum clicks"}


@pytest.fixture(scope="module")
def logo(tmp_path_factory: pytest.TempPathFactory) -> File:
    from PIL import Image

    from post.atomic import checksum

    path = tmp_path_factory.mktemp("logo") / "logo.png"
    Image.new("RGBA", (64, 32), (200, 30, 30, 128)).save(path)
    return File(checksum(path).sha256, path.name, path)


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> File:
    return write_pattern(tmp_path_factory.mktemp("config"), KEY, 0x0A1B2C3D)


def needed(name: str, logo: File) -> dict[str, Any]:
    """Values for the knobs that have no default, or whose default draws nothing."""
    required = {f.name for f in fields(find(name)) if f.default is MISSING}  # type: ignore[arg-type]  # a dataclass
    required |= set(GIVEN.get(name, {}))
    kinds = knobs_of(find(name))
    usual: dict[str, Any] = {"file": logo, "duration": "1s", "text": "Winter"}
    return {key: GIVEN.get(name, {}).get(key, usual.get(str(kinds[key].kind))) for key in required}


def values(key: str, knob: Knob) -> st.SearchStrategy[Any]:
    """Everything a knob may hold, its bounds among them."""
    lo = knob.lo if math.isfinite(knob.lo) else -1000
    hi = knob.hi if math.isfinite(knob.hi) else 1000
    number = st.sampled_from([lo, hi]) | st.floats(lo, hi)
    kinds: dict[str, Callable[[], st.SearchStrategy[Any]]] = {
        "number": lambda: number,
        "whole": lambda: st.integers(int(lo), int(hi)),
        "triple": lambda: st.tuples(number, number, number),
        "series": lambda: st.lists(number, max_size=3).map(tuple),
        "switch": st.booleans,
        "choice": lambda: st.sampled_from(knob.choices),
        "hex": lambda: st.sampled_from(["#000000", "#ffffff", "#c81e1e"]),
        "duration": lambda: st.sampled_from(["0f", "12f", "0.5s", "250ms"]),
        "text": lambda: st.just(TEXTS[key]),
        "file": st.none,
    }
    return kinds[str(knob.kind)]()


def any_stage(name: str, logo: File) -> st.SearchStrategy[Stage]:
    """A stage with each knob at its default, or anywhere within its bounds."""
    kinds, base = knobs_of(find(name)), needed(name, logo)
    drawn = {
        key: values(key, knob)
        for key, knob in kinds.items()
        if key not in base and (knob.kind != "text" or key in TEXTS)
    }
    chosen = st.fixed_dictionaries({}, optional=drawn)
    return chosen.map(lambda knobs: refused_or_made(name, {**base, **knobs}))


def refused_or_made(name: str, knobs: dict[str, Any]) -> Stage:
    """The stage; where knobs that hold alone do not hold together, hypothesis draws others."""
    try:
        return make(name, knobs)
    except AnswerprintError:
        reject()


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_every_stage_declares_itself_in_known_terms(name: str, data: st.DataObject, logo: File) -> None:
    made = data.draw(any_stage(name, logo))
    action = made.declare(Span(0, 48))
    if action is None:
        return  # which stages may, and when, is what the next two tests are about
    assert isinstance(action, Action)
    rule = ACTIONS[action.name]
    assert action.source_type or rule.source_type != "needs"
    assert all("." in key for key, _ in action.parameters)
    assert {key.rsplit(".", 1)[1] for key, _ in action.parameters} == {*knobs_of(type(made)), "version"}


def ends(knob: Knob) -> list[Any]:
    """Values far from a knob's default, whatever that is, and some close to where many have theirs."""
    number = [end for end in (knob.lo, knob.hi) if math.isfinite(end)]
    if len(number) == 2:
        number += [knob.lo + (knob.hi - knob.lo) * share for share in (1 / 16, 17 / 32)]
    kinds: dict[str, list[Any]] = {
        "number": number,
        "whole": [int(end) for end in number],
        "triple": [(end,) * 3 for end in number],
        "series": [(end,) * 3 for end in number],  # of three, as colours have it
        "switch": [False, True],
        "choice": list(knob.choices),
        "duration": ["1s"],
    }
    return kinds.get(str(knob.kind), [])


def far_from_idle(name: str, logo: File) -> Iterator[Stage]:
    """The stage as it is made with no knob set, then with each knob in turn far from its default."""
    base = needed(name, logo)
    others = [
        {key: value}
        for key, knob in knobs_of(find(name)).items()
        for value in ([TEXTS[key]] if key in TEXTS else ends(knob))
    ]
    for knobs in ({}, *others):
        with suppress(AnswerprintError):  # knobs that hold alone and not together
            yield make(name, {**base, **knobs})


@pytest.mark.parametrize("name", NAMES)
def test_every_stage_declares_an_action_at_some_knobs(name: str, logo: File, pattern: File) -> None:
    silent = [made for made in far_from_idle(name, logo) if made.declare(Span(0, 48)) is None]
    assert (silent == list(far_from_idle(name, logo))) == (name in SILENT)
    assert [made for made in silent if changes(made, pattern)] == []


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_every_stage_renders_and_declares_what_it_changed(
    name: str, data: st.DataObject, logo: File, pattern: File
) -> None:
    made = data.draw(any_stage(name, logo))
    # A layer too large for the frame may refuse, in words; anything else is a fault.
    with suppress(JobError) if isinstance(made, LayerStage) else nullcontext():
        changed = changes(made, pattern)
        assert made.declare(Span(0, 48)) is not None or not changed


@pytest.mark.parametrize("name", [name for name in NAMES if issubclass(find(name), LayerStage)])
def test_every_layer_is_drawn_as_it_is_made(name: str, logo: File, pattern: File) -> None:
    """Only knobs that somebody turned may ask for what a frame has no room for."""
    assert changes(make(name, needed(name, logo)), pattern)


def changes(made: Stage, pattern: File) -> bool:
    """Whether the stage changes what it is given. Fails where it does what its kind must not."""
    if isinstance(made, Watermark):
        made = replace(made, carrier=pattern)  # as a plan does: without, it refuses every frame
    checks = [check for kind, check in CHECKS.items() if isinstance(made, kind)]
    assert checks, f"{made.name} is of no kind that an engine renders"
    return checks[0](made)


def colour_is_finite(made: Any) -> bool:
    rgb = np.random.default_rng(0).random((500, 3))
    out = made.colour(rgb)
    assert out.shape == rgb.shape
    assert np.isfinite(out).all()
    return not np.allclose(out, rgb, rtol=0, atol=1e-9)  # a curve and its inverse leave the last bits changed


def field_is_noise(made: Any) -> bool:
    sigma = made.sigma(np.linspace(0, 1, 50))
    assert sigma.shape == (50,)
    assert (sigma >= 0).all()
    assert np.isfinite(made.tile(96, 128, 360)).all()
    return bool(sigma.any())


def repair_keeps_its_shape(made: Any) -> bool:
    rng = np.random.default_rng(0)
    near = {}
    for number in range(5, 16):
        shapes = ((37, 64), (19, 32), (19, 32))
        y, cb, cr = (rng.integers(1 << 12, 60000, shape).astype(np.uint16) for shape in shapes)
        for plane in (y, cb, cr):
            plane.setflags(write=False)
        near[number] = (y, cb, cr)
    wanted = {number: near[number] for number in range(10 - made.reach, 11 + made.reach)}
    mended = made.repair(10, wanted)
    assert [(plane.shape, plane.dtype) for plane in mended] == [(p.shape, p.dtype) for p in near[10]]
    return not all(map(np.array_equal, mended, near[10]))


def frames_keep_their_shape(made: Any) -> bool:
    rgb = np.random.default_rng(0).random((36, 64, 3)).astype(np.float32)
    rgb.setflags(write=False)
    out = made.frames(rgb, 7)
    assert out.shape == rgb.shape
    return not np.array_equal(out, rgb)


def layer_stays_a_layer(made: Any) -> bool:
    raster = made.draw(FILM)
    assert raster.rgba.dtype == np.float32
    assert raster.rgba.shape[2] == 4
    assert float(raster.rgba.min()) >= 0
    assert float(raster.rgba.max()) <= 1
    shown = [made.pose(frame, 24, FILM.clock).opacity for frame in range(24)]
    assert all(0 <= opacity <= 1 for opacity in shown)
    return bool(raster.rgba[..., 3].any()) and any(shown)


def weights_go_from_one_to_the_other(made: Any) -> bool:
    weights = [made.weight(share / 20) for share in range(21)]
    assert (weights[0], weights[-1]) == (0, 1)
    assert weights == sorted(weights)
    return True


def pictures_keep_their_shape(made: Any) -> bool:
    weights_go_from_one_to_the_other(made)
    rng = np.random.default_rng(0)
    pair = []
    for _ in range(2):
        planes = [
            rng.integers(4096, 60161, shape).astype(np.uint16) for shape in ((38, 66), (19, 33), (19, 33))
        ]
        for plane in planes:
            plane.setflags(write=False)
        pair.append(tuple(planes))
    for share, seen in ((0.0, pair[0]), (1.0, pair[1])):
        assert all(map(np.array_equal, made.mix(*pair, Moment(share, 0, 11, 40, FILM)), seen))
    out = made.mix(*pair, Moment(0.5, 5, 11, 40, FILM))
    assert [(plane.shape, plane.dtype) for plane in out] == [(p.shape, p.dtype) for p in pair[0]]
    return True


def finish_leaves_bars_alone(made: Any) -> bool:
    for depth, kind in ((8, np.uint8), (10, np.uint16)):
        luma = np.random.default_rng(0).integers(0, 1 << depth, (120, 160)).astype(kind)
        out, picture = luma.copy(), (slice(20, 100), slice(8, 150))
        made.finish(out, depth, picture)
        changed = out != luma
        assert changed[picture].any()
        changed[picture] = False
        assert not changed.any()
    return True


# Each says whether the stage changed what it was given.
CHECKS: dict[Any, Callable[[Any], bool]] = {
    ColourStage: colour_is_finite,
    FieldStage: field_is_noise,
    RepairStage: repair_keeps_its_shape,
    FrameEffect: frames_keep_their_shape,
    LayerStage: layer_stays_a_layer,
    FinishStage: finish_leaves_bars_alone,
    PictureTransition: pictures_keep_their_shape,
    TransitionStage: weights_go_from_one_to_the_other,
    Setting: lambda made: False,  # the planner changes the film by it; the test of some knobs is all there is
}


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_a_stage_is_the_same_after_a_journey_as_json(name: str, data: st.DataObject, logo: File) -> None:
    call = call_of(data.draw(any_stage(name, logo)))
    there = from_plain(StageCall, json.loads(json.dumps(plain(call))), {logo.sha256: logo.here})
    assert open_call(there) == open_call(call)
    assert digest(there) == digest(call)


BOUNDED = [
    (name, key, knob)
    for name in NAMES
    for key, knob in knobs_of(find(name)).items()
    if knob.kind in ("number", "whole") and math.isfinite(knob.hi)
]


@pytest.mark.parametrize(
    ("name", "key", "knob"), BOUNDED, ids=lambda part: part if isinstance(part, str) else ""
)
def test_a_knob_out_of_bounds_is_refused_by_name(name: str, key: str, knob: Knob, logo: File) -> None:
    with pytest.raises(Problems, match=rf"{name}\.{key}: out of range; expected .* got"):
        make(name, {**needed(name, logo), key: knob.hi + 1})


@pytest.mark.parametrize("name", NAMES)
def test_every_knob_says_what_it_is(name: str) -> None:
    assert find(name).__doc__
    for key, knob in knobs_of(find(name)).items():
        assert knob.doc, key
        assert knob.schema()["description"]
