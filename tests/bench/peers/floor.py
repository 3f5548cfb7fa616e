"""The floor: only decodes the sources and encodes the finished frames.

    floor.py decode CLIP...             decodes every picture and sound
    floor.py read ENCODING.json         reads the raw frames without encoding: to be subtracted
    floor.py encode ENCODING.json       reads and encodes them

ENCODING.json: raw, held, out, width, height, first, stop, codec, options. Frames first..stop-1 are encoded by
one thread. Raw frames are planes with the padding FFmpeg gives their rows, so that they are read straight
into a frame.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.video.stream import VideoStream

RATE = 24


def decode(*clips: str) -> None:
    for clip in clips:
        with av.open(clip) as container:
            for stream in container.streams.get(video=0, audio=0):
                stream.codec_context.thread_count = 1
            for _ in container.decode(*container.streams.get(video=0, audio=0)):
                pass


def read(encoding: str) -> None:
    for _ in _frames(json.loads(Path(encoding).read_text())):
        pass


def encode(encoding: str) -> None:
    told = json.loads(Path(encoding).read_text())
    with av.open(told["out"], "w", format="mov") as container:
        stream = container.add_stream(told["codec"], rate=RATE, options=told["options"])
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = told["width"], told["height"], "yuv420p"
        stream.codec_context.thread_count, stream.codec_context.gop_size = 1, 1000
        for number, frame in enumerate(_frames(told)):
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _frames(told: dict[str, Any]) -> Iterator[av.VideoFrame]:
    with Path(told["raw"]).open("rb", buffering=0) as raw:
        for number in range(told["first"], told["stop"]):
            frame = av.VideoFrame(told["width"], told["height"], "yuv420p")
            # A film longer than its raw frames repeats them.
            raw.seek(number % told["held"] * sum(plane.buffer_size for plane in frame.planes))
            for plane in frame.planes:
                raw.readinto(memoryview(plane))
            yield frame


VERBS: dict[str, Callable[..., None]] = {"decode": decode, "read": read, "encode": encode}

if __name__ == "__main__":
    VERBS[sys.argv[1]](*sys.argv[2:])
