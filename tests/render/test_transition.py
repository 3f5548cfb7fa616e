"""Transitions in a rendered film: frame-exact, the same in any segments, between bars, at the film's ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from post.engine import ContentStore
from post.errors import JobError, Problems
from post.job import load_job
from post.picture.kernel import Planes
from post.picture.transitions.picture_transition import Moment, PictureTransition
from post.prepare.plan_job import plan_job
from post.render.segment import draw_alone
from post.stage import REGISTRY, Planes16, TransitionStage, parameters, stage
from post.takes.made.synthetic import ClipRecipe, make_clip
from post.values import BT709, Rendition, Segment, Span, from_plain, plain
from post.values.claim import HUMAN_EDITS, Action

JOB = """
schema: Job.2
title: Joined
clock: 24
house: {{grain: {{strength: 4}}}}
takes: {{wide: wide.mp4, other: other.mp4}}
{more}
cut: [{cut}]
deliver: [{{name: film, width: {width}, height: {height}, depth: {depth}, picture: {{codec: hevc}}}}]
"""
SIZES = {8: (162, 90), 10: (90, 150)}


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clips")
    make_clip(folder / "wide.mp4", ClipRecipe("sea", 160, 90, frames=40, colour=BT709))
    make_clip(folder / "other.mp4", ClipRecipe("lights", 160, 90, frames=40, colour=BT709))
    return folder


def planned(clips: Path, cut: str, more: str = "", depth: int = 8) -> Rendition:
    width, height = SIZES[depth]
    job = clips / "job.yaml"
    job.write_text(JOB.format(cut=cut, more=more, depth=depth, width=width, height=height))
    _, plan = plan_job(load_job(job), (), ContentStore(clips / "content"))
    return plan.renditions[0]


def frame_of(film: Rendition, frame: int, segments: tuple[Segment, ...] = ()) -> Planes:
    [segment] = [each for each in segments or film.on_film if frame in each.span]
    return draw_alone(segment, frame)


def same(one: Planes, other: Planes) -> bool:
    return all(map(np.array_equal, one, other))


TWO = "{take: wide, length: 30f}, {take: other, length: 30f"
STAGES = ["wipe", "push", "zoom", "film-burn", "glitch", "dissolve"]


@pytest.mark.parametrize("depth", [8, 10])
def test_a_transition_begins_and_ends_at_its_frames(clips: Path, depth: int) -> None:
    joined = planned(clips, f"{TWO}, transition: {{stage: wipe, length: 12f, softness: 10}}}}", depth=depth)
    first, second = (shot.span for shot in joined.shots)
    assert (second.first, first.stop) == (18, 30)
    cut = planned(clips, "{take: wide, length: 18f}, {take: other, length: 30f}", depth=depth)
    assert same(frame_of(joined, 17), frame_of(cut, 17))
    # The same frame of the incoming take: its grain is the same too.
    assert same(frame_of(joined, 30), frame_of(cut, 30))
    for frame in (18, 23, 29):
        assert not same(frame_of(joined, frame), frame_of(cut, frame))


@pytest.mark.parametrize("stage", STAGES)
def test_other_segments_show_the_same_pixels(clips: Path, stage: str) -> None:
    """The film's own segments against one that holds the whole film, drawn backwards."""
    film = planned(clips, f"{TWO}, transition: {{stage: {stage}, length: 12f}}}}")
    edges = {place.first for place in film.places}
    assert {18, 30} <= edges
    whole = whole_film(film)
    for frame in (29, 24, 18):
        assert same(frame_of(film, frame), frame_of(film, frame, (whole,)))


def whole_film(film: Rendition) -> Segment:
    """One segment for the whole film, made of the pieces of its own segments."""
    clips: dict[str, list] = {}  # type: ignore[type-arg]
    for segment in film.on_film:
        for clip in segment.clips:
            clips.setdefault(clip.file.sha256, []).append(clip)
    joined = []
    for parts in clips.values():
        span = Span(parts[0].span.first, parts[-1].span.stop)
        fade = tuple(weight for part in parts for weight in part.fade)
        placed = next((part.transition for part in parts if part.transition), None)
        ending = next((part.ending for part in parts if part.ending), None)
        frames = tuple(frame for part in parts for frame in part.frames)
        seeds = tuple(seed for part in parts for seed in part.seeds)
        joined.append(
            replace(
                parts[0], span=span, frames=frames, fade=fade, transition=placed, ending=ending, seeds=seeds
            )
        )
    first = film.segments[0]
    span = Span(0, film.format.length)
    return replace(first, format=replace(first.format, length=len(span)), span=span, clips=tuple(joined))


def test_pictures_move_between_the_bars(clips: Path) -> None:
    """Two letterboxed clips: the pushed pictures stay in the letterbox, and what is seen of it is never black."""
    cut = "{take: wide, length: 30f, fit: fit}, {take: other, length: 30f, fit: fit"
    film = planned(clips, f"{cut}, transition: {{stage: push, direction: up, length: 12f}}}}", depth=10)
    for frame in (18, 24, 29):
        out = frame_of(film, frame)
        top, bottom = (150 - 50) // 2 - 2, (150 + 50) // 2 + 2
        assert (out.y[:top] == 64).all()
        assert (out.y[bottom:] == 64).all()
        assert out.y[top + 4 : bottom - 4].mean(axis=1).min() > 80


