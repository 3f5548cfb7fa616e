"""Defines files and what is known of them: File, Asset, Take, Fact."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Literal

from post.printable import without_controls
from post.values.colour import Chroma, Colour
from post.values.speakers import Speakers
from post.values.time import Clock
from post.values.warning import JobWarning


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


# Nothing is cut away at the left, the top, the right and the bottom.
NO_CROP = (0, 0, 0, 0)

# What a clip's own credentials say of it, checked before anything else is done with it.
Credential = Literal[
    "verified", "tampered", "expired", "revoked", "untrusted", "unsigned", "vendor-marked", "unreadable"
]
CREDENTIALS: dict[Credential, str] = {
    "verified": "its credentials are intact and its signer is on a trusted list",
    "tampered": "its credentials show that it was changed after it was signed",
    "expired": "its credentials are intact, but its signer's certificate had run out",
    "revoked": "its credentials are intact, but its signer's certificate was withdrawn",
    "untrusted": "its credentials are intact, but no trusted list knows its signer",
    "unsigned": "it carries no credentials",
    "vendor-marked": "it carries no credentials, but marks of the tool that made it",
    "unreadable": "it carries something that cannot be read as credentials",
}


# What a take's picture is held in. Only a clip has a container of moving pictures.
PictureKind = Literal["clip", "still", "animation", "sequence", "made"]
# What a shot shows that is longer than its take: nothing (it is refused), the last frame, or the take again.
AfterEnd = Literal["stops", "holds", "repeats"]
_AFTER_END: dict[PictureKind, AfterEnd] = {
    "clip": "stops", "still": "holds", "animation": "repeats", "sequence": "holds", "made": "holds",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Picture:
    """A take's picture as its file has it, and the grid that it is read on.

    width, height: pixels, without those that are cut away; sar: width over height of a pixel; rotation: degrees
    clockwise to show it upright, after it is mirrored left to right where `flipped`; crop: pixels that are cut away
    at the left, the top, the right and the bottom, because the file says that they are no picture; depth: bits a
    sample; clear_format: the pixel format of the file where that has transparency, which is laid over black as it
    is read, else "";
    grid: the constant rate that it is read at; length: frames on that grid; decoded: frames in the file;
    start: time of its first frame in the file, in seconds;
    assumed: what the file did not say and policy filled in ("colour", "range", "rate");
    kind: what it is held in; fill: #rrggbb, of what is made, and of what lies behind transparent pictures.
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
    flipped: bool = False
    crop: tuple[int, int, int, int] = NO_CROP
    clear_format: str = ""
    kind: PictureKind = "clip"
    fill: str = "#000000"

    @property
    def upright(self) -> bool:
        """Whether it is stored as it is shown."""
        return not self.rotation and not self.flipped

    @property
    def after_end(self) -> AfterEnd:
        """What a shot shows that is longer than the take."""
        return _AFTER_END[self.kind]

    @property
    def stands_still(self) -> bool:
        """Whether every frame is the same: time has no effect on it."""
        return self.kind in ("still", "made")

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
    (below 0 if sound starts earlier); samples: at `rate_hz`; speakers: of each channel, () for those of
    `post.values.speakers.BY_COUNT`; beside: the other streams that hold its channels, where mono tracks are the
    channels of one sound."""

    stream: int
    codec: str
    rate_hz: int
    channels: int
    samples: int
    start: Fraction
    silent: bool = False
    speakers: Speakers = ()
    beside: tuple[int, ...] = ()


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
    sound_left_out: why its sound is not used, or "" if it is; warnings: without a place, which is the job's.
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
    warnings: tuple[JobWarning, ...] = ()
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
