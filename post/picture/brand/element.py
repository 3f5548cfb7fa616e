"""Opens a brand element by its content, whatever it is: SVG, Lottie, still, animation, sequence or clip."""

from __future__ import annotations

from fractions import Fraction
from typing import Protocol

from post.caching import per_thread, shared
from post.errors import JobError
from post.os_faults import retry_of
from post.picture.brand.lottie import LottieElement
from post.picture.brand.raster import RasterElement
from post.picture.brand.svg import SvgElement
from post.values.array import Array
from post.values.media import File
from post.values.time import Clock

HEAD = 1024  # bytes that tell text from pictures
DOT_LOTTIE = ".lottie"  # a ZIP, as packed sequences are


class BrandElement(Protocol):
    """What is drawn: one picture, or one for each time."""

    @property
    def shape(self) -> Fraction:
        """Width over height."""

    @property
    def moves(self) -> bool:
        """Whether it has more than one picture."""

    def position(self, since: Fraction, lasts: Fraction, after_end: str) -> Fraction | None:
        """Returns where in the element a frame of the film lies, in the element's own frames; None after its end.

        since: the frame's time from the element's beginning; lasts: how long the frame is shown; both in seconds.
        after_end: "hold" (its last picture), "loop" or "stop" (nothing). Equal positions are equal pictures.
        """

    def draw(self, at: Fraction, width: int, height: int) -> Array:
        """Returns one picture, premultiplied, (height, width, 4) float32, 0..1, display-encoded as the film is.

        Raises JobError or SourceError where it cannot be drawn.
        """

    def union(self, width: int, height: int) -> Array:
        """Returns the highest alpha of all its pictures, (height, width) float32."""


@per_thread(4)
def open_element(file: File, font: File | None, alpha: str, clock: Clock) -> BrandElement:
    """Returns what a file holds, ready to be drawn by this thread.

    font: for the text of an SVG or a Lottie; alpha: straight | premultiplied | auto; clock: the film's, for what has no
    rate of its own. Raises SourceError where it cannot be read, JobError where it cannot be drawn as it is meant.
    """
    if _is_text(file, b"<"):
        return SvgElement(file, font)
    if _is_text(file, b"{") or file.name.casefold().endswith(DOT_LOTTIE):
        return LottieElement(file, font)
    return RasterElement(file, alpha, clock)


@shared(16)
def seen_alpha(file: File, font: File | None, alpha: str, clock: Clock, size: tuple[int, int]) -> Array:
    """Returns the highest alpha of all an element's pictures, (height, width) float32; size: width, height."""
    return open_element(file, font, alpha, clock).union(*size)


def _is_text(file: File, opening: bytes) -> bool:
    """Returns whether a file begins with that character, behind white space and a byte order mark."""
    try:
        with file.here.open("rb") as opened:
            head = opened.read(HEAD)
    except OSError as fault:
        raise retry_of(fault, file.name) or JobError(
            "cannot be read", where="graphic.file", got=file.name, fix="check the path"
        ) from fault
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(opening)
