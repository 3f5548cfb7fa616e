"""Defines files and what is known of them: File, Asset, Take, Fact."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Literal

from post.printable import without_controls
from post.values.colour import Chroma, Colour
from post.values.time import Clock


@dataclass(frozen=True, slots=True)
class File:
    """A file by its content. Its `path` on this machine does not count when files are compared.

    name: as text for people, records and manifests. The system's own name may hold bytes that are no text: each is
    a "?" here, and `path` has it as it is.
    """

    sha256: str
    name: str = field(default="", compare=False)
    path: Path | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if len(self.sha256) != 64:
            raise ValueError(f"not a sha256: {self.sha256!r}")
        if (name := without_controls(self.name)) != self.name:
            object.__setattr__(self, "name", name)

    @property
    def here(self) -> Path:
        """Its path on this machine."""
        if self.path is None:
            raise LookupError(f"{self.name or self.sha256} is not on this machine")
        return self.path


# What a clip's own credentials say of it, checked before anything else is done with it.
Credential = Literal[
    "verified", "tampered", "expired", "revoked", "untrusted", "unsigned", "vendor-marked", "unreadable"
]


@dataclass(frozen=True, slots=True)
class Picture:
    """A take's picture as its file has it, and the grid that it is read on.

    width, height: coded pixels; sar: width over height of a pixel; rotation: degrees clockwise to show it
    upright; grid: the constant rate that it is read at; length: frames on that grid; decoded: frames in the file;
    start: time of its first frame in the file, in seconds;
    assumed: what the file did not say and policy filled in ("colour", "range", "rate").
    """

    stream: int
    codec: str
    width: int
    height: int
    sar: Fraction
    rotation: int
    depth: int
    chroma: Chroma
    pixel_format: str
    colour: Colour
    grid: Clock
    length: int
    decoded: int
    start: Fraction
    variable: bool = False
    assumed: tuple[str, ...] = ()

    @property
    def shown(self) -> tuple[Fraction, int]:
        """Width and height as displayed, upright, in square pixels."""
        wide = Fraction(self.width) * self.sar
        if self.rotation % 180:
            # Upright, its rows become columns, and its pixels are turned too.
            return Fraction(self.height) / self.sar, self.width
        return wide, self.height


@dataclass(frozen=True, slots=True)
class Sound:
    """A take's sound. start: time from the picture's first frame to its first sample, in seconds
    (below 0 if sound starts earlier); samples: at `rate_hz`."""

    stream: int
    codec: str
    rate_hz: int
    channels: int
    samples: int
    start: Fraction
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Asset:
    """A file used in a job that is not a take: a font, a logo, a look-up table, music."""

    file: File
    bytes: int
    kind: str


@dataclass(frozen=True, slots=True)
class Take:
    """One generated (or shot) clip: its file, what it holds, what its own credentials say.

    source_type: the digital source type its manifest declares, a URI, or ""; marks: generators' traces in
    its tags; record: what the file itself says of how it was generated, as (field, value, how it is known);
    sound_left_out: why its sound is not used, or "" if it is.
    """

    name: str
    file: File
    bytes: int
    container: str
    picture: Picture
    sound: Sound | None
    credential: Credential = "unsigned"
    credential_detail: tuple[str, ...] = ()
    source_type: str = ""
    tags: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    record: tuple[tuple[str, str, str], ...] = ()
    sound_left_out: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A measurement, which is stored for each (asset, measure, version)."""

    asset: str
    measure: str
    version: int
    value: object
