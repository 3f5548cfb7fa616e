"""What a registry keeps of a signed film, and how it was taken out of its file."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from post.atomic import checksum
from post.errors import ProvenanceError
from post.receipt import Receipt
from provenance.durable import watermark_pattern
from provenance.durable.fingerprint import Print, Viewing, print_of
from provenance.formats.jumbf import read_manifests
from provenance.formats.manifest_store import read_stores
from provenance.formats.media_type import detect_media_type
from provenance.manifest.sidecar import read_sidecar, sidecar_path

# C2PA 2.4, 8.1: what manifests are called. Older ones are a bare `urn:uuid:`.
MANIFEST_ID = re.compile(r"[!-~]{1,256}\Z")
ALGORITHM_NAME = re.compile(r"[A-Za-z0-9._-]{1,128}\Z")
MARK = watermark_pattern.ALGORITHM
LARGEST_STORE = 16 << 20
MOST_BINDINGS, LONGEST_BINDING = 32, 8192
LONGEST_TEXT = 1024


@dataclass(frozen=True, slots=True)
class Binding:
    """A soft binding: an algorithm, and the value it gives for a film, in that algorithm's own writing."""

    alg: str
    value: str

    def __post_init__(self) -> None:
        if not (ALGORITHM_NAME.match(self.alg) and self.value):
            raise ProvenanceError("no soft binding", where="registry", got=f"{self.alg[:80]!r}")


def mark_binding(identifier: int) -> Binding:
    """The soft binding an invisible mark stands for. identifier: 32 bits."""
    return Binding(MARK, f"{identifier:08x}")


@dataclass(frozen=True, slots=True)
class About:
    """A registered film in words. sha256: of the signed file; unsigned: of the same before it was signed;
    seconds: how long it is; aspect: width over height as shown; created: when it was signed, ISO 8601."""

    manifest_id: str
    sha256: str
    unsigned: str
    title: str
    name: str
    job: str
    seconds: float
    aspect: float
    created: str


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One film to be registered. manifest: its manifest store; iscc: the 32 bytes of its ISCC Video-Code,
    or b"". Raises ProvenanceError where a part is larger than a registry keeps."""

    about: About
    manifest: bytes = field(repr=False)
    print: Print
    iscc: bytes = b""
    bindings: tuple[Binding, ...] = ()

    def __post_init__(self) -> None:
        texts = (self.about.title, self.about.name, self.about.job)
        rows = (
            ("manifest store, in bytes", len(self.manifest), LARGEST_STORE),
            ("soft bindings", len(self.bindings), MOST_BINDINGS),
            (
                "soft binding, in characters",
                max((len(b.value) for b in self.bindings), default=0),
                LONGEST_BINDING,
            ),
            ("name, in characters", max(map(len, texts)), LONGEST_TEXT),
        )
        for what, size, most in rows:
            if size > most:
                raise ProvenanceError(
                    f"too large a {what}", where="registry", expected=f"at most {most}", got=size
                )
        if not MANIFEST_ID.match(self.about.manifest_id):
            raise ProvenanceError(
                "no name of a manifest", where="registry", got=repr(self.about.manifest_id[:80])
            )


def entry_of(
    film: Path, receipt: Receipt, viewing: Viewing, job: str, bindings: tuple[Binding, ...]
) -> Entry:
    """What to register of a film that was just signed. viewing: of the same film, as it was rendered.

    Raises ProvenanceError where the file carries no manifest, SourceError where it cannot be read.
    """
    found = carried(film)
    about = About(
        manifest_id=manifest_id(found),
        sha256=checksum(film).sha256,
        unsigned=receipt.sha256,
        title=receipt.title,
        name=receipt.name,
        job=job,
        seconds=viewing.seconds,
        aspect=viewing.aspect,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    return Entry(about, found, print_of(viewing), bindings=bindings)


def carried(film: Path) -> bytes:
    """The manifest store a film carries, without what may follow it in its box; its sidecar's, where the
    film carries none.

    Raises ProvenanceError where there is none, or more than one: updates are not registered.
    """
    with film.open("rb") as source:
        kind = detect_media_type(source, film)
    found = read_stores(film, kind)
    if not found and sidecar_path(film).is_file():
        found = (read_sidecar(sidecar_path(film)),)
    if len(found) != 1:
        raise ProvenanceError("no single manifest to register", where=str(film), expected="1", got=len(found))
    (size,) = struct.unpack_from(">I", found[0])
    return found[0][:size] if 8 <= size <= len(found[0]) else found[0]


def manifest_id(found: bytes) -> str:
    """The name of a store's active manifest, which is its last (C2PA 2.4, 11.1.4.2)."""
    inside = read_manifests(found)
    if not inside:
        raise ProvenanceError("no manifest in a manifest store", where="registry")
    return inside[-1].label


def active_alone(found: bytes) -> bytes:
    """A store that holds a store's active manifest and no other: without the history of what went in."""
    (described,) = struct.unpack_from(">I", found, 8)
    manifest = _box(read_manifests(found)[-1].content)
    return _box(found[8 : 8 + described] + manifest)


def _box(content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), b"jumb") + content
