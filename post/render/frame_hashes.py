"""Hashes what a film or a segment decodes to: each frame, and the sound under each frame.

A frame's hash covers a line that says its size, pixel format and colour tags, and then its planes without padding.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np

from post.render.sound.codec import decode_blocks
from post.takes.frame_planes import plane_view
from post.values.array import Array
from post.values.time import Clock


def hash_picture(source: Path | BinaryIO) -> tuple[str, ...]:
    """Returns the SHA-256 of each decoded frame of a film or a segment, in the order in which they are shown."""
    with av.open(source, "r") as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        return tuple(hash_frame(frame) for frame in container.decode(stream))


def hash_frame(frame: av.VideoFrame) -> str:
    """Returns the SHA-256 of a decoded frame, in hex."""
    tags = (frame.color_primaries, frame.color_trc, int(frame.colorspace), int(frame.color_range))
    told = hashlib.sha256(f"{frame.width}x{frame.height} {frame.format.name} {tags}\n".encode())
    wide = any(component.bits > 8 for component in frame.format.components)
    if not frame.format.is_planar:
        told.update(np.ascontiguousarray(frame.to_ndarray()).data)
        return told.hexdigest()
    for plane in frame.planes:
        told.update(np.ascontiguousarray(plane_view(plane, np.uint16 if wide else np.uint8)).data)
    return told.hexdigest()


def hash_sound(source: Path | BinaryIO, clock: Clock, rate_hz: int, frames: int) -> tuple[str, ...]:
    """Returns the SHA-256 of the samples under each frame of a film, as interleaved float32, little-endian.

    What is heard after the last frame counts as its. rate_hz: samples a second.
    """
    edges = [clock.samples(number, rate_hz) for number in range(frames)]
    return tuple(_hash_spans(decode_blocks(source), edges))


def hash_samples(source: Path | BinaryIO) -> str:
    """Returns the SHA-256 of all samples of a sound file, as interleaved float32, little-endian."""
    (told,) = _hash_spans(decode_blocks(source), [0])
    return told


def _hash_spans(blocks: Iterator[Array], edges: list[int]) -> Iterator[str]:
    """Yields a hash for the samples from each edge to the next, the last one to the end."""
    told, at, number = hashlib.sha256(), 0, 0
    for block in blocks:
        left = block
        while number + 1 < len(edges) and at + len(left) >= edges[number + 1]:
            cut = edges[number + 1] - at
            told.update(np.ascontiguousarray(left[:cut], "<f4").data)
            yield told.hexdigest()
            left, at = left[cut:], edges[number + 1]
            told, number = hashlib.sha256(), number + 1
        told.update(np.ascontiguousarray(left, "<f4").data)
        at += len(left)
    yield told.hexdigest()
    yield from (hashlib.sha256().hexdigest() for _ in edges[number + 1 :])
