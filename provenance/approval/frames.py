"""The frames and the sound that a film decodes to, by their hashes: what an approval binds to.

A frame's hash covers its size, pixel format, colour tags and planes; the hash of its sound covers the samples that are
heard while it is shown. A frame and its sound are one unit: pictures and sound that were never seen together are not
approved together. The document of a film is canonical JSON, and its SHA-256 names it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from post.errors import JobError, ProvenanceError
from provenance.approval.strict import canonical_json, is_sha256, require
from provenance.record.strict_json import read_bytes

SCHEMA = "FilmFrames.1"
MOST_FRAMES = 1_000_000  # eleven hours at 24 frames a second
_RATE = re.compile(r"[1-9][0-9]{0,8}/[1-9][0-9]{0,8}")


@dataclass(frozen=True)
class FilmFrames:
    """The decoded frames of a film, in order.

    rate: frames a second, as "24/1"; picture: the SHA-256 of each frame; sound: of the samples under each frame, () for
    a film without sound; stems: of the samples of each stem that lies beside the film, by its name, in order. Raises
    ValueError for what is not this.
    """

    rate: str
    picture: tuple[str, ...]
    sound: tuple[str, ...] = ()
    stems: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if not _RATE.fullmatch(self.rate) or not 0 < len(self.picture) <= MOST_FRAMES:
            raise ValueError("a film has a rate and frames")
        if self.sound and len(self.sound) != len(self.picture):
            raise ValueError("sound is told for each frame, or for none")
        names = [name for name, _ in self.stems]
        if names != sorted(set(names)) or not all(isinstance(name, str) for name in names):
            raise ValueError("stems have names, in order, each once")
        if not all(map(is_sha256, (*self.picture, *self.sound, *(told for _, told in self.stems)))):
            raise ValueError("a hash is 64 hex digits")

    def __len__(self) -> int:
        return len(self.picture)

    @cached_property
    def units(self) -> tuple[str, ...]:
        """Each frame with its sound, as one text. Units of films at different rates are never equal."""
        sound = self.sound or ("",) * len(self.picture)
        return tuple(f"{self.rate} {frame} {heard}" for frame, heard in zip(self.picture, sound, strict=True))

    @cached_property
    def document(self) -> bytes:
        """The canonical JSON of the film's frames."""
        data = {
            "picture": self.picture,
            "rate": self.rate,
            "schema": SCHEMA,
            "sound": self.sound,
            **({"stems": dict(self.stems)} if self.stems else {}),
        }
        return canonical_json(data)

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the document, in hex."""
        return hashlib.sha256(self.document).hexdigest()

    @property
    def picture_digest(self) -> str:
        """The SHA-256 of all frames' hashes, one a line: equal where two films show the same."""
        return _digest_lines(self.picture)

    @property
    def sound_digest(self) -> str:
        """The SHA-256 of the hashes of all sound, one a line; of nothing where there is no sound."""
        return _digest_lines(self.sound)


def read_frames(data: bytes, where: str) -> FilmFrames:
    """Returns the frames in a document. where: named in the error. Raises ProvenanceError if it is none."""
    found: Any = read_bytes(data, where, most_bytes=MOST_FRAMES * 136)
    try:
        known = set(found) - {"stems"} == {"schema", "rate", "picture", "sound"} and found["schema"] == SCHEMA
        require(known, "other keys than a list of frames has")
        stems = tuple(sorted(found.get("stems", {}).items()))
        return FilmFrames(found["rate"], tuple(found["picture"]), tuple(found["sound"]), stems)
    except (AttributeError, JobError, TypeError, ValueError) as fault:
        raise ProvenanceError("is no list of frames", where=where, got=str(fault)) from fault


def _digest_lines(hashes: tuple[str, ...]) -> str:
    return hashlib.sha256("".join(f"{each}\n" for each in hashes).encode()).hexdigest()
