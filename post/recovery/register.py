"""Registers films so that they can be found again without their manifest, and recovers such films."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from post.atomic import checksum
from post.errors import AnswerprintError
from post.job.model import Job
from post.receipt import Receipt
from post.recovery.mpeg7 import signatures
from post.recovery.sample import SampledCopy, sample_copy, sample_film
from post.values.array import Array
from provenance import manifest
from provenance.durable import fingerprint, iscc
from provenance.durable.fingerprint import FilmSamples
from provenance.durable.recover import Clue, RecoveryQuery, RecoveryResult, recover
from provenance.durable.registry import Registry, open_registry, read_registry
from provenance.durable.registry_entry import (
    FilmIdentity,
    RegistryEntry,
    SoftBinding,
    find_manifest_id,
    make_entry,
    read_manifest_store,
    watermark_binding,
)
from provenance.durable.watermark_detect import DetectedWatermark
from provenance.manifest.redact import RedactedFilm

# Reads a mark from frames: `detect` with a key.
MarkReader = Callable[[Sequence[Array]], DetectedWatermark | None]


@dataclass(frozen=True, slots=True)
class RegistryOptions:
    """Where signed films are registered. iscc: with their ISCC; job: the job that made them."""

    folder: Path
    iscc: bool = False
    job: str = ""

    def check(self) -> None:
        """Checks, before any work is done, that films can be registered.

        Raises OutputError or SourceError where the registry cannot be written, IncompleteError where no ISCC can
        be made.
        """
        if self.iscc:
            iscc.load_library()
        with open_registry(self.folder):
            pass


def registry_options(job: Job, own: Path) -> RegistryOptions | None:
    """Returns where a job registers its films; None where it does not. own: this user's own registry."""
    asked = job.provenance.registration
    return RegistryOptions(asked.folder or own, asked.iscc, job.title) if asked else None


@dataclass(frozen=True, slots=True, eq=False)
class FilmLooks:
    """A rendered film's fingerprints, and its ISCC ("" where it was not asked for)."""

    samples: FilmSamples
    code: str

    def bindings(self) -> Iterator[SoftBinding]:
        """Returns the soft bindings of the film."""
        value = fingerprint.encode(self.samples)
        if value:
            yield SoftBinding(fingerprint.ALGORITHM, value)
        if self.code:
            yield SoftBinding(iscc.ALGORITHM, self.code)


def look_at_film(film: Path, registering: RegistryOptions) -> FilmLooks:
    """Returns a rendered film's fingerprints. Raises SourceError where it cannot be read."""
    viewing = sample_film(film)
    return FilmLooks(viewing, _code(viewing) if registering.iscc else "")


def bind_film(
    film: Path, receipt: Receipt, registering: RegistryOptions | None
) -> tuple[Receipt, FilmLooks | None]:
    """Returns the receipt to sign a rendered film with, and the film's fingerprints.

    The receipt has the fingerprints among its bindings, so that they are in the manifest. Where no registry is
    asked for, the receipt is unchanged and the film is not looked at.
    Raises SourceError where the film cannot be read.
    """
    if registering is None:
        return receipt, None
    seen = look_at_film(film, registering)
    own = ((each.alg, each.value, "") for each in seen.bindings())
    return replace(receipt, bindings=(*receipt.bindings, *own)), seen


def film_entry(film: Path, receipt: Receipt, seen: FilmLooks, registering: RegistryOptions) -> RegistryEntry:
    """Returns the registry's entry of a film that was just signed. It is added once the film is published.

    Raises ProvenanceError if the film carries no manifest, or more than one store.
    """
    kept = tuple(
        SoftBinding(alg, value) for alg, value, _ in receipt.bindings if alg != fingerprint.ALGORITHM
    )
    entry = make_entry(film, receipt, seen.samples, registering.job, kept)
    return replace(entry, iscc=iscc.decode(seen.code) or b"") if seen.code else entry


