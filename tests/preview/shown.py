"""Reads what a preview wrote."""

from __future__ import annotations

import io
import re
from pathlib import Path

import av
import numpy as np

from post.values.array import Array


def job_of(folder: Path, text: str, name: str = "job.yaml") -> Path:
    """Writes a job, and returns its path."""
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def playlist_rows(path: Path) -> list[tuple[str, float]]:
    """Returns each segment of a playlist and its seconds."""
    found = re.findall(r"^#EXTINF:([\d.]+),\n(.+)$", path.read_text("utf-8"), re.MULTILINE)
    return [(name, float(seconds)) for seconds, name in found]


def decoded(content: bytes) -> tuple[list[Array], int]:
    """Returns the luma of each frame of an MP4, and the number of its samples of sound."""
    with av.open(io.BytesIO(content), "r") as film:
        frames = [
            frame.to_ndarray(format="gray").astype(np.float32) for frame in film.decode(film.streams.video[0])
        ]
    with av.open(io.BytesIO(content), "r") as film:
        samples = sum(int(frame.samples) for frame in film.decode(film.streams.audio[0]))
    return frames, samples
