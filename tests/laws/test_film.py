"""Laws 2, 3, 5 and 6, on a small film of real codecs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from post.deliver.check import check_film
from post.deliver.mux import OpenPart, SegmentError, join_segments
from post.engine import InProcess, Store, WorkerPool
from post.plan import segments
from post.render.frame_planes import planes_of
from post.render.segment import draw
from post.render.sound import decode_sound
from post.stage import RepairStage, open_call
from post.takes.picture import PictureReader
from post.values import ClipInSegment, Segment, digest
from tests.flow_job import JOB, MARKED, RICH, Small, make_clips, small_job, there
from tests.made.stores import open_store


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    make_clips(folder)
    return folder


@pytest.fixture(scope="module", params=[JOB, RICH, MARKED], ids=["plain", "rich", "marked"])
def job(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def small(folder: Path, job: str) -> Small:
    return small_job(folder, job)


@pytest.fixture(scope="module")
def made(small: Small, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store that holds everything the small job needs."""
    store = open_store(tmp_path_factory.mktemp("store"))
    with InProcess() as engine:
        list(engine.run(small.tasks(), store))
    return store


def drawn(cut: tuple[Segment, ...]) -> Iterator[list[np.ndarray]]:
    """Every frame of a film before it is encoded."""
    for segment in cut:
        film = segment.format
        for frame in segment.span:
            picture = av.VideoFrame(film.width, film.height, film.pixel_format)
            draw(segment, frame, planes_of(picture))
            yield [plane.copy() for plane in planes_of(picture)]


def film(small: Small, store: Store, path: Path) -> Path:
    join_segments(small.rendition, small.segments(store), small.sound(store), path)
    return path


def decoded(path: Path) -> list[bytes]:
    with av.open(path) as container:
        return [frame.to_ndarray().tobytes() for frame in container.decode(video=0)]


@pytest.fixture(scope="module")
def whole(small: Small) -> list[list[np.ndarray]]:
    """Every frame of the small film before it is encoded."""
    return list(drawn(small.rendition.segments))


