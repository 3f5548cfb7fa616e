"""Makes a film in which a place is hard to locate: B-frames, interleaved sound, an edit list."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import av
import numpy as np

RATE_HZ = 48_000
_HOP = 1024


@dataclass(frozen=True)
class Spot:
    """A film of any length. noisy: the share of each picture that is noise, which no encoder makes small."""

    seconds: float = 3.0
    fps: int = 24
    noisy: float = 1.0
    sound: bool = True
    options: dict[str, str] = field(default_factory=dict)

    def write(self, path: Path) -> Path:
        rng = np.random.default_rng(7)
        with av.open(str(path), "w", options=self.options) as out:
            coded = {"preset": "veryfast", "g": "48", "x264-params": "bframes=2:b-adapt=0:scenecut=0"}
            picture = out.add_stream("libx264", rate=self.fps, options=coded)
            picture.width, picture.height, picture.pix_fmt = 64, 48, "yuv420p"
            voice = out.add_stream("aac", rate=RATE_HZ, layout="stereo") if self.sound else None
            heard = 0
            for number in range(round(self.seconds * self.fps)):
                pixels = np.full((48, 64, 3), number % 200, np.uint8)
                rows = round(48 * self.noisy)
                pixels[:rows] = rng.integers(0, 255, (rows, 64, 3), dtype=np.uint8)
                out.mux(picture.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
                while voice is not None and heard * self.fps < (number + 1) * RATE_HZ:
                    pcm = rng.normal(0, 0.1, (2, _HOP)).astype(np.float32)
                    frame = av.AudioFrame.from_ndarray(pcm, format="fltp", layout="stereo")
                    frame.sample_rate, frame.pts = RATE_HZ, heard
                    out.mux(voice.encode(frame))
                    heard += _HOP
            for stream in out.streams:
                out.mux(stream.encode())  # type: ignore[attr-defined]  # both streams encode
        return path
