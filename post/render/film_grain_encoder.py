"""Encodes AV1 with a film grain table, by the ffmpeg binary: no encoder in PyAV's libraries accepts one.

The picture is encoded without grain. The file is read back afterwards, because some encoders drop the table and
report nothing.
"""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from post.atomic import real_path
from post.errors import JobError
from post.picture.grain.film_grain_table import GrainTable, make_grain_table, write_grain_tables
from post.picture.grain.grain import Grain
from post.render.canvas import Canvas, new_canvas
from post.render.encoder import RANGES
from post.values import EncoderSettings, Format

TABLE = "grain.tbl"
# In lines of FFmpeg's trace_headers: the name of the element, its bits, its value.
TRACED = re.compile(r"\b(film_grain_params_present|apply_grain)\b.*= (\d+)\s*$", re.MULTILINE)


class GrainTableEncoder:
    """An open segment, used as PictureEncoder is: `canvas` returns a frame to draw into; `write` encodes it."""

    def __init__(self, ffmpeg: subprocess.Popen[bytes], film: Format) -> None:
        self._ffmpeg, self._film = ffmpeg, film

    def canvas(self) -> Canvas:
        """Returns a new canvas of the film's format. Its samples are whatever memory held."""
        return new_canvas(self._film)

    def write(self, canvas: Canvas) -> None:
        """Sends the canvas's picture to ffmpeg as the segment's next frame. Nothing around it is sent."""
        assert self._ffmpeg.stdin is not None
        for plane in canvas.planes:
            self._ffmpeg.stdin.write(np.ascontiguousarray(plane).data)


@contextmanager
def open_grain_table_encoder(
    path: Path, film: Format, settings: EncoderSettings, grains: Sequence[Grain], seeds: Sequence[int]
) -> Iterator[GrainTableEncoder]:
    """Yields an encoder that writes a segment to `path`.

    grains: one for each frame, which players lay over the picture; seeds: one for each frame. Raises
    JobError if AV1 cannot hold the grain, if ffmpeg refuses the settings, and if the file has no table.
    """
    with TemporaryDirectory(prefix="answerprint-") as folder:
        (Path(folder) / TABLE).write_text(write_grain_tables(_tables(grains, film.height), film.clock, seeds))
        messages = Path(folder) / "messages"
        command = [find_ffmpeg(), "-v", "error", "-y", *_arguments(film, settings), str(real_path(path))]
        with (
            messages.open("wb") as errors,
            # It runs in that folder: a colon in the path of the table would end the option for libaom.
            subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stderr=errors) as ffmpeg,
        ):
            assert ffmpeg.stdin is not None
            try:
                yield GrainTableEncoder(ffmpeg, film)
                ffmpeg.stdin.close()
            except BrokenPipeError as fault:
                with suppress(BrokenPipeError):  # closing writes the buffered rest
                    ffmpeg.stdin.close()
                raise _refused(settings, messages) from fault
            except BaseException:
                ffmpeg.kill()
                raise
        if ffmpeg.returncode:
            raise _refused(settings, messages)
    _check(path, film.length)


def _tables(grains: Sequence[Grain], height: int) -> list[GrainTable]:
    made = {grain: make_grain_table(grain, height) for grain in set(grains)}
    return [made[grain] for grain in grains]


def find_ffmpeg() -> str:
    """Returns the path of the ffmpeg of the package imageio-ffmpeg. Raises JobError if there is none."""
    import imageio_ffmpeg

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as fault:
        raise JobError(
            "no ffmpeg to write a film grain table with",
            where="encode.film_grain",
            expected="the binary of the package imageio-ffmpeg",
            fix="install it, or use film_grain: baked",
        ) from fault


def _arguments(film: Format, settings: EncoderSettings) -> list[str]:
    """Returns ffmpeg's arguments: raw frames in, one closed group of pictures out, the same bytes each time."""
    options, colour = dict(settings.options), film.colour
    tags = (
        f"setparams=range={RANGES[colour.range]}:color_primaries={colour.primaries}"
        f":color_trc={colour.transfer}:colorspace={colour.matrix},setsar=1"
    )
    return [
        "-f", "rawvideo", "-pix_fmt", film.pixel_format, "-video_size", f"{film.width}x{film.height}",
        "-framerate", str(film.clock.rate), "-i", "pipe:0", "-vf", tags,
        "-c:v", settings.codec, "-crf", options["crf"], "-b:v", "0", "-cpu-used", options["preset"],
        "-threads", "1", "-row-mt", "0", "-g", "1000", "-keyint_min", "1000",
        "-aom-params", f"film-grain-table={TABLE}",
        "-fflags", "+bitexact", "-flags:v", "+bitexact",
        "-video_track_timescale", str(film.clock.rate.numerator), "-f", settings.container,
    ]  # fmt: skip


def count_grain(path: Path) -> tuple[bool, int]:
    """Returns whether every sequence header of an AV1 file announces film grain, and how many frames have it."""
    command = [
        find_ffmpeg(), "-v", "info", "-nostdin", "-i", str(path), "-map", "0:v:0", "-c", "copy",
        "-bsf:v", "trace_headers", "-f", "null", "-",
    ]  # fmt: skip
    traced = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    found = Counter(TRACED.findall(traced.stderr))
    announced = found["film_grain_params_present", "1"] > 0 == found["film_grain_params_present", "0"]
    return announced, found["apply_grain", "1"]


def _check(path: Path, frames: int) -> None:
    announced, grained = count_grain(path)
    if announced and grained >= frames:
        return
    raise JobError(
        "the encoder dropped the film grain table",
        where="encode.film_grain",
        expected=f"film grain in all {frames} frames",
        got=f"in {grained}",
        fix="use film_grain: baked, and report this",
    )


def _refused(settings: EncoderSettings, messages: Path) -> JobError:
    lines = messages.read_text("utf-8", "replace").strip().splitlines()
    return JobError(
        "the encoder refuses these settings",
        where=settings.codec,
        got=", ".join(f"{key}={value}" for key, value in settings.options),
        fix=f"it says: {lines[-1] if lines else 'nothing'}",
    )
