"""Reads frames of stills, animations, sequences and made sources by number, as PictureReader does those of clips."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Self

from av import VideoFrame

from post.errors import SourceError
from post.takes.made.source import draw_source
from post.takes.stills.animation import AnimationFrames, read_times
from post.takes.stills.decode import decode_path, decode_still, frame_of_pixels
from post.takes.stills.pixels import Pixels, still_errors
from post.takes.stills.sequence import open_pack, read_frame
from post.takes.timing import Grid
from post.values.media import Picture
from post.values.time import Span

KEPT = 3  # frames kept after they were given: blending reads two neighbours again


class StillReader:
    """Reads frames of one take that is no clip; a context manager.

    path, picture: the file, and the picture that `probe` returned for it.
    """

    def __init__(self, path: Path, picture: Picture) -> None:
        """Raises SourceError if the file cannot be opened, or is not the one that was probed."""
        self._path, self._picture = path, picture
        self._kept: OrderedDict[int, VideoFrame] = OrderedDict()
        self._open = ExitStack()
        self._read = _OPENERS[picture.kind](self)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file and drops the frames that are held."""
        self._kept.clear()
        self._open.close()

    def frame(self, i: int) -> VideoFrame:
        """Returns frame `i` of the grid, in the picture's own size, pixel format and colour.

        The frame is shared: copy it before a change. Raises IndexError outside 0..length-1, and SourceError if the
        file is damaged there.
        """
        number = self._number(i)
        if number not in self._kept:
            self._kept[number] = self._drawn(number)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(number)
        return self._kept[number]

    def pixels(self, i: int) -> Pixels:
        """Returns frame `i` of the grid with its transparency, which `frame` lays over the take's fill.

        Raises what `frame` does, and TypeError for a made source.
        """
        return self._checked(self._read(self._number(i)))

    def keys(self, span: Span) -> list[int]:
        """Returns the frames of a span that decode without any other frame: all, except an animation's."""
        return [] if self._picture.kind == "animation" else list(span)

    def _number(self, i: int) -> int:
        if not 0 <= i < self._picture.length:
            raise IndexError(f"grid frame {i} of {self._picture.length}")
        return self._grid.shown_at(i) if self._picture.variable else i

    def _drawn(self, number: int) -> VideoFrame:
        if self._picture.kind == "made":
            return draw_source(self._picture)
        return frame_of_pixels(self._checked(self._read(number)), self._picture.fill)

    @cached_property
    def _grid(self) -> Grid:
        """The grid of an animation that is not steady: where its frames change."""
        return read_times(self._path).grid(self._picture.grid)

    # One for each kind: opens the file, and returns what reads a frame of it.

    def _of_still(self) -> Callable[[int], Pixels]:
        return lambda _: decode_path(self._path)

    def _of_animation(self) -> Callable[[int], Pixels]:
        return self._open.enter_context(AnimationFrames(self._path)).pixels

    def _of_sequence(self) -> Callable[[int], Pixels]:
        pack, names = self._open.enter_context(open_pack(self._path))

        def read(number: int) -> Pixels:
            with still_errors(names[number]):
                return decode_still(read_frame(pack, names[number]), names[number])

        return read

    def _of_made(self) -> Callable[[int], Pixels]:
        def read(_: int) -> Pixels:
            raise TypeError("a made source has no pixels of a file")

        return read

    def _checked(self, pixels: Pixels) -> Pixels:
        height, width = pixels.codes.shape[:2]
        if (width, height) != (self._picture.width, self._picture.height):
            raise SourceError(
                "is not the file that was probed",
                where=self._path.name,
                expected=f"{self._picture.width}x{self._picture.height}",
                got=f"{width}x{height}",
                fix="ingest it again",
            )
        return pixels


_OPENERS: dict[str, Callable[[StillReader], Callable[[int], Pixels]]] = {
    "still": StillReader._of_still,
    "animation": StillReader._of_animation,
    "sequence": StillReader._of_sequence,
    "made": StillReader._of_made,
}