def register_film(
    film: Path, receipt: Receipt, seen: FilmLooks, registering: RegistryOptions
) -> RegistryEntry:
    """Registers a film that lies at its place. Raises as `film_entry`, and RetryError where the registry is busy."""
    entry = film_entry(film, receipt, seen, registering)
    with open_registry(registering.folder) as registry:
        registry.add(entry)
    return entry


@dataclass(frozen=True, slots=True)
class RegistryChange:
    """What redacting a film changed in a registry. folder: its folder; entries: of this film; others: the names of
    other films in it whose manifests tell the same prompts."""

    folder: Path
    entries: int
    others: tuple[str, ...]


def supersede_registered(folders: Sequence[Path], redacted: RedactedFilm) -> tuple[RegistryChange, ...]:
    """Puts a redacted film's manifest in the place of the one that tells prompts, in every registry that has it.

    A registry that does not have the film is opened to read only, and is not in the result unless it tells the
    prompts of it. Raises SourceError where there is no registry, RetryError where it is busy, and OutputError where it
    has the film and cannot be written.
    """
    old = FilmIdentity(redacted.manifest_id, redacted.sha256, redacted.unsigned)
    store = read_manifest_store(redacted.path)
    new = FilmIdentity(find_manifest_id(store), checksum(redacted.path).sha256)
    made = (_supersede(folder, old, new, store, redacted.prompts) for folder in folders)
    return tuple(change for change in made if change.entries or change.others)


def _supersede(
    folder: Path, old: FilmIdentity, new: FilmIdentity, store: bytes, prompts: Sequence[bytes]
) -> RegistryChange:
    entries = 0
    with read_registry(folder) as registry:
        held = registry.holds(old)
    if held:
        with open_registry(folder) as registry:
            entries = registry.supersede(old, new, store)
    with read_registry(folder) as registry:
        return RegistryChange(folder, entries, registry.find_telling(prompts, new.manifest_id))


def recover_film(
    film: Path, registry: Registry, reader: MarkReader | None, sampled: SampledCopy | None = None
) -> RecoveryResult:
    """Finds the manifest of a copy: by its watermark, if `reader` is given, and by its fingerprints.

    sampled: the copy as `sample_copy` returns it; None: it is sampled here.
    Raises SourceError where the copy cannot be read as a film.
    """
    copy = sampled or sample_copy(film)
    mark, said = _mark(copy, reader)
    code, coded = _query_code(copy.samples, registry)
    clues = (_embedded(film), said, *coded)
    return recover(registry, RecoveryQuery(copy.sha256, copy.samples, mark, code, clues))


def _embedded(film: Path) -> Clue:
    """Returns whether the copy still carries a manifest. `verify` decides whom to trust."""
    found = manifest.read(film, "")
    if found.outcome != "found":
        return Clue("embedded", f"it carries no manifest ({found.outcome})")
    holds = "that holds" if found.state in ("Valid", "Trusted") else "that does not hold for these bytes"
    return Clue("embedded", f"it still carries a manifest {holds}: see verify")


def _mark(copy: SampledCopy, reader: MarkReader | None) -> tuple[SoftBinding | None, Clue]:
    if reader is None:
        return None, Clue("mark", "no key to read a mark with", looked=False)
    found = reader(copy.whole)
    if found is None:
        return None, Clue("mark", "no mark of this key")
    binding = watermark_binding(found.identifier)
    text = f"{binding.value}, {found.z:.1f} deviations above chance, {found.corrected} bits put right"
    return binding, Clue("mark", f"{text}, at scale {found.scale:.2f}")


def _query_code(viewing: FilmSamples, registry: Registry) -> tuple[bytes, tuple[Clue, ...]]:
    """Returns the copy's ISCC, if any film is registered with one; else b"" and why."""
    if not len(registry.index().coded) or not fingerprint.fingerprint_copy(viewing):
        return b"", ()
    try:
        return iscc.decode(_code(viewing)) or b"", ()
    except AnswerprintError as fault:
        return b"", (Clue("iscc", str(fault), looked=False),)


def _code(viewing: FilmSamples) -> str:
    return iscc.make_video_code(signatures(viewing.pictures, viewing.step_s))
