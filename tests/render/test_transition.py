"""Transitions in a rendered film: frame-exact, the same in any segments, between bars, at the film's ends."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from post.engine import ContentStore
from post.job import load_job
from post.picture.kernel import Planes, new_planes
from post.prepare.plan_job import plan_job
from post.render.segment import draw
from post.takes.made.synthetic import ClipRecipe, make_clip
from post.values import BT709, Rendition, Segment, Span

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
    [segment] = [each for each in segments or film.segments if frame in each.span]
    form = segment.format
    out = new_planes(form.height, form.width, form.depth, form.chroma)
    draw(segment, frame, out)
    return out


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
    # The same frame of the incoming take, at the same place of the film: its grain is the same too.
    assert same(frame_of(joined, 30), frame_of(cut, 30))
    for frame in (18, 23, 29):
        assert not same(frame_of(joined, frame), frame_of(cut, frame))


@pytest.mark.parametrize("stage", STAGES)
def test_other_segments_show_the_same_pixels(clips: Path, stage: str) -> None:
    """The film's own segments against one that holds the whole film, drawn backwards."""
    film = planned(clips, f"{TWO}, transition: {{stage: {stage}, length: 12f}}}}")
    edges = {segment.span.first for segment in film.segments}
    assert {18, 30} <= edges
    whole = whole_film(film)
    for frame in (29, 24, 18):
        assert same(frame_of(film, frame), frame_of(film, frame, (whole,)))


def whole_film(film: Rendition) -> Segment:
    """One segment for the whole film, made of the pieces of its own segments."""
    clips: dict[str, list] = {}  # type: ignore[type-arg]
    for segment in film.segments:
        for clip in segment.clips:
            clips.setdefault(clip.file.sha256, []).append(clip)
    joined = []
    for parts in clips.values():
        span = Span(parts[0].span.first, parts[-1].span.stop)
        fade = tuple(weight for part in parts for weight in part.fade)
        placed = next((part.transition for part in parts if part.transition), None)
        ending = next((part.ending for part in parts if part.ending), None)
        frames = tuple(frame for part in parts for frame in part.frames)
        joined.append(
            replace(parts[0], span=span, frames=frames, fade=fade, transition=placed, ending=ending)
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
    assert levels[0] < 0.45 * own[0] < 0.9 * own[0] < levels[9] + 12
    assert levels[29] < 0.45 * own[29]
    shares = [level / full for level, full in zip(levels, own, strict=True)]
    assert shares[:11] == sorted(shares[:11])
    assert shares[19:] == sorted(shares[19:], reverse=True)
    assert [each.call.stage for each in faded.placed].count(stage) == 2
