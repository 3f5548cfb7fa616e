"""Declares what a registry stores about a signed film, and reads it from the film's file."""

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
from provenance.durable.fingerprint import FilmSamples, Fingerprint, fingerprint_film
from provenance.formats.jumbf import read_manifests
from provenance.formats.manifest_store import read_stores
from provenance.formats.media_type import detect_media_type
from provenance.manifest.sidecar import find_sidecar, read_sidecar

# A manifest's label. Source: C2PA 2.4, 8.1; older ones are a bare `urn:uuid:`.
MANIFEST_ID = re.compile(r"[!-~]{1,256}\Z")
ALGORITHM_NAME = re.compile(r"[A-Za-z0-9._-]{1,128}\Z")
WATERMARK = watermark_pattern.ALGORITHM
MAX_STORE_BYTES = 16 << 20
MAX_BINDINGS, MAX_BINDING_CHARACTERS = 32, 8192
MAX_TEXT_CHARACTERS = 1024


@dataclass(frozen=True, slots=True)
class SoftBinding:
    """A soft binding: the name of an algorithm, and the value it gives for a film, as that algorithm writes it.

    Raises ProvenanceError if the name is not well-formed or the value is empty.
    """

    alg: str
    value: str

    def __post_init__(self) -> None:
        if not (ALGORITHM_NAME.match(self.alg) and self.value):
            raise ProvenanceError("not a soft binding", where="registry", got=f"{self.alg[:80]!r}")


def watermark_binding(identifier: int) -> SoftBinding:
    """Returns the soft binding of a watermark. identifier: 32 bits."""
    return SoftBinding(WATERMARK, f"{identifier:08x}")


@dataclass(frozen=True, slots=True)
class FilmIdentity:
    """What one film is known by. manifest_id: the label of its active manifest; sha256: of the signed file; unsigned:
    of the file before it was signed, "" where that is not known."""

    manifest_id: str
    sha256: str
    unsigned: str = ""


@dataclass(frozen=True, slots=True)
class RegisteredFilm:
    """What a registry knows about a film.

    manifest_id: the label of its active manifest; sha256: of the signed file; unsigned: of the file before it was
    signed; name: of the deliverable; job: the job's title; seconds: its length; aspect: width over height as shown;
    created: when it was signed, ISO 8601.
    """

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
class RegistryEntry:
    """One film to be registered.

    manifest: its manifest store; iscc: the 32 bytes of its ISCC Video-Code, b"" for none. Raises ProvenanceError if a
    part is larger than a registry stores.
    """

    film: RegisteredFilm
    manifest: bytes = field(repr=False)
    fingerprint: Fingerprint
    iscc: bytes = b""
    bindings: tuple[SoftBinding, ...] = ()

    def __post_init__(self) -> None:
        texts = (self.film.title, self.film.name, self.film.job)
        rows = (
            ("manifest store, in bytes", len(self.manifest), MAX_STORE_BYTES),
            ("soft bindings", len(self.bindings), MAX_BINDINGS),
            (
                "soft binding, in characters",
                max((len(b.value) for b in self.bindings), default=0),
                MAX_BINDING_CHARACTERS,
            ),
            ("name, in characters", max(map(len, texts)), MAX_TEXT_CHARACTERS),
        )
        for what, size, most in rows:
            if size > most:
                raise ProvenanceError(
                    f"too large: {what}", where="registry", expected=f"at most {most}", got=size
                )
        if not MANIFEST_ID.match(self.film.manifest_id):
            raise ProvenanceError(
                "not the name of a manifest", where="registry", got=repr(self.film.manifest_id[:80])
            )


def make_entry(
    film: Path, receipt: Receipt, samples: FilmSamples, job: str, bindings: tuple[SoftBinding, ...]
) -> RegistryEntry:
    """Returns the entry of a film that was just signed. samples: of the same film, before it was signed.

    Raises ProvenanceError if the film carries no manifest, or more than one store.
    """
    manifest = read_manifest_store(film)
    registered = RegisteredFilm(
        manifest_id=find_manifest_id(manifest),
        sha256=checksum(film).sha256,
        unsigned=receipt.sha256,
        title=receipt.title,
        name=receipt.name,
        job=job,
        seconds=samples.seconds,
        aspect=samples.aspect,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    return RegistryEntry(registered, manifest, fingerprint_film(samples), bindings=bindings)


def read_manifest_store(film: Path) -> bytes:
    """Returns the manifest store that a film carries, without padding after it; else its sidecar's.

    Raises ProvenanceError if there is none, or more than one: films with update manifests are not registered.
    """
    with film.open("rb") as source:
        kind = detect_media_type(source, film)
    found = read_stores(film, kind)
    if not found and (sidecar := find_sidecar(film)):
        found = (read_sidecar(sidecar),)
    if len(found) != 1:
        raise ProvenanceError("no single manifest to register", where=str(film), expected="1", got=len(found))
    (size,) = struct.unpack_from(">I", found[0])
    return found[0][:size] if 8 <= size <= len(found[0]) else found[0]


def find_manifest_id(manifest_store: bytes) -> str:
    """Returns the label of a store's active manifest, which is its last. Source: C2PA 2.4, 11.1.4.2.

    Raises ProvenanceError if the store holds no manifest.
    """
    inside = read_manifests(manifest_store)
    if not inside:
        raise ProvenanceError("no manifest in a manifest store", where="registry")
    return inside[-1].label


def keep_active_manifest(manifest_store: bytes) -> bytes:
    """Returns a store with the active manifest alone, without the manifests of its ingredients."""
    (described,) = struct.unpack_from(">I", manifest_store, 8)
    manifest = _box(read_manifests(manifest_store)[-1].content)
    return _box(manifest_store[8 : 8 + described] + manifest)


def _box(content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), b"jumb") + content
