from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace

import numpy as np
import pytest

from post.errors import AnswerprintError
from post.job.model import Repair
from post.measure import Cuts
from post.measure.grain.strength import MeasuredGrain
from post.picture.colour.develop import Develop
from post.picture.colour.look import Look
from post.picture.encode import Encode
from post.picture.grain.grain import Grain
from post.picture.repair.degrain import Degrain
from post.plan import compile_plan
from post.plan.grain import deficit, grain_like, measures_for_grain
from post.plan.grain_transfer import (
    LEVELS,
    GrainTransfer,
    grade_of,
    measured_strength,
    variance_left,
    variance_surviving,
)
from post.stage import ColourStage, open_call
from post.stage_knobs import make
from post.values import Rendition, Span, StageCall, Toolchain
from post.values.array import Array
from post.values.colour import BT2020
from post.values.media import Fact
from tests.plan.made import cut, deliver, job, take

WHITE = ((0.0,) * 9,) * 9
# A low-pass: next to nothing from a quarter of a cycle a pixel on.
SOFT = tuple(
    tuple(max(12 - 60 * float(np.hypot(y, x)), -20.0) for x in np.arange(9) / 16) for y in np.arange(9) / 16
)
CODES = LEVELS * 219 + 16  # of limited range, 8 bits


def found(
    sigma: float = 2.0, confidence: float = 1.0, spectrum: tuple[tuple[float, ...], ...] = SOFT
) -> MeasuredGrain:
    """A clip whose grain is twice as strong in black as in white."""
    luma = np.linspace(16, 235, 8)
    curve = tuple(
        (float(y) / 255, float(s)) for y, s in zip(luma, np.linspace(sigma, sigma / 2, 8), strict=True)
    )
    return MeasuredGrain(curve, 0.5, confidence, 900, 1080, "limited", spectrum, WHITE, (0.0, 0.0), 0.0)


def strength(stage: Grain) -> Array:
    return stage.sigma(CODES / 255)


OWN = np.interp(CODES / 255, *np.array(found().sigma).T)


def test_a_stage_like_it_makes_what_was_measured() -> None:
    stage = grain_like(found())
    assert strength(stage) == pytest.approx(OWN, rel=0.002)
    assert (stage.chroma, stage.lines) == (0.5, 1080)
    square = stage.square(32, 1080)
    assert 10 * np.log10(square[:17:2, :17:2] / square[0, 0]) == pytest.approx(
        np.array(SOFT) - SOFT[0][0], abs=1e-6
    )


def test_it_can_be_written_in_a_preset_and_read_again() -> None:
    stage = grain_like(found())
    knobs = {"tones": list(stage.tones), "spectrum": list(stage.spectrum), "strength": stage.strength}
    assert (
        make("grain", knobs | {"lines": 1080, "chroma": 0.5, "chroma_spectrum": list(stage.chroma_spectrum)})
        == stage
    )


def test_what_is_added_and_what_is_there_make_what_is_wanted() -> None:
    wanted = Grain(strength=3.0, size=1.6, chroma=0.6)
    added = deficit(wanted, found())
    both = np.sqrt(strength(added) ** 2 + OWN**2)
    assert both == pytest.approx(np.maximum(strength(wanted), OWN), rel=0.003)
    assert (added.size, added.seed) == (1.6, 1)
    energy = added.chroma**2 * (strength(added) ** 2).sum() + 0.25 * (OWN**2).sum()
    assert energy == pytest.approx(0.36 * (strength(wanted) ** 2).sum(), rel=0.03)


def test_nothing_is_added_to_a_clip_with_more_of_it() -> None:
    added = deficit(Grain(strength=1.0), found(4.0))
    assert not strength(added).any()
    assert added.declare(Span(0, 24)) is None


def test_brightness_that_lacks_it_gets_it_and_no_other() -> None:
    added = strength(deficit(Grain(strength=1.5, shadows=1, mids=1, highlights=1), found()))
    assert not added[CODES < 80].any()
    assert added[-1] == pytest.approx(np.sqrt(1.5**2 - 1), rel=0.01)


def test_doubt_adds_more_and_no_knowledge_adds_all() -> None:
    wanted = Grain(strength=3.0)
    sure, doubtful, blind = (strength(deficit(wanted, found(2.0, c))) for c in (0.5, 0.2, 0.0))
    assert (sure < doubtful).all()
    assert (doubtful < blind).all()
    assert blind == pytest.approx(strength(wanted), rel=0.003)


def test_full_range_is_read_in_its_own_codes() -> None:
    full = replace(found(), range="full", sigma=((0.0, 2.55), (1.0, 2.55)))
    assert strength(grain_like(full)) == pytest.approx(np.full(len(CODES), 2.19), rel=0.002)


