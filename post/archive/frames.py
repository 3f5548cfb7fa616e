"""Tells every frame of a film by its digest, segment by segment: what a replay is compared with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from post.errors import ProvenanceError
from post.render.decoded import DecodedFilm
from post.values import Rendition, Span, digest

SCHEMA = "Frames.1"


@dataclass(frozen=True, slots=True)
class FilmFrames:
    """What a film shows and plays, by digests.

    name: the film's; file: its path in the archive, "" where it is not in it; unsigned: the SHA-256 of the film before
    it was signed; container: of post.values.files.film_container; rate: frames a second, as text; places: each
    segment's frames; keys: each segment's digest; decoded: the digests of its frames and its sound.
    """

    name: str
    file: str
    unsigned: str
    container: str
    rate: str
    places: tuple[Span, ...]
    keys: tuple[str, ...]
    decoded: DecodedFilm

    def segment(self, place: Span) -> str:
        """Returns one digest of all frames of a segment."""
        return segment_digest(self.decoded.frames[place.first : place.stop])

    def text(self) -> bytes:
        """Returns it as frames/NAME.json has it."""
        data = {
            "schema": SCHEMA,
            "film": self.name,
            "file": self.file,
            "unsigned_sha256": self.unsigned,
            "container": self.container,
            "rate": self.rate,
            "segments": [
                {"first": place.first, "stop": place.stop, "key": key, "digest": self.segment(place)}
                for place, key in zip(self.places, self.keys, strict=True)
            ],
            "sound": self.decoded.sound,
            "samples": self.decoded.samples,
            "frames": list(self.decoded.frames),
        }
        return (json.dumps(data, indent=0, ensure_ascii=False) + "\n").encode()


def segment_digest(frames: tuple[str, ...]) -> str:
    """Returns one digest of some frames: the SHA-256 of their digests, one a line."""
    return hashlib.sha256("".join(f"{each}\n" for each in frames).encode()).hexdigest()


def frames_of(rendition: Rendition, file: str, unsigned: str, decoded: DecodedFilm) -> FilmFrames:
    """Returns the frames of a film of a plan. file: its path in the archive; unsigned: its SHA-256 without signature."""
    keys = tuple(map(digest, rendition.segments))
    rate = str(rendition.format.clock)
    return FilmFrames(rendition.name, file, unsigned, rendition.container, rate, rendition.places, keys, decoded)


def read_frames(data: Any, where: str) -> FilmFrames:
    """Returns what frames/NAME.json says. data: its JSON. Raises ProvenanceError where it is none, or contradicts
    itself."""
    fault = ProvenanceError("cannot be read as the frames of a film", where=where, expected=SCHEMA)
    if not isinstance(data, Mapping) or data.get("schema") != SCHEMA:
        raise fault
    try:
        rows = data["segments"]
        places = tuple(Span(int(row["first"]), int(row["stop"])) for row in rows)
        decoded = DecodedFilm(tuple(map(str, data["frames"])), str(data["sound"]), int(data["samples"]))
        texts = [str(data[key]) for key in ("film", "file", "unsigned_sha256", "container", "rate")]
        made = FilmFrames(*texts, places, tuple(str(row["key"]) for row in rows), decoded)
        told = [str(row["digest"]) for row in rows]
    except (KeyError, TypeError, ValueError, AttributeError) as exc:
        raise fault from exc
    edges = [0, *(place.stop for place in places)]
    whole = [place.first for place in places] == edges[:-1] and edges[-1] == len(decoded.frames)
    if not whole or [made.segment(place) for place in places] != told:
        raise ProvenanceError(
            "contradicts itself", where=where, expected="segments that hold every frame, in order",
            fix="restore the archive from a copy",
        )  # fmt: skip
    return made