@pytest.mark.parametrize("stage", ["dip", "iris", "dissolve"])
def test_a_film_fades_in_and_out_by_itself(clips: Path, stage: str) -> None:
    cut = f"{{take: wide, length: 30f, transition: {{stage: {stage}, length: 10f}}}}"
    faded = planned(clips, cut, f"ending: {{stage: {stage}, length: 10f}}")
    plain = planned(clips, "{take: wide, length: 30f}")
    levels = [float(frame_of(faded, frame).y.mean()) for frame in range(30)]
    own = [float(frame_of(plain, frame).y.mean()) for frame in range(30)]
    assert levels[10:20] == own[10:20]
    if stage != "iris":  # whose grain is all that is left
        assert (round(levels[0]), round(levels[29])) == (16, 16)
    assert levels[0] < 0.45 * own[0] < 0.9 * own[0] < levels[9] + 12
    assert levels[29] < 0.45 * own[29]
    shares = [level / full for level, full in zip(levels, own, strict=True)]
    assert shares[:11] == sorted(shares[:11])
    assert shares[19:] == sorted(shares[19:], reverse=True)
    assert [each.call.stage for each in faded.placed].count(stage) == 2


def test_an_image_decides_where_a_luma_fade_begins(clips: Path) -> None:
    """An image that is dark on its left: the left turns first. The plan survives its journey to a worker."""
    from PIL import Image

    grey = np.tile(np.linspace(0, 65535, 64).astype(np.uint16), (36, 1))
    Image.fromarray(grey).save(clips / "ramp.png")
    film = planned(
        clips, f"{TWO}, transition: {{stage: luma-fade, image: ramp.png, softness: 5, length: 12f}}}}"
    )
    cut = planned(clips, "{take: wide, length: 24f}, {take: other, length: 24f, in: 6f}")
    [segment] = [each for each in film.on_film if 24 in each.span]
    files = {clip.file.sha256: clip.file.here for clip in segment.clips}
    call = segment.clips[1].transition
    assert call is not None
    image = dict(call.call.knobs)["image"]
    there = from_plain(Segment, json.loads(json.dumps(plain(segment))), {**files, image.sha256: image.here})  # type: ignore[union-attr]  # a File
    shown = frame_of(film, 24, (there,))
    assert same(shown, frame_of(film, 24))
    left, right = (frame_of(cut, frame) for frame in (24, 23))
    assert abs(shown.y[:, 4:40].astype(int) - left.y[:, 4:40]).mean() < 12
    assert abs(shown.y[:, -40:-4].astype(int) - right.y[:, -40:-4]).mean() < 12


def test_an_image_that_cannot_be_read_is_refused_before_rendering(clips: Path) -> None:
    (clips / "broken.png").write_bytes(b"no image")
    with pytest.raises(Problems, match="luma-fade.image: not an image that can be read"):
        planned(clips, f"{TWO}, transition: {{stage: luma-fade, image: broken.png, length: 12f}}}}")


@pytest.fixture
def stages_of_others() -> Iterator[None]:
    """Two stages as plug-ins have them: one gives a weight alone, the other its own picture, which is wrong."""

    @stage("halfway", version=1)
    class Halfway(TransitionStage):
        """Half of each."""

        def weight(self, share: float) -> float:
            return 0.5

        def declare(self, where: Span) -> Action:
            return Action("c2pa.edited", HUMAN_EDITS, where, parameters(self))

    @stage("too-small", version=1)
    class TooSmall(PictureTransition):
        """A picture of another size in a film of more than 32 lines."""

        def mix(self, going: Planes16, coming: Planes16, moment: Moment) -> Planes16:
            y, cb, cr = (plane[:32] for plane in going)
            return y, cb, cr

        def declare(self, where: Span) -> Action:
            return Action("c2pa.edited", HUMAN_EDITS, where, parameters(self))

    yield
    for name in ("halfway", "too-small"):
        del REGISTRY[name]


@pytest.mark.usefixtures("stages_of_others")
def test_a_stage_that_gives_a_weight_alone_still_works(clips: Path) -> None:
    fade = "transition: {stage: halfway, length: 8f}"
    cut = f"{{take: wide, length: 30f, {fade}}}, {{take: other, length: 30f, {fade.replace('8', '12')}}}"
    film = planned(clips, cut, "ending: {stage: halfway, length: 8f}")
    assert all(clip.transition is None for segment in film.segments for clip in segment.clips)
    cut = "{take: wide, length: 24f}, {take: other, length: 24f, in: 6f}"
    before, after = (frame_of(planned(clips, cut), frame) for frame in (23, 24))
    mean = (before.y.astype(float) + after.y) / 2
    assert abs(frame_of(film, 24).y - mean).mean() < 6
    plain_ = planned(clips, "{take: wide, length: 30f}")
    for frame in (2, 45):
        assert frame_of(film, frame).y.mean() < 150
    assert abs((frame_of(film, 2).y.mean() - 16) / (frame_of(plain_, 2).y.mean() - 16) - 0.5) < 0.03


@pytest.mark.usefixtures("stages_of_others")
def test_a_stage_that_gives_another_size_is_a_clear_error(clips: Path) -> None:
    film = planned(clips, f"{TWO}, transition: {{stage: too-small, length: 12f}}}}")
    with pytest.raises(JobError, match="too-small: its frame 2: a transition failed; expected three planes"):
        frame_of(film, 20)
