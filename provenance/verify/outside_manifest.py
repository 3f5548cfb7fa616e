"""Looks at a file outside its manifests: bytes no signature covers, generators' marks, why there is no manifest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from post.errors import SourceError
from post.values.claim import Finding
from provenance.coverage.bmff import UnhashedBytes, find_unhashed, find_unhashed_in_stores
from provenance.coverage.data_hash import find_unhashed_ranges
from provenance.formats.media_type import BMFF_FILMS, BMFF_TYPES
from provenance.manifest import Reading
from provenance.report import UNSUPPORTED
from provenance.verify import ai_signals
from provenance.verify.locate_manifest import LocatedManifest

_SEGMENT = (b"styp", b"moof", b"sidx")


def collect_unhashed(located: LocatedManifest) -> tuple[tuple[UnhashedBytes, ...], tuple[Finding, ...]]:
    """Returns the bytes that no signature covers, of the file and of a manifest outside it.

    Where they cannot be found out, returns none, and a finding that says so.
    """
    path, reading = located.path, located.reading
    try:
        if reading.media_type not in BMFF_TYPES:
            ranges = find_unhashed_ranges(path, reading.media_type, located.active_assertions())
            return (*ranges, *find_unhashed_in_stores(located.stores())), ()
        detached = find_unhashed_in_stores([located.detached]) if located.detached else ()
        return (*find_unhashed(path, located.active_assertions()), *detached), ()
    except (SourceError, TypeError, ValueError, KeyError) as exc:
        why = f"which bytes no signature covers cannot be found out: {exc}"
        return (), (Finding("unhashed.unknown", "unhashed", str(path), why),)


def unhashed_findings(unhashed: Sequence[UnhashedBytes]) -> Iterator[Finding]:
    """Yields a finding for each place with bytes that no signature covers."""
    for item in unhashed:
        yield Finding("unhashed.bytes", "unhashed", item.box, f"{item.bytes} bytes that no signature covers")


def find_marks(path: Path, reading: Reading) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """Returns generators' marks in an MP4's tags, and a finding where the tags cannot be read."""
    if reading.media_type not in BMFF_FILMS:
        return (), ()
    try:
        return ai_signals.read_marks(path), ()
    except SourceError as exc:
        return (), (Finding("tags.unreadable", "media", str(path), str(exc)),)


def explain_absence(path: Path, reading: Reading) -> Finding:
    """Returns why a file has no manifest that can be read."""
    if reading.outcome == "unreadable" and _is_segment(path):
        why = "this is a media segment of a film: any credentials are in the initialisation segment"
        return Finding("segment.alone", "integrity", "", why)
    if reading.outcome == "absent":
        why = reading.why if reading.remote_url else "the file carries no Content Credentials"
        return Finding("manifest.absent", "integrity", reading.remote_url, why)
    if reading.outcome == "unsupported":
        why = "this kind of file cannot carry Content Credentials"
        return Finding(UNSUPPORTED, "media", reading.media_type, why)
    why = "the manifest store holds no manifest"
    if reading.outcome == "unreadable":
        why = reading.why or "the manifest cannot be read"
    return Finding("manifest.unreadable", "integrity", "", why)


def _is_segment(path: Path) -> bool:
    """Whether a file begins as a media segment does (CMAF, ISO/IEC 23000-19, 7.3)."""
    try:
        with path.open("rb") as source:
            return source.read(8)[4:] in _SEGMENT
    except OSError:
        return False
