"""Reads clips as planes, encodes and decodes them, and makes common changes to films."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path

import av
import cv2
import numpy as np

from post.render.frame_planes import planes_of
from post.values.array import Array

Frame = tuple[Array, Array, Array]
Frames = list[Frame]


def frames_of(path: Path, first: int, count: int) -> Frames:
    """Returns 8-bit 4:2:0 planes of a clip's frames, cut to even sizes."""
    found: Frames = []
    with av.open(str(path)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number >= first:
                width, height = frame.width // 2 * 2, frame.height // 2 * 2
                found.append(_planes(frame.reformat(width, height, "yuv420p")))
            if len(found) == count:
                break
    return found


def coded(frames: Frames, crf: float, preset: str = "veryfast") -> Frames:
    """Returns the frames after H.264 at that quality."""
    file = io.BytesIO()
    height, width = frames[0][0].shape
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=24, options={"crf": str(crf), "preset": preset})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.codec_context.thread_count = 1
        for planes in frames:
            container.mux(stream.encode(_frame(planes)))
        container.mux(stream.encode())
    file.seek(0)
    with av.open(file, "r") as source:
        return [_planes(frame) for frame in source.decode(video=0)]


def half(frames: Frames) -> Frames:
    """Returns the frames at half width and half height."""
    height, width = frames[0][0].shape
    return [_each(planes, lambda p: p, (width // 4 * 2, height // 4 * 2)) for planes in frames]


def cropped(frames: Frames) -> Frames:
    """Returns the frames with a tenth of height and width cropped, scaled back to their size."""
    height, width = frames[0][0].shape

    def inner(plane: Array) -> Array:
        down, across = plane.shape[0] * 0.05, plane.shape[1] * 0.05
        return np.ascontiguousarray(
            plane[round(down) : round(plane.shape[0] - down), round(across) : round(plane.shape[1] - across)]
        )

    return [_each(planes, inner, (width, height)) for planes in frames]


def graded(frames: Frames) -> Frames:
    """Returns the frames darker, flatter and warmer, with new grain in every frame."""
    rng = np.random.default_rng(1)

    def luma(y: Array) -> Array:
        shade = np.clip((y.astype(np.float32) - 16) / 219, 0, 1) ** 1.15 * 0.95
        return _codes(16 + 219 * shade + rng.normal(0, 3, y.shape))

    return [
        (luma(y), _codes(128 + (cb - 128.0) * 0.9 - 3), _codes(128 + (cr - 128.0) * 0.9 + 3))
        for y, cb, cr in frames
    ]


def upright(frames: Frames) -> Frames:
    """Returns the middle of the frames in 9:16; upright frames lose a quarter on each side."""
    height, width = frames[0][0].shape
    wide = min(height * 9 // 16, width // 2) // 4 * 4

    def middle(plane: Array) -> Array:
        share = wide * plane.shape[1] // width
        left = (plane.shape[1] - share) // 2
        return np.ascontiguousarray(plane[:, left : left + share])

    return [_each(planes, middle, (wide, height)) for planes in frames]


ATTACKS: dict[str, Callable[[Frames], Frames]] = {
    "CRF 28": lambda frames: coded(frames, 28),
    "half size": lambda frames: coded(half(frames), 23),
    "crop 10 % + rescale": lambda frames: coded(cropped(frames), 23),
    "grade + grain": lambda frames: coded(graded(frames), 23),
    "9:16": lambda frames: coded(upright(frames), 23),
}


def psnr_db(marked: Sequence[Array], plain: Sequence[Array]) -> float:
    """Returns the PSNR of luma of the worst frame."""
    errors = [np.mean((a.astype(float) - b) ** 2) for a, b in zip(marked, plain, strict=True)]
    return float(10 * np.log10(255**2 / max(errors)))


def _codes(values: Array) -> Array:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def _each(planes: Frame, part: Callable[[Array], Array], size: tuple[int, int]) -> Frame:
    """Returns each plane cropped by `part`, then scaled. size: of luma."""
    sizes = (size, (size[0] // 2, size[1] // 2), (size[0] // 2, size[1] // 2))
    y, cb, cr = (_scaled(part(plane), to) for plane, to in zip(planes, sizes, strict=True))
    return y, cb, cr


def _scaled(plane: Array, size: tuple[int, int]) -> Array:
    if plane.shape == size[::-1]:
        return plane
    smaller = size[0] < plane.shape[1]
    return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA if smaller else cv2.INTER_CUBIC))


def _planes(frame: av.VideoFrame) -> Frame:
    y, cb, cr = (plane.copy() for plane in planes_of(frame))
    return y, cb, cr


def _frame(planes: Frame) -> av.VideoFrame:
    frame = av.VideoFrame(planes[0].shape[1], planes[0].shape[0], "yuv420p")
    for room, samples in zip(planes_of(frame), planes, strict=True):
        room[...] = samples
    return frame
