"""Reads back the captions that come with a finished film."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from post.captions.model import CaptionTrack
from post.captions.read import FORMATS, read_captions
from post.errors import AnswerprintError
from post.takes.probe import probe
from post.takes.text.tracks import read_tracks, unread_tracks
from post.values.sights.captions import CaptionSight, SeenCaption, SeenCaptions

SUFFIXES = frozenset({f".{name}" for name in FORMATS} | {".xml", ".ssa", ".itt", ".dfxp"})


def read_film_captions(path: Path) -> CaptionSight:
    """Returns the captions of a film: those of its own tracks, and of the files beside it that have its name, as
    `film.srt` or `film.de.vtt` of `film.mp4`. A file of which a part cannot be read is told of, and the rest is read.

    The files may be anything: call it in a worker. Raises SourceError where the film cannot be read.
    """
    found, unread = list[SeenCaptions](), list[tuple[str, str]]()
    for number, (language, samples) in enumerate(read_tracks(path), 1):
        shown = (SeenCaption(each.start, each.stop, each.text) for each in samples if each.text.strip())
        found.append(SeenCaptions(f"track {number}", "track", _tag_of(language), tuple(shown)))
    unread += [(f"track {number}", f"it is in {codec}") for number, codec in unread_tracks(path)]
    beside = list(_beside(path))
    rate = probe(path, path.name).picture.grid.rate if beside else None
    for file in beside:
        track, fault = _read(file, rate)
        unread += [(file.name, fault)] if fault else []
        if track is None:
            continue
        captions = tuple(
            SeenCaption(each.start, each.stop, each.text) for each in track.captions if each.text.strip()
        )
        language = track.language or file.stem[len(path.stem) + 1 :].rpartition(".")[2]
        found.append(SeenCaptions(file.name, "file", _tag_of(language), captions))
    return CaptionSight(tuple(found), tuple(unread))


def _read(file: Path, rate: Fraction | None) -> tuple[CaptionTrack | None, str]:
    """Returns what can be read of a file, None for nothing, and what cannot be, "" for nothing."""
    try:
        return read_captions(file, rate=rate), ""
    except AnswerprintError as fault:
        why = str(fault)
    try:
        return read_captions(file, rate=rate, lenient=True), why
    except AnswerprintError:
        return None, why


def _tag_of(language: str) -> str:
    """Returns a language as BCP 47 has it, from that or from the three letters of ISO 639-2; "" for none."""
    import icu

    tag = icu.Locale.createCanonical(language).toLanguageTag() if language else ""
    return "" if tag == "und" else str(tag)


def _beside(path: Path) -> Iterator[Path]:
    """Yields the caption files of a film, by name."""
    for each in sorted(path.parent.iterdir()):
        named = each.stem == path.stem or each.stem.startswith(f"{path.stem}.")
        if named and each.suffix.lower() in SUFFIXES and each.is_file():
            yield each
