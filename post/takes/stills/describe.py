"""Describes stills, animations, packed sequences and made sources as takes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from post.atomic import checksum
from post.errors import SourceError
from post.takes.made.source import picture_of_recipe
from post.takes.stills.animation import ANIMATED, INSTEAD_MS, AnimationFrames, AnimationTimes, read_times
from post.takes.stills.decode import DEPTH, PIXEL_FORMAT, decode_path, decode_still, shown_size
from post.takes.stills.format import MADE, PACK, StillFormat
from post.takes.stills.pixels import Pixels, still_errors
from post.takes.stills.sequence import open_pack, read_frame
from post.takes.stills.still_file import FORMATS
from post.takes.stills.still_tags import read_still_tags
from post.takes.timing import Grid
from post.values.colour import BT709
from post.values.media import File, Picture, PictureKind, Take
from post.values.time import Clock
from post.values.warning import JobWarning, as_warnings

USUAL = Clock(Fraction(24))  # where no film sets another
LEAST_SIDE = 2


@dataclass(frozen=True, slots=True)
class Described:
    """A take's picture, what it is held in, and what is to be said of it."""

    picture: Picture
    container: str
    warnings: tuple[JobWarning | str, ...] = ()


def describe(path: Path, name: str, found: StillFormat, clock: Clock | None) -> Take:
    """Returns the take in a file of one of these kinds.

    clock: of the film, or of a sequence that has a rate of its own; None where there is none. Raises SourceError for
    a file that cannot be read as what it is.
    """
    made = _described(path, found, clock)
    return Take(
        name=name,
        file=File(checksum(path).sha256, path.name, path),
        bytes=path.stat().st_size,
        container=made.container,
        picture=made.picture,
        sound=None,
        tags=read_still_tags(path) if found.name in FORMATS else (),
        warnings=as_warnings(made.warnings),
    )


def _described(path: Path, found: StillFormat, clock: Clock | None) -> Described:
    if found.use == MADE:
        return Described(picture_of_recipe(path, clock), "made")
    if found.use == PACK:
        return _sequence(path, clock or USUAL)
    kind = found.name.lower()
    if found.name in ANIMATED and _frames(path) > 1:
        return _animation(path, kind, clock)
    pixels = decode_path(path)
    picture = _picture(pixels, kind, "still", (clock or USUAL, 1, 1), path.name)
    return Described(picture, kind, (*pixels.notes, *_transparency(pixels)))


def _frames(path: Path) -> int:
    with AnimationFrames(path) as frames:
        return frames.count


def _animation(path: Path, kind: str, clock: Clock | None) -> Described:
    times = read_times(path)
    with AnimationFrames(path) as frames:
        pixels = frames.pixels(0)
    grid = times.grid(clock)
    picture = _picture(pixels, kind, "animation", (grid.clock, grid.length, len(grid.stamps)), path.name)
    return Described(
        replace(picture, variable=grid.variable),
        kind,
        (*_told(times, grid), *pixels.notes, *_transparency(pixels)),
    )


def _told(times: AnimationTimes, grid: Grid) -> tuple[JobWarning | str, ...]:
    rate = f"{float(grid.clock.rate):g} fps"
    asks = "without end" if times.plays == 0 else f"{times.plays} times"
    spread = f"{len(grid.stamps)} frames on a grid of {grid.length} at {rate}"
    varying = f"its frames are shown for different times: {spread}"
    hasty = "1 frame asks" if times.corrected == 1 else f"{times.corrected} frames ask"
    found: dict[JobWarning | str, bool] = {
        f"{hasty} for next to no time: each is shown for {INSTEAD_MS} ms, as browsers do": (
            times.corrected > 0
        ),
        JobWarning("varying-rate", varying): grid.variable,
        f"asks to be played {asks}: a shot repeats it only where the shot is longer": times.plays
        not in (None, 1),
    }
    return tuple(text for text, is_so in found.items() if is_so)


def _sequence(path: Path, clock: Clock) -> Described:
    with still_errors(path.name, str(path)), open_pack(path) as (pack, names):
        first = decode_still(read_frame(pack, names[0]), names[0])
        height, width = first.codes.shape[:2]
        for name in names[1:]:
            _refuse_another_size(shown_size(read_frame(pack, name), name), name, (width, height))
    kind = Path(names[0]).suffix.lstrip(".").lower()
    picture = _picture(first, kind, "sequence", (clock, len(names), len(names)), path.name)
    return Described(picture, "sequence", (*first.notes, *_transparency(first)))


def _refuse_another_size(got: tuple[int, int], name: str, wanted: tuple[int, int]) -> None:
    if got == wanted:
        return
    raise SourceError(
        "has another size than the sequence's first frame", where=name, expected="{}x{}".format(*wanted),
        got="{}x{}".format(*got), fix="render it again at that size",
    )  # fmt: skip


def _transparency(pixels: Pixels) -> tuple[JobWarning, ...]:
    if pixels.alpha is None:
        return ()
    what = "has transparency: it is shown over the take's `fill`, which is black where it says none"
    return (JobWarning("alpha-flattened", what),)


def _picture(
    pixels: Pixels, codec: str, kind: PictureKind, times: tuple[Clock, int, int], where: str
) -> Picture:
    """times: the grid, its length, and how many frames the file has."""
    height, width = pixels.codes.shape[:2]
    if min(height, width) < LEAST_SIDE:
        raise SourceError(
            "has an impossible frame size", where=where, expected=f"{LEAST_SIDE} pixels a side or more",
            got=f"{width}x{height}", fix="export it larger",
        )  # fmt: skip
    clock, length, count = times
    return Picture(
        stream=0, codec=codec, width=width, height=height, sar=Fraction(1), rotation=0, depth=DEPTH, chroma="444",
        pixel_format=PIXEL_FORMAT, colour=BT709, grid=clock, length=length, decoded=count, start=Fraction(0),
        kind=kind,
    )  # fmt: skip
