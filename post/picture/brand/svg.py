"""Brand elements in SVG, drawn at their final size."""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO

import numpy as np

from post.errors import JobError, SourceError
from post.os_faults import retry_of
from post.picture.brand.given_font import GivenFont
from post.picture.brand.premultiplied import premultiplied
from post.picture.brand.svg_check import MOST_BYTES, SvgFacts, check_svg, named_families, sized_svg
from post.picture.type.face import describe_character
from post.takes.stills.pixels import Pixels
from post.takes.stills.still_file import LONGEST_SIDE, MOST_PIXELS, check_size
from post.values.array import Array
from post.values.media import File
from post.watchdog import watched

BEGINNING = Fraction(0)
FINER = 2  # drawn so many times finer and averaged: the renderer's own edges have 16 levels


class SvgElement:
    """One SVG. font: for its text, the only one that it may name."""

    moves = False

    def __init__(self, file: File, font: File | None) -> None:
        """Raises SourceError where it cannot be read or is refused, JobError where it has text without its font."""
        self._name = file.name or file.here.name
        try:
            with file.here.open("rb") as opened:
                data = opened.read(MOST_BYTES + 1)
        except OSError as fault:
            raise retry_of(fault, self._name) or SourceError(
                "cannot be read", where=self._name, got=fault.strerror, fix="check the path"
            ) from fault
        with watched(self._name, len(data)):
            self._text, self._facts = check_svg(data, self._name)
        self.shape = self._facts.shape
        self._font = _font_of(self._facts, font, self._name)

    def position(self, since: Fraction, lasts: Fraction, after_end: str) -> Fraction:  # noqa: ARG002
        """Returns the place of its one picture."""
        return BEGINNING

    def draw(self, at: Fraction, width: int, height: int) -> Array:  # noqa: ARG002  it stands still
        """Returns it drawn into that size, premultiplied. Raises SourceError where the renderer refuses it."""
        import resvg_py
        from PIL import Image

        small = width * height <= MOST_PIXELS // FINER**2 and max(width, height) <= LONGEST_SIDE // FINER
        fine = FINER if small else 1
        try:
            check_size(width * fine, height * fine)
            with watched(self._name):
                png = resvg_py.svg_to_bytes(
                    svg_string=sized_svg(self._text, self._facts, width, height),
                    width=width * fine, height=height * fine, skip_system_fonts=True,
                    font_files=[str(self._font.path)] if self._font else None,
                )  # fmt: skip
            with Image.open(BytesIO(png), formats=("PNG",)) as image:
                rgba = np.asarray(image.convert("RGBA"))
        except ValueError as fault:
            raise SourceError(
                "cannot be drawn", where=self._name, expected="an SVG that draws something", got=str(fault)[:200],
                fix="export it again, or as PNG",
            ) from fault  # fmt: skip
        whole = premultiplied(Pixels(rgba[..., :3], rgba[..., 3]))
        return np.asarray(whole.reshape(height, fine, width, fine, 4).mean((1, 3), np.float32))

    def union(self, width: int, height: int) -> Array:
        """Returns its alpha."""
        return self.draw(BEGINNING, width, height)[..., 3]


def _font_of(facts: SvgFacts, font: File | None, name: str) -> GivenFont | None:
    """Returns the font that its text needs; None where it has no text.

    Raises JobError where a family that it names is not given, where text names none, and for a letter that the font
    lacks. Without these checks text would be drawn in another font, or not at all.
    """
    if not facts.text.strip():
        return None
    if font is None:
        raise _no_font(
            name, f"text in {next(iter(facts.families), 'no font-family')}", "its font under `font`"
        )
    given = GivenFont(font)
    known = {each.casefold() for each in given.names}
    wanted = f"font-family: {' or '.join(given.names)}, as in the font given"
    if not facts.families:
        raise _no_font(name, "text without a font-family", wanted)
    for written in facts.families:
        named = named_families(written)
        if not named or named[0] not in known:
            raise _no_font(name, f"font-family: {written.strip()}", wanted)
    if lacking := given.lacking(facts.text):
        raise JobError(
            "the font of an SVG lacks a letter of its text", where=f"graphic.font: {name}",
            expected=f"a font with {describe_character(lacking)}", got=font.name, fix="convert the text to paths",
        )  # fmt: skip
    return given


def _no_font(name: str, got: str, expected: str) -> JobError:
    return JobError(
        "an SVG has text whose font is not given", where=f"graphic.font: {name}", expected=expected, got=got,
        fix="convert the text to paths, or give its font",
    )  # fmt: skip
