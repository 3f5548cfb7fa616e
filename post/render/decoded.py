"""Decodes a finished film, and computes a digest of each picture that it shows and of what is heard.

Two films with the same digests look and sound the same, whatever their containers, names and credentials are. An
approval is bound to these digests, and a replay compares them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np

from post.errors import SourceError
from post.os_faults import retry_of
from post.render.sound.codec import decode_blocks
from post.takes.frame_planes import plane_codes


@dataclass(frozen=True, slots=True)
class DecodedFilm:
    """What a film shows and plays.

    frames: the SHA-256 of each decoded frame, in the order of time, as `frame_digest` computes it; sound: that of all
    decoded samples, "" for a film without sound; samples: of each channel.
    """

    frames: tuple[str, ...]
    sound: str = ""
    samples: int = 0


def decode_film(film: Path, threads: int = 1) -> DecodedFilm:
    """Returns the digests of a film. threads: of the decoder.

    Raises SourceError where it cannot be read or decoded, RetryError where the system is short of something.
    """
    with _decoding(film):
        frames = tuple(decoded_frames(film, threads))
        return DecodedFilm(frames, *_decoded_sound(film))


def decoded_frames(film: Path | BinaryIO, threads: int = 1) -> Iterator[str]:
    """Yields the digest of each frame of a film, or of a segment, in the order of time. Raises what PyAV raises."""
    with av.open(film) as container:
        stream = container.streams.video[0]
        stream.thread_type, stream.codec_context.thread_count = "AUTO", threads
        for frame in container.decode(stream):
            yield frame_digest(frame)


def frame_digest(frame: av.VideoFrame) -> str:
    """Returns the SHA-256 of a planar frame: its pixel format and size, then the samples of each plane, row by row.

    Padding at the ends of rows is left out, and samples of more than 8 bits are little-endian, so that the digest
    does not depend on the machine.
    """
    told = hashlib.sha256(f"{frame.format.name} {frame.width}x{frame.height}\0".encode())
    for number in range(len(frame.planes)):
        codes = plane_codes(frame, number)
        told.update(np.ascontiguousarray(codes, codes.dtype.newbyteorder("<")))
    return told.hexdigest()


def _decoded_sound(film: Path) -> tuple[str, int]:
    """Returns the digest of a film's samples, float32 little-endian with the channels of a moment together, and how
    many there are of each channel; "" and 0 for a film without sound."""
    with av.open(film) as container:
        if not container.streams.audio:
            return "", 0
    told, samples = hashlib.sha256(), 0
    for number, block in enumerate(decode_blocks(film)):
        if not number:
            told.update(f"{block.shape[1]} channels\0".encode())
        told.update(np.ascontiguousarray(block, "<f4"))
        samples += len(block)
    return told.hexdigest(), samples


@contextmanager
def _decoding(film: Path) -> Iterator[None]:
    """Turns what PyAV raises over a film into an error that names it."""
    try:
        yield
    except (av.error.FFmpegError, OSError, IndexError) as fault:
        raise (
            retry_of(fault, str(film))
            if isinstance(fault, OSError)
            else None
        ) or SourceError(
            "cannot be decoded", where=str(film), expected="a finished film", got=str(fault),
            fix="check that it is whole",
        ) from fault  # fmt: skip
