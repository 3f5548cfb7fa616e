"""What the media itself shows, beside its manifests: bytes nobody signed, and generators' marks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from post.errors import SourceError
from post.values.claim import Finding
from provenance.coverage.bmff import UnhashedBytes, find_unhashed, find_unhashed_in_stores
from provenance.formats.media_type import BMFF_FILMS
from provenance.manifest import Reading
from provenance.report import UNSUPPORTED
from provenance.verify import ai_signals
from provenance.verify.locate_manifest import Found

_SEGMENT = (b"styp", b"moof", b"sidx")


def left_out(found: Found) -> tuple[tuple[UnhashedBytes, ...], tuple[Finding, ...]]:
    """Bytes that no signature covers, of the film and of a manifest that lies apart from it."""
    path, reading = found.path, found.reading
    assertions = reading.manifests[0].get("assertions")
    try:
        if reading.media_type not in BMFF_FILMS:
            return find_unhashed_in_stores(found.stores()), ()
        apart = find_unhashed_in_stores([found.apart]) if found.apart else ()
        return (*find_unhashed(path, assertions if isinstance(assertions, Mapping) else {}), *apart), ()
    except (SourceError, TypeError, ValueError, KeyError) as exc:
        return (), (
            Finding("unhashed.unknown", "unhashed", str(path), f"what is unhashed cannot be told: {exc}"),
        )


def told_of(loose: Sequence[UnhashedBytes]) -> Iterator[Finding]:
    for item in loose:
        yield Finding("unhashed.bytes", "unhashed", item.box, f"{item.bytes} bytes that no signature covers")


def marks_in(path: Path, reading: Reading) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    if reading.media_type not in BMFF_FILMS:
        return (), ()
    try:
        return ai_signals.marks(path), ()
    except SourceError as exc:
        return (), (Finding("tags.unreadable", "media", str(path), str(exc)),)


def why_without(path: Path, reading: Reading) -> tuple[Finding, ...]:
    if reading.outcome == "unreadable" and _is_segment(path):
        why = "a media segment of a film: what credentials there are lie in its initialisation segment"
        return (Finding("segment.alone", "integrity", "", why),)
    rows = {
        "absent": Finding(
            "manifest.absent",
            "integrity",
            reading.remote_url,
            reading.why if reading.remote_url else "the file carries no Content Credentials",
        ),
        "unsupported": Finding(
            UNSUPPORTED,
            "media",
            reading.media_type,
            "Content Credentials cannot be read in this kind of file",
        ),
        "unreadable": Finding("manifest.unreadable", "integrity", "", reading.why or "nothing can be read"),
        "found": Finding(
            "manifest.unreadable", "integrity", "", "there is a manifest store without a manifest"
        ),
    }
    return (rows[reading.outcome],)


def _is_segment(path: Path) -> bool:
    """Whether a file opens as a media segment does (CMAF, ISO/IEC 23000-19, 7.3)."""
    try:
        with path.open("rb") as source:
            return source.read(8)[4:] in _SEGMENT
    except OSError:
        return False
