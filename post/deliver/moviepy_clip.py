"""Opens a finished film as a clip of moviepy, exact to the frame. moviepy is an extra."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from typing import Any

from post.picture.foreign.moviepy_effect import load_moviepy
from post.takes.open_picture import open_picture
from post.takes.probe import probe
from post.takes.sound.decode import read_sound_file
from post.takes.still import show_frame
from post.values.array import Array
from post.values.media import Picture


def open_as_moviepy(path: Path) -> Any:
    """Returns a `moviepy.VideoClip` of a finished film, with its sound; `close()` closes the file.

    At each time it shows the frame that a player shows then, as (height, width, 3) uint8 R'G'B': of a film of 10 bits,
    the nearest of 8. `fps` and `duration` are the film's. Raises JobError where moviepy is not installed, SourceError
    where the file shows no picture.
    """
    library, _ = load_moviepy("open_as_moviepy")
    take = probe(path, path.name)
    picture, stack = take.picture, ExitStack()
    reader = stack.enter_context(open_picture(path, picture))
    seconds = float(picture.grid.seconds(picture.length))
    clip = library.VideoClip(frame_function=_shown(reader, picture), duration=seconds)
    clip.size = (round(picture.shown[0]), picture.shown[1])
    clip = clip.with_fps(float(picture.grid.rate))
    if take.sound is not None:
        from moviepy.audio.AudioClip import AudioArrayClip

        pcm = read_sound_file(path, take.sound.rate_hz)
        clip = clip.with_audio(AudioArrayClip(pcm, fps=take.sound.rate_hz))
    close = clip.close

    def close_all() -> None:
        close()
        stack.close()

    clip.close = close_all
    return clip


def _shown(reader: Any, picture: Picture) -> Callable[[float], Array]:
    """Returns a function from a time in seconds to the frame that is shown then."""

    def at(seconds: float) -> Array:
        # moviepy's times are floats: that of a frame's start may lie a little before it.
        number = int((Fraction(seconds) + Fraction(1, 10**6)) * picture.grid.rate)
        return show_frame(reader.frame(max(0, min(number, picture.length - 1))), picture)

    return at