def test_a_clip_made_smaller_keeps_less_of_fine_grain_than_of_coarse() -> None:
    white, soft = found(spectrum=WHITE), found()
    assert variance_surviving(white, 0.5) == pytest.approx(0.25, abs=0.02)
    assert variance_surviving(soft, 0.5) > 0.8
    assert variance_surviving(white, 1.5) == 1.0
    wanted = Grain(strength=3.0)
    assert (
        strength(deficit(wanted, white, GrainTransfer(scale=0.5))) > strength(deficit(wanted, white))
    ).all()


def test_a_clip_without_grain_is_no_grain() -> None:
    none = replace(found(), sigma=((0.1, 0.0), (0.9, 0.0)), chroma=None, chroma_spectrum=None)
    assert grain_like(none).strength == 0
    assert strength(deficit(Grain(strength=2.0), none)) == pytest.approx(
        strength(Grain(strength=2.0)), rel=0.002
    )


def compiled(grain: Grain, **transition: int) -> Rendition:
    """Two shots, the second of a clip that has grain of its own."""
    takes = {name: take(name) for name in ("clean", "noisy")}
    asked = job(cut("clean"), cut("noisy", **transition), grain=grain)
    facts = {"noisy": {"grain": Fact("a" * 64, "grain", 2, found(1.5))}}
    return compile_plan(asked, takes, (), Toolchain(), facts).renditions[0]


def grains(rendition: Rendition) -> dict[str, Grain]:
    """What each clip is given, by its file."""
    calls = {clip.file.name: clip.grain for segment in rendition.segments for clip in segment.clips}
    return {name: opened(call) for name, call in calls.items()}


def opened(call: StageCall | None) -> Grain:
    assert call is not None
    stage = open_call(call)
    assert isinstance(stage, Grain)
    return stage


def test_a_shot_with_grain_of_its_own_is_given_what_it_lacks() -> None:
    wanted = Grain(strength=3.0, add="lacking")
    made = compiled(wanted)
    given = grains(made)
    assert given["clean.mp4"] == wanted
    # 360 lines are shown in 360: nothing of the clip's grain is lost.
    assert given["noisy.mp4"] == deficit(wanted, found(1.5))
    declared = [(placed.shot, placed.span) for placed in made.placed if placed.call.stage == "grain"]
    assert declared == [("clean", Span(0, 48)), ("noisy", Span(48, 96))]


SATURATED = Look(saturation=1.6)
S_SHAPED = Look(curve="0:0, 0.25:0.15, 0.75:0.88, 1:1", saturation_shadows=0.4)


@pytest.mark.parametrize(
    "stage",
    [Look(contrast=1.4), SATURATED, S_SHAPED, Develop(space="apple-log")],
    ids=["contrast", "colour", "s", "log"],
)
def test_a_grade_makes_a_clips_own_grain_stronger_by_as_much_as_it_is_steep(stage: ColourStage) -> None:
    """Against grain that goes through the grade itself, on greys of every brightness."""
    rng, count = np.random.default_rng(3), 20000
    clip = replace(found(0.6), spectrum=WHITE)
    own, own_colour = GrainTransfer(grade=grade_of([stage])).arriving_variance(clip)
    for level in np.linspace(0.1, 0.9, 9):
        sigma = float(measured_strength(clip, np.array([level]))[0]) / 219
        ycc = rng.normal(0, sigma, (count, 3)) * [1, 0.5, 0.5] * [1, 219 / 224, 219 / 224]
        y, cb, cr = ycc.T + np.array([[level], [0], [0]])
        red, blue = y + 1.5748 * cr, y + 1.8556 * cb
        rgb = stage.colour(np.stack([red, (y - 0.2126 * red - 0.0722 * blue) / 0.7152, blue], 1))
        luma = rgb @ [0.2126, 0.7152, 0.0722]
        colour = [(rgb[:, 2] - luma).std() / 1.8556, (rgb[:, 0] - luma).std() / 1.5748]
        if not LEVELS[1] < luma.mean() < 0.98:
            continue  # clipped, or a toe finer than a tone curve's steps
        assert np.sqrt(np.interp(luma.mean(), LEVELS, own)) == pytest.approx(219 * luma.std(), rel=0.08)
        rms = 224 * float(np.sqrt(np.mean(np.square(colour))))
        assert np.sqrt(np.interp(luma.mean(), LEVELS, own_colour)) == pytest.approx(rms, rel=0.12)