@pytest.mark.parametrize("longest", [1, 7, 1000])
def test_cutting_the_work_anywhere_gives_the_same_frames(
    whole: list[list[np.ndarray]],
    small: Small,
    folder: Path,
    job: str,
    longest: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(segments, "choose_edges", lambda film, *_: _edges(film.length, longest))
    other = small_job(folder, job).rendition.segments
    assert len(other) != len(small.rendition.segments)
    for a, b in zip(whole, drawn(other), strict=True):
        assert all(np.array_equal(p, q) for p, q in zip(a, b, strict=True))


def _edges(length: int, longest: int) -> list[int]:
    return sorted({*range(0, length, longest), length})


def test_any_number_of_workers_gives_the_same_bytes(small: Small, made: Store, tmp_path: Path) -> None:
    """This process made one film, three workers make the other: more than this machine may have processors."""
    store = open_store(tmp_path / "store")
    with WorkerPool(3) as pool:
        list(pool.run(small.tasks(), store))
    a, b = film(small, made, tmp_path / "here.mp4"), film(small, store, tmp_path / "pool.mp4")
    assert a.read_bytes() == b.read_bytes()


def test_what_was_drawn_is_what_decodes(
    whole: list[list[np.ndarray]], small: Small, made: Store, tmp_path: Path
) -> None:
    # crf 0 is lossless, so every frame comes back bit for bit, in order.
    frames = decoded(film(small, made, tmp_path / "film.mp4"))
    for frame, planes in zip(frames, whole, strict=True):
        assert frame == b"".join(plane.tobytes() for plane in planes)


def test_the_film_is_exactly_as_long_as_planned(small: Small, made: Store, tmp_path: Path) -> None:
    path, rendition = film(small, made, tmp_path / "film.mp4"), small.rendition
    measured = check_film(path, rendition)
    assert measured.frames == rendition.format.length == len(decoded(path))
    assert measured.samples == rendition.mix.length == rendition.format.clock.samples(measured.frames, 48000)
    assert len(decode_sound(path, 10**9)) >= rendition.mix.length


@pytest.mark.parametrize("engine", [InProcess, lambda: WorkerPool(2)], ids=["here", "pool"])
def test_a_second_run_makes_nothing(
    small: Small, made: Store, engine: Callable[[], Any], caplog: pytest.LogCaptureFixture
) -> None:
    """Every task is answered for, once, and each says that its result was there."""
    tasks = {task.key: task for task in small.tasks()}
    before = {path: path.stat().st_mtime_ns for path in made.root.rglob("*") if path.is_file()}
    with caplog.at_level("INFO", "post.engine"), engine() as running:
        events = list(running.run(small.tasks(), open_store(made.root)))
    assert len(tasks) > len(small.rendition.segments) > 1
    assert [event.task.key for event in events] == list(tasks)
    assert [(event.made, event.done, event.total) for event in events] == [
        (False, number, len(tasks)) for number in range(1, len(tasks) + 1)
    ]
    assert [record.getMessage() for record in caplog.records] == [
        f"kept {task.name}: its result is in the store" for task in tasks.values()
    ]
    assert {path: path.stat().st_mtime_ns for path in made.root.rglob("*") if path.is_file()} == before


def test_a_damaged_segment_is_found_and_made_again_the_same(
    small: Small, made: Store, tmp_path: Path
) -> None:
    before = film(small, made, tmp_path / "before.mp4").read_bytes()
    victim = there(made, digest(small.rendition.segments[1]))
    victim.write_bytes(victim.read_bytes()[:-9])
    with InProcess() as engine:
        events = list(engine.run(small.tasks(), open_store(made.root)))
    assert [event.task.key for event in events if event.made] == [victim.name]
    assert film(small, open_store(made.root), tmp_path / "after.mp4").read_bytes() == before


def test_a_segment_reads_only_the_frames_it_named(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[int] = set()
    read = PictureReader.frame

    def spied(self: PictureReader, i: int) -> av.VideoFrame:
        asked.add(i)
        return read(self, i)

    monkeypatch.setattr(PictureReader, "frame", spied)
    for segment in small.rendition.segments:
        asked.clear()
        list(drawn((segment,)))
        named = {frame for clip in segment.clips for frame in _named(clip)}
        kept = any(clip.repairs or clip.synthesised for clip in segment.clips)
        # What repairs and pairs of frames have kept from the segment before is not read again.
        assert asked <= named if kept else asked == named


def _named(clip: ClipInSegment) -> set[int]:
    """Returns the source frames that a clip names: its own, the next ones it blends with, those repairs reach."""
    frames = {frame for frame, _ in clip.frames} | {frame + 1 for frame, weight in clip.frames if weight}
    repairs = [open_call(call) for call in clip.repairs]
    reach = sum(repair.reach for repair in repairs if isinstance(repair, RepairStage))
    return {
        near
        for frame in frames
        for near in range(frame - reach, frame + reach + 1)
        if 0 <= near < clip.picture.length
    }


def test_a_join_of_segments_made_unlike_is_refused(small: Small, made: Store, tmp_path: Path) -> None:
    first = small.rendition.segments[0]
    odd = replace(first, encoder=replace(first.encoder, options=(("crf", "40"), ("preset", "slow"))))
    from post.render.segment import make
    from post.values import plain

    path = tmp_path / "odd.mov"
    make(plain(odd), small.sources.files(), path)
    parts: list[OpenPart] = [*small.segments(made)[:-1], lambda: path.open("rb")]
    with pytest.raises(SegmentError, match="not what its key says") as fault:
        join_segments(small.rendition, parts, None, tmp_path / "film.mp4")
    assert "header" in fault.value.where
    assert fault.value.number == len(parts) - 1
