"""Opens an archive: checks its bag, reads what it tells of itself, and loads its job with the archive's own files.

An archive comes from strangers. Nothing in it is used where its bag cannot be trusted as a bag: paths that lead out of
it, links, devices, lists that contradict each other. A file that was altered is told, and can still be replayed: that
is how what it changes is found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from post.archive.frames import ArchivedFrames, read_archived_frames
from post.archive.layout import PRESETS
from post.archive.located import Lead
from post.archive.told import ARCHIVE, PLAN, ArchiveAbout, read_about, read_plan
from post.atomic import open_regular, real_path
from post.errors import JobError, ProvenanceError, SourceError
from post.takes.stills.sequence import is_pattern
from provenance.archive.bag import DECLARATION, Bag
from provenance.archive.bag_path import FIRST_STANDARD, PAYLOAD, why_unsafe
from provenance.archive.read_bag import read_bag
from provenance.record.strict_json import read_bytes
from provenance.trust.lists import Anchors, read_list

MB = 1 << 20
# A plan has some 2 kB a segment and a frame some 70 bytes: a feature film has 5,000 segments and 200,000 frames.
_MOST_BYTES = {PLAN: 512 * MB}
_MOST_OTHERS = 64 * MB
MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class OpenedArchive:
    """An archive that was read. bag: with its faults and warnings; root: the folder of its payload; about: what
    archive.json says; frames: of each film; films, origins: of its plan, as `read_plan` returns them."""

    bag: Bag
    root: Path
    about: ArchiveAbout
    frames: tuple[ArchivedFrames, ...]
    films: Mapping[str, Mapping[str, Any]]
    origins: tuple[tuple[str, str, str], ...]

    @property
    def leads(self) -> dict[Lead, str]:
        """Where each path of its job leads: those to files that its manifests list, and no others."""
        payload = {path.removeprefix(f"{PAYLOAD}/") for path in self.bag.payload}
        folders = {path.rpartition("/")[0] for path in payload}
        return {lead: path for lead, path in self.about.leads.items() if _is_kept(path, payload, folders)}

    @property
    def job(self) -> str:
        """The path of its job. Raises ProvenanceError where its manifests do not list it."""
        if f"{PAYLOAD}/{self.about.job}" not in self.bag.payload:
            raise ProvenanceError("names a job that it does not hold", where=ARCHIVE, got=self.about.job[:80])
        return self.about.job

    @property
    def presets(self) -> str:
        """The folder of the presets that shipped, relative to the payload."""
        return PRESETS

    @property
    def sound_rates(self) -> dict[str, int]:
        """The samples a second of each film's sound, by the film's name."""
        mixes = {name: film.get("mix") for name, film in self.films.items()}
        return {
            name: int(mix["rate_hz"])
            for name, mix in mixes.items()
            if isinstance(mix, Mapping) and "rate_hz" in mix
        }

    def anchors(self) -> tuple[Anchors, ...]:
        """Returns the trust lists of the archive. Raises JobError for one that cannot be read."""
        found = [each for each in self.about.trust if f"{PAYLOAD}/{each.path}" in self.bag.payload]
        return tuple(read_list(self.root / each.path, _role(each.role)) for each in found)


def _role(role: str) -> Any:
    if role not in ("signer", "tsa", "identity"):
        raise ProvenanceError("no role of a trust list", where=ARCHIVE, got=role[:40])
    return role


def _is_kept(path: str, payload: set[str], folders: set[str]) -> bool:
    if path in payload:
        return True
    pure = PurePosixPath(path)
    return not why_unsafe(path) and is_pattern(Path(pure.name)) and str(pure.parent) in folders


def open_archive(folder: Path) -> OpenedArchive:
    """Returns an archive with everything that its bag is, or is not.

    Raises SourceError where there is none, ProvenanceError where its bag is refused, or what it tells of itself cannot
    be read.
    """
    bag = checked_bag(folder)
    root = real_path(folder) / PAYLOAD
    about = read_about(_json(bag, ARCHIVE), str(folder / PAYLOAD / ARCHIVE))
    films, origins = read_plan(_json(bag, PLAN), str(folder / PAYLOAD / PLAN))
    frames = tuple(
        read_archived_frames(_json(bag, path), str(folder / PAYLOAD / path)) for path in about.films
    )
    for each in frames:
        if len(films.get(each.name, {}).get("segments", ())) != len(each.places):
            raise ProvenanceError(
                "has a plan of other segments than its frames", where=str(folder), got=each.name[:80],
                fix="restore the archive from a copy",
            )  # fmt: skip
    return OpenedArchive(bag, root, about, frames, films, tuple((a, b, c) for a, b, c in origins))


def checked_bag(folder: Path) -> Bag:
    """Returns the bag of an archive. Raises SourceError where there is none, ProvenanceError where nothing in it is to
    be used."""
    if not (folder / DECLARATION).is_file() or (folder / DECLARATION).is_symlink():
        raise SourceError(
            "is no archive", where=str(folder), expected="a folder that `answerprint archive` wrote",
            fix="check the path",
        )  # fmt: skip
    bag = read_bag(folder)
    if bag.refused:
        shown = "; ".join(map(str, bag.refused[:MOST_SHOWN]))
        more = f"; and {len(bag.refused) - MOST_SHOWN} more" if len(bag.refused) > MOST_SHOWN else ""
        raise ProvenanceError(
            "is no bag that can be used", where=str(folder), expected="a valid bag (RFC 8493)", got=shown + more,
            fix="restore the archive from a copy",
        )  # fmt: skip
    if bag.version < FIRST_STANDARD or not all(
        {"sha256", "sha512"} & set(own) for own in bag.payload.values()
    ):
        raise ProvenanceError(
            "is no archive of Answerprint's", where=str(folder), expected="BagIt 1.0 with SHA-256 or SHA-512",
            got=f"BagIt {bag.version[0]}.{bag.version[1]}",
        )  # fmt: skip
    return bag


def _json(bag: Bag, path: str) -> Any:
    """Returns the JSON of a payload file, within limits. Raises ProvenanceError where it is none, or not listed."""
    place, most = bag.folder / PAYLOAD / path, _MOST_BYTES.get(path, _MOST_OTHERS)
    if f"{PAYLOAD}/{path}" not in bag.payload:
        raise ProvenanceError(
            "is not in the archive", where=str(place), fix="restore the archive from a copy"
        )
    with open_regular(place, follow=False) as source:
        data = source.read(most + 1)
    try:
        return read_bytes(data, str(place), most_bytes=most)
    except JobError as fault:
        raise ProvenanceError(fault.what, where=str(place), expected=fault.expected, got=fault.got) from fault
