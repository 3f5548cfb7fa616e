"""Computes MPEG-7 frame signatures with the ffmpeg binary of imageio-ffmpeg, in a process of its own.

FFmpeg's signature filter is under the GPL and not in the libraries that are linked here.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from post.errors import IncompleteError
from post.values.array import Array

_SIGNATURE = re.compile(r"<FrameSignature>([012\s]+)</FrameSignature>")
VALUES = 380
LONGEST_S = 120


def signatures(pictures: Array, step_s: float) -> list[list[int]]:
    """Returns the signature of each picture: 380 values of 0..2. pictures: (n, side, side) uint8, luma.

    The filter averages every frame over 32 by 32 blocks, whatever its shape; a square whose side is a multiple of
    32 gives the same averages. Raises IncompleteError where ffmpeg or the filter is missing.
    """
    count, height, width = pictures.shape
    with TemporaryDirectory() as folder:
        command = [
            _binary(), "-v", "error", "-nostdin", "-f", "rawvideo", "-pix_fmt", "gray",
            "-video_size", f"{width}x{height}", "-framerate", f"{1 / step_s:.6f}", "-i", "pipe:0",
            "-vf", "signature=format=xml:filename=signature.xml", "-f", "null", "-",
        ]  # fmt: skip
        try:
            ran = subprocess.run(
                command,
                cwd=folder,
                input=pictures.tobytes(),
                capture_output=True,
                timeout=LONGEST_S,
                check=False,
            )
        except subprocess.TimeoutExpired as fault:
            raise _missing("it did not end in time") from fault
        found = Path(folder) / "signature.xml"
        text = found.read_text("ascii", "replace") if found.is_file() else ""
    made = [[int(value) for value in row.split()] for row in _SIGNATURE.findall(text)]
    if len(made) != count or any(len(row) != VALUES for row in made):
        said = ran.stderr.decode("utf-8", "replace").strip().splitlines()
        raise _missing(said[-1] if said else f"{len(made)} signatures of {count} frames")
    return made


def _binary() -> str:
    import imageio_ffmpeg

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as fault:
        raise _missing("no ffmpeg") from fault


def _missing(got: str) -> IncompleteError:
    return IncompleteError(
        "no ISCC can be made",
        expected="an ffmpeg with the signature filter, as imageio-ffmpeg brings it",
        got=got,
        fix="install imageio-ffmpeg, or leave iscc out",
    )
