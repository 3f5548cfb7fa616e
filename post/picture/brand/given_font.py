"""The one font that a brand element's text may be set in: no font of the system is ever used."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

import uharfbuzz as hb

from post.picture.type.face import FontSpec, Typeface
from post.values.media import File

NAMES = (
    hb.OTNameIdPredefined.FONT_FAMILY,
    hb.OTNameIdPredefined.TYPOGRAPHIC_FAMILY,
    hb.OTNameIdPredefined.FULL_NAME,
)
SIZE_PX = 100.0  # of no account: only its names and letters are asked for


class GivenFont:
    """A font file of the job."""

    def __init__(self, file: File) -> None:
        """Raises JobError where it is no font."""
        self._face = Typeface(FontSpec(file, SIZE_PX, place="graphic"))
        self.path: Path = file.here

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Its family's names and its full name, as it says them."""
        told = (self._face.face.get_name(name) for name in NAMES)
        return tuple(dict.fromkeys(name for name in told if name))

    def lacking(self, text: Iterable[str]) -> str:
        """Returns the first letter of a text that it has no glyph for; "" where it has all."""
        letters = (char for char in dict.fromkeys(text) if not char.isspace())
        return next((char for char in letters if not self._face.covers(char)), "")
