"""Tells every frame of a film by its hash, segment by segment: what a replay is compared with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from post.errors import ProvenanceError
from post.values import Rendition, Span, digest
from provenance.approval.frames import FilmFrames

SCHEMA = "ArchivedFrames.1"


@dataclass(frozen=True, slots=True)
class ArchivedFrames:
    """What a film shows and plays, by hashes.

    name: the film's; file: its path in the archive, "" where it is not in it; unsigned: the SHA-256 of the film before
    it was signed; container: of post.values.files.film_container; places: each segment's frames; keys: each segment's
    digest; shown: the hashes of its frames, and of the sound under each.
    """

    name: str
    file: str
    unsigned: str
    container: str
    places: tuple[Span, ...]
    keys: tuple[str, ...]
    shown: FilmFrames

    def text(self) -> bytes:
        """Returns it as frames/NAME.json has it."""
        data = {
            "schema": SCHEMA,
            "film": self.name,
            "file": self.file,
            "unsigned_sha256": self.unsigned,
            "container": self.container,
            "rate": self.shown.rate,
            "digest": self.shown.digest,
            "segments": [
                {
                    "first": place.first,
                    "stop": place.stop,
                    "key": key,
                    "digest": segment_digest(self.shown, place),
                }
                for place, key in zip(self.places, self.keys, strict=True)
            ],
            "picture": self.shown.picture,
            "sound": self.shown.sound,
        }
        return (json.dumps(data, indent=0, ensure_ascii=False) + "\n").encode()


def segment_digest(shown: FilmFrames, place: Span) -> str:
    """Returns one digest of the frames of a segment: the SHA-256 of their hashes, one a line."""
    rows = shown.picture[place.first : place.stop]
    return hashlib.sha256("".join(f"{each}\n" for each in rows).encode()).hexdigest()


def frames_of(rendition: Rendition, file: str, unsigned: str, shown: FilmFrames) -> ArchivedFrames:
    """Returns the frames of a film. file: its path in the archive; unsigned: its SHA-256 without a signature."""
    keys = tuple(map(digest, rendition.segments))
    return ArchivedFrames(rendition.name, file, unsigned, rendition.container, rendition.places, keys, shown)


def read_archived_frames(data: Any, where: str) -> ArchivedFrames:
    """Returns what frames/NAME.json says. data: its JSON. Raises ProvenanceError where it is none, or contradicts
    itself."""
    fault = ProvenanceError("cannot be read as the frames of a film", where=where, expected=SCHEMA)
    if not isinstance(data, Mapping) or data.get("schema") != SCHEMA:
        raise fault
    try:
        rows = data["segments"]
        places = tuple(Span(int(row["first"]), int(row["stop"])) for row in rows)
        shown = FilmFrames(data["rate"], tuple(data["picture"]), tuple(data["sound"]))
        name, file, unsigned, container = (
            str(data[key]) for key in ("film", "file", "unsigned_sha256", "container")
        )
        keys = tuple(str(row["key"]) for row in rows)
        made = ArchivedFrames(name, file, unsigned, container, places, keys, shown)
        told = [str(row["digest"]) for row in rows]
    except (KeyError, TypeError, ValueError, AttributeError) as exc:
        raise fault from exc
    edges = [0, *(place.stop for place in places)]
    whole = [place.first for place in places] == edges[:-1] and edges[-1] == len(shown.picture)
    if (
        not whole
        or [segment_digest(shown, place) for place in places] != told
        or data["digest"] != shown.digest
    ):
        raise ProvenanceError(
            "contradicts itself", where=where, expected="segments that hold every frame, in order",
            fix="restore the archive from a copy",
        )  # fmt: skip
    return made
