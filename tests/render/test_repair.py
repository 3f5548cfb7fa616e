"""Repairs of a clip: they get the decoded frames, and their result has the declared format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.stream import VideoStream

from post.knob import knob
from post.picture.kernel import new_planes
from post.picture.repair.deflicker import Deflicker, relight
from post.plan import compile_plan
from post.render.repair import RepairedClip, dither_to_ten_bits, repaired_picture
from post.render.segment import draw
from post.stage import REGISTRY, Planes16, RepairStage, call_of, stage
from post.takes.frame_planes import plane_codes
from post.takes.picture import PictureReader
from post.takes.probe import probe
from post.values import BT709, Action, Span, StageCall, Take, Toolchain
from post.values.array import Array
from tests.plan.made import cut, deliver, job

LENGTH = 8
CODECS = {"rgb24": "png", "yuvj420p": "mjpeg"}
SEEN: list[tuple[int, tuple[int, ...]]] = []


@stage("test-look", version=1)
class Looks(RepairStage):
    """Records the frames it is given, and adds the luma of the frames around."""

    far: int = knob(default=2, lo=0, hi=4, doc="how far it reads")

    @property
    def reach(self) -> int:
        return self.far

    def repair(self, frame: int, near: Mapping[int, Planes16]) -> Planes16:
        SEEN.append((frame, tuple(near)))
        _, cb, cr = near[frame]
        return np.asarray(np.mean([planes[0] for planes in near.values()], axis=0).astype(np.uint16)), cb, cr

    def declare(self, where: Span) -> Action | None:
        return None


# Registered here and for no other test of this process.
del REGISTRY[Looks.name]


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(REGISTRY, Looks.name, Looks)


@dataclass
class Counted:
    """A reader that records what it was asked for."""

    reader: PictureReader
    asked: list[int] = field(default_factory=list)

    def frame(self, i: int) -> av.VideoFrame:
        self.asked.append(i)
        return self.reader.frame(i)


def clip(folder: Path, form: str, size: tuple[int, int] = (64, 36), full: bool = False) -> Take:
    """Makes a clip of noise, each frame a little brighter; lossless except in yuvj420p."""
    path = folder / f"{form}.{'mov' if form == 'rgb24' else 'mkv'}"
    with av.open(str(path), "w") as out:
        stream = out.add_stream(CODECS.get(form, "ffv1"), rate=24)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = *size, form
        stream.codec_context.color_range = 2 if full else 1
        rng = np.random.default_rng(0)
        for i in range(LENGTH):
            rgb = rng.integers(0, 200, (size[1], size[0], 3)).astype(np.uint8) + i
            picture = av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(
                format=form, dst_color_range=2 if full else 1
            )
            picture.color_range = 2 if full else 1
            out.mux(stream.encode(picture))
        out.mux(stream.encode(None))
    return probe(path, "clip")


def mended(take: Take, *calls: StageCall) -> RepairedClip:
    return RepairedClip(PictureReader(take.file.here, take.picture).frame, take.picture, calls)


def codes(frame: av.VideoFrame) -> list[Array]:
    return [np.array(plane_codes(frame, i)) for i in range(3)]


@pytest.mark.parametrize("form", ["yuv420p", "yuv422p", "yuv444p", "yuv420p10le", "yuv422p10le"])
def test_a_clip_that_no_repair_changes_keeps_every_code(form: str, tmp_path: Path) -> None:
    take = clip(tmp_path, form)
    made, source = mended(take), PictureReader(take.file.here, take.picture)
    up = 0 if "10" in form else 2
    for i in (0, 3, LENGTH - 1):
        pairs = zip(codes(made.frame(i)), codes(source.frame(i)), strict=True)
        assert all((ten == own.astype(np.uint16) << up).all() for ten, own in pairs)
    assert made.frame(0).format.name == repaired_picture(take.picture).pixel_format


def test_full_range_becomes_limited(tmp_path: Path) -> None:
    take = clip(tmp_path, "yuvj420p", full=True)
    assert take.picture.colour.range == "full"
    made, source = mended(take), PictureReader(take.file.here, take.picture)
    found, own = codes(made.frame(2)), codes(source.frame(2))
    assert np.abs(found[0] - (64 + own[0] / 255 * 876)).max() <= 1.6  # half a step, and dither of one step
    assert np.abs(found[1] - (512 + (own[1] - 128.0) / 255 * 896)).max() <= 1.6
    assert repaired_picture(take.picture).colour.range == "limited"


@pytest.mark.parametrize(
    ("form", "size"), [("rgb24", (64, 36)), ("rgb24", (63, 35)), ("gray", (63, 35)), ("yuv420p", (63, 35))]
)
def test_any_format_and_size_has_the_declared_planes(
    form: str, size: tuple[int, int], tmp_path: Path
) -> None:
    take = clip(tmp_path, form, size)
    picture, frame = repaired_picture(take.picture), mended(take, call_of(Looks(far=1))).frame(1)
    assert (frame.width, frame.height, frame.format.name) == (
        picture.width, picture.height, picture.pixel_format)  # fmt: skip
    if form == "gray":
        assert (codes(frame)[1] == 512).all()


def test_a_repair_gets_the_frames_it_needs_and_no_others(tmp_path: Path) -> None:
    take = clip(tmp_path, "yuv420p")
    made = mended(take, call_of(Looks(far=2)))
    SEEN.clear()
    for i in (0, 4, LENGTH - 1):
        made.frame(i)
    assert SEEN == [(0, (0, 1, 2)), (4, (2, 3, 4, 5, 6)), (7, (5, 6, 7))]


def test_in_order_each_frame_is_decoded_once(tmp_path: Path) -> None:
    take = clip(tmp_path, "yuv420p")
    reader = Counted(PictureReader(take.file.here, take.picture))
    calls = (call_of(Looks(far=0)), call_of(Looks(far=2)), call_of(Looks(far=1)))
    made = RepairedClip(reader.frame, take.picture, calls)
    for i in range(LENGTH):
        made.frame(i)
    assert reader.asked == list(range(LENGTH))


def test_frames_are_the_same_in_any_order(tmp_path: Path) -> None:
    take = clip(tmp_path, "yuv420p")
    calls = (call_of(Looks(far=1)), call_of(Looks(far=2)))
    forward, back = mended(take, *calls), mended(take, *calls)
    wanted = {i: codes(forward.frame(i)) for i in range(LENGTH)}
    for i in reversed(range(LENGTH)):
        assert all(np.array_equal(a, b) for a, b in zip(codes(back.frame(i)), wanted[i], strict=True))


def test_dither_keeps_the_mean_and_never_leaves_the_codes() -> None:
    plane = np.full((300, 400), (500 << 6) + 19, np.uint16)
    found = dither_to_ten_bits(plane, 11, 0)
    assert found.mean() == pytest.approx(500 + 19 / 64, abs=0.01)
    assert (dither_to_ten_bits(plane, 12, 0) != found).any()
    assert dither_to_ten_bits(np.full((8, 400), 65535, np.uint16), 0, 0).max() == 1023


def test_a_segment_is_drawn_from_repaired_frames(tmp_path: Path) -> None:
    """Compares decoder, repair, kernel and dither together with the repair alone."""
    take = clip(tmp_path, "yuv420p")
    take = replace(
        take, picture=replace(take.picture, colour=BT709)
    )  # the film's own, so that nothing else is done to it
    asked = job(cut("dog"), deliver=(deliver(width=64, height=36),))
    segment = compile_plan(asked, {"dog": take}, (), Toolchain()).renditions[0].segments[0]
    stage = Deflicker(first=2, gains=(1.3, 1.3, 1.3) * 3)
    mends = tuple(replace(clip, repairs=(call_of(stage),)) for clip in segment.clips)
    source = PictureReader(take.file.here, take.picture)
    for frame, gain in ((0, 1.0), (2, 1.3), (4, 1.3), (6, 1.0)):
        out = new_planes(36, 64, 8, "420")
        draw(replace(segment, clips=mends), frame, out)
        y, cb, cr = (plane.astype(np.uint16) << 8 for plane in codes(source.frame(frame)))
        wanted = relight((y, cb, cr), (gain, gain, gain))[0] / 256
        assert np.abs(out.y - wanted).max() < 2
        assert abs(float((out.y - wanted).mean())) < 0.1
