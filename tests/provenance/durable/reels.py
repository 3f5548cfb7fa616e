"""Writes small films of drifting clouds, strips their credentials, and runs commands on them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from post.cli.app import run
from post.values.array import Array
from tests.provenance.durable.films import clouds


def drifting(seed: int, frames: int, size: tuple[int, int] = (256, 144)) -> Iterator[Array]:
    """Yields clouds moving to the left: (height, width) uint8."""
    width, height = size
    whole = clouds(seed, 512)
    for at in range(frames):
        yield np.roll(whole, -at, axis=1)[:height, :width].astype(np.uint8)


def write(path: Path, pictures: Iterator[Array], rate: int = 24, sar: Fraction = Fraction(1)) -> Path:
    with av.open(str(path), "w") as out:
        stream = None
        for luma in pictures:
            if stream is None:
                stream = out.add_stream("libx264", rate=rate, options={"preset": "ultrafast", "crf": "20"})
                stream.width, stream.height, stream.pix_fmt = luma.shape[1], luma.shape[0], "yuv420p"
                stream.codec_context.sample_aspect_ratio = sar
            frame = av.VideoFrame.from_ndarray(
                np.vstack([luma, np.full_like(luma[::2], 128)]), format="yuv420p"
            )
            out.mux(stream.encode(frame))
        assert stream is not None
        out.mux(stream.encode())
    return path


def stripped(signed: Path, out: Path) -> Path:
    """Writes the same packets to a new file, as a platform does; returns its path."""
    with av.open(str(signed)) as source, av.open(str(out), "w") as target:
        stream = source.streams.video[0]
        kept = target.add_stream_from_template(stream)
        for packet in source.demux(stream):
            if packet.dts is not None:
                packet.stream = kept
                target.mux(packet)
    return out


def answer(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, dict[str, object]]:
    code = run([str(word) for word in words])
    return code, json.loads(capsys.readouterr().out)
