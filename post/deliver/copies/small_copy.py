"""Makes a small copy of any film, to look at where the film itself is too large: 640 by 360 at most, H.264 and AAC.

A copy is no deliverable: nothing about it is exact but that every frame is there, at its time.
"""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer, OutputContainer

from post.errors import SourceError
from post.takes.container import ffmpeg_errors, open_container, prepare_decoder

MEDIA_TYPE = "video/mp4"
WIDEST, HIGHEST = 640, 360  # pixels
_SOUND_BPS, _SOUND_HZ = 64_000, 48_000
_LEAST_BPS, _MOST_BPS = 80_000, 700_000  # of the picture: below, nothing can be seen in it
_MICROSECONDS = 1_000_000


def make_small_copy(path: Path, most_bytes: int) -> bytes:
    """Returns a small copy of a film as an MP4 file. The film may be anything: call it in a worker.

    most_bytes: what the copy may have. Raises SourceError where the film cannot be decoded, or is too long for that.
    """
    with open_container(path) as film, ffmpeg_errors(path.name):
        if not film.streams.video:
            raise SourceError("shows no picture", where=path.name, expected="a film")
        seconds = Fraction(film.duration or 0, _MICROSECONDS)
        room = int(most_bytes * 8 * 0.9 / max(1.0, float(seconds))) - _SOUND_BPS
        if room < _LEAST_BPS:
            raise SourceError(
                "too long for a small copy",
                where=path.name,
                expected=f"at most {most_bytes * 8 * 0.9 / (_LEAST_BPS + _SOUND_BPS) / 60:.0f} minutes",
                got=f"{float(seconds) / 60:.0f} minutes",
            )
        file = BytesIO()
        with av.open(file, "w", format="mp4") as copy:
            frames = _transcode(film, copy, min(_MOST_BPS, room))
        if not frames:
            raise SourceError("holds no picture that decodes", where=path.name, expected="a film")
        return file.getvalue()


def _transcode(film: InputContainer, copy: OutputContainer, bps: int) -> int:
    """Writes every frame and sample of a film into a copy, and returns how many frames there are. bps: of the picture,
    bits a second at most."""
    source, heard = film.streams.video[0], next(iter(film.streams.audio), None)
    prepare_decoder(source, 2)
    width, height = _fitted(source.codec_context.width, source.codec_context.height)
    # One thread: what x264 writes does not depend on how many processors there are.
    options = {
        "crf": "28",
        "preset": "veryfast",
        "threads": "1",
        "maxrate": str(bps),
        "bufsize": str(2 * bps),
    }
    picture: Any = copy.add_stream("libx264", rate=source.average_rate or 25, options=options)
    picture.width, picture.height, picture.pix_fmt = width, height, "yuv420p"
    picture.time_base = picture.codec_context.time_base = source.time_base
    sound: Any = copy.add_stream("aac", rate=_SOUND_HZ, layout="stereo") if heard else None
    if sound:
        sound.bit_rate = _SOUND_BPS
    frames, resampler = 0, av.AudioResampler("fltp", "stereo", _SOUND_HZ)
    for frame in film.decode([each for each in (source, heard) if each]):
        if isinstance(frame, av.VideoFrame):
            small = frame.reformat(width, height, "yuv420p")
            small.pict_type, frames = 0, frames + 1  # the encoder decides which are whole
            copy.mux(picture.encode(small))
        elif isinstance(frame, av.AudioFrame):
            for part in resampler.resample(frame):
                copy.mux(sound.encode(part))
    copy.mux(picture.encode(None))
    if sound:
        for part in resampler.resample(None):
            copy.mux(sound.encode(part))
        copy.mux(sound.encode(None))
    return frames


def _fitted(width: int, height: int) -> tuple[int, int]:
    """Returns the size of a copy: that of the film, or the largest of its shape that fits, upright or not; even."""
    widest, highest = (WIDEST, HIGHEST) if width >= height else (HIGHEST, WIDEST)
    scale = min(Fraction(1), Fraction(widest, width), Fraction(highest, height))
    return max(2, 2 * round(width * scale / 2)), max(2, 2 * round(height * scale / 2))