def test_black_and_white_leaves_no_colour_in_a_clips_grain() -> None:
    wanted = Grain(strength=3.0, chroma=0.5)
    coloured, grey = (
        deficit(wanted, found(), GrainTransfer(grade=grade_of([Look(saturation=s)]))) for s in (1.0, 0.0)
    )
    assert grey.chroma > coloured.chroma
    assert strength(grey) == pytest.approx(strength(coloured))


def test_a_shots_grade_decides_what_it_lacks() -> None:
    wanted, look = Grain(strength=3.0, add="lacking"), Look(contrast=1.4)
    asked = job(replace(cut("noisy"), colour=(look,)), grain=wanted)
    facts = {"noisy": {"grain": Fact("a" * 64, "grain", 2, found(1.5))}}
    made = compile_plan(asked, {"noisy": take("noisy")}, (), Toolchain(), facts).renditions[0]
    given = grains(made)["noisy.mp4"]
    assert given == deficit(wanted, found(1.5), GrainTransfer(grade=grade_of([look])))
    assert given.sigma(np.array([0.5])) < deficit(wanted, found(1.5)).sigma(np.array([0.5]))


@pytest.mark.parametrize(("radius", "share"), [(2, 1.0), (2, 0.3), (1, 0.6)])
def test_what_degrain_leaves_of_a_grain_counts_as_the_clips_own(radius: int, share: float) -> None:
    frames = np.random.default_rng(1).standard_normal((2 * radius + 1, 200_000))
    mended = (1 - share) * frames[0] + share * frames.mean(0)
    left = variance_left([Degrain(radius=radius, strength=share, sigma=(2.0,))])
    assert left == pytest.approx(mended.var(), rel=0.02)
    wanted = Grain(strength=3.0)
    none, some, all_of_it = (
        strength(deficit(wanted, found(), GrainTransfer(left=each))) for each in (0.0, left, 1.0)
    )
    assert (none > some).all()
    assert (some > all_of_it).all()


def test_a_shot_that_is_degrained_in_part_is_given_less_than_a_clean_one() -> None:
    wanted = Grain(strength=3.0, add="lacking")
    mends = Repair(Degrain(strength=0.3, sigma=(1.5,)), False, "cut[0].repair.degrain")
    asked = job(cut("noisy", repairs=(mends,)), grain=wanted)
    facts = {"noisy": {name: Fact("a" * 64, name, 2, value) for name, value in
                       (("grain", found(1.5)), ("cuts", Cuts(())))}}  # fmt: skip
    given = grains(compile_plan(asked, {"noisy": take("noisy")}, (), Toolchain(), facts).renditions[0])[
        "noisy.mp4"
    ]
    left = variance_left([Degrain(strength=0.3, sigma=(1.5,))])
    assert given == deficit(wanted, found(1.5), GrainTransfer(left=left))
    assert given.strength < wanted.strength


def test_a_log_clip_is_read_by_the_films_primaries() -> None:
    wide = {"dog": take(colour=BT2020)}
    for stage, primaries in ((Develop(space="apple-log"), 1), (Develop(), 9)):
        made = compile_plan(job(replace(cut(), colour=(stage,))), wide, (), Toolchain())
        [colour] = {clip.picture.colour for segment in made.renditions[0].segments for clip in segment.clips}
        assert (colour.primaries, colour.matrix) == (primaries, 9)
        assert made.takes == (wide["dog"],)


def test_unless_asked_every_shot_is_given_the_same() -> None:
    made = compiled(Grain(strength=3.0))
    assert set(grains(made).values()) == {Grain(strength=3.0)}
    assert [p.span for p in made.placed if p.call.stage == "grain"] == [Span(0, 96)]


def test_a_take_that_nothing_was_learned_of_is_given_all() -> None:
    asked = job(cut("clean"), grain=Grain(strength=3.0, add="lacking"))
    made = compile_plan(asked, {"clean": take("clean")}, (), Toolchain()).renditions[0]
    assert grains(made)["clean.mp4"].strength == 3.0


def test_a_grain_that_no_table_holds_is_refused_before_anything_is_rendered() -> None:
    table = replace(deliver(), encode=Encode(codec="av1", preset="6", film_grain="table"))
    loud = Grain(strength=20.0, size=0.5, tones=(2.0, 2.0))
    for grain, fits in ((Grain(strength=3.0), True), (loud, False)):
        asked = job(cut("clean"), grain=grain, deliver=(table,))
        with nullcontext() if fits else pytest.raises(AnswerprintError, match="AV1 film grain table"):
            compile_plan(asked, {"clean": take("clean")}, (), Toolchain())


def test_only_lacking_needs_facts() -> None:
    assert measures_for_grain(Grain(strength=1.0, add="lacking")) == {"grain"}
    assert measures_for_grain(Grain(strength=1.0)) == measures_for_grain(None) == set()
