"""Makes the films of a plan unsigned, aside, and reads those that were finished before."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from post.archive.frames import ArchivedFrames
from post.archive.opened import OpenedArchive
from post.atomic import open_regular
from post.deliver.film_range import Unsigned
from post.deliver.finish import FinishedJob, FinishSetup, finish_versions
from post.deliver.making import Engine
from post.deliver.output_set import FILMS, LARGEST_RECEIPT, RECEIPT, REPLAYS, REPORT, OutputSet, read_receipts
from post.engine import Store
from post.errors import SourceError
from post.os_faults import retry_of
from post.render.frame_hashes import hash_picture, hash_sound
from post.signoff.film_frames import frames_of_file
from post.values import Rendition, digest
from post.values.time import Clock
from post.versions.planned import PlannedVersion
from provenance.approval.frames import FilmFrames
from provenance.archive.bag_path import PAYLOAD
from provenance.manifest.sidecar import find_sidecar
from provenance.trust.lists import Anchors

Progress = Callable[[str, int, int], None]
FILMS_FOLDER = "films"  # of an archive's payload


@dataclass(frozen=True, slots=True)
class FinishedCopy:
    """A film that was finished before. path: its file; row: its receipt; beside: files that belong to it; told: what
    its folder tells of it, by name."""

    path: Path
    row: Mapping[str, Any]
    beside: tuple[Path, ...]
    told: tuple[Path, ...]

    @property
    def name(self) -> str:
        """The film's name."""
        return self.path.stem

    def refuse_other(self, rendition: Rendition) -> None:
        """Raises SourceError where it was not made from this plan: then the archive would tell what was not done."""
        if self.row.get("segments") != [digest(each) for each in rendition.segments]:
            raise SourceError(
                "was not made from this job as it is now", where=str(self.path), expected="the segments of the plan",
                got="others in its receipt", fix="finish the job again, then archive it",
            )  # fmt: skip


def read_finished(film: Path) -> FinishedCopy:
    """Returns a finished film with its receipt. Raises SourceError where there is no film, or no receipt of it."""
    if not film.is_file():
        raise SourceError("cannot be read", where=str(film), expected="a finished film", fix="check the path")
    receipt = film.with_name(RECEIPT)
    rows = read_receipts(receipt, FILMS).get("receipts", ()) if receipt.is_file() else ()
    row = next((each for each in rows if each["name"] == film.stem), None)
    if row is None:
        raise SourceError(
            "has no receipt", where=str(film), expected=f"its row in {receipt}",
            fix="name the film where `finish` wrote it, beside its receipt",
        )  # fmt: skip
    captions = (film.with_name(str(each[0])) for each in row.get("sidecars", ()) if _is_name(each))
    beside = [path for path in (find_sidecar(film), *captions) if path is not None and path.is_file()]
    told = [path for path in (receipt, film.with_name(REPORT)) if path.is_file()]
    return FinishedCopy(film, row, tuple(beside), tuple(told))


def _is_name(row: Any) -> bool:
    return isinstance(row, list) and bool(row) and isinstance(row[0], str) and Path(row[0]).name == row[0]


def read_told(copies: Sequence[FinishedCopy]) -> dict[str, bytes]:
    """Returns what the folders of some films tell of them, by names of their own: receipt.json, receipt-2.json."""
    folders = dict.fromkeys(path for copy in copies for path in copy.told)
    found: dict[str, bytes] = {}
    for path in folders:
        number = sum(name.partition(".")[0].partition("-")[0] == path.stem for name in found) + 1
        found[path.name if number == 1 else f"{path.stem}-{number}{path.suffix}"] = _bytes(path)
    return found


def _bytes(path: Path) -> bytes:
    try:
        with open_regular(path) as source:
            return source.read(LARGEST_RECEIPT)
    except OSError as fault:
        raise (
            retry_of(fault, str(path)) or SourceError("cannot be read", where=str(path), got=fault.strerror)
        ) from fault


def make_unsigned(
    planned: Sequence[PlannedVersion],
    place: tuple[Engine, Store],
    anchors: Sequence[Anchors],
    output: OutputSet,
    progress: Progress,
) -> FinishedJob:
    """Makes every film of a plan, unsigned, in the folder of an output set. Raises what `finish_versions` raises.

    place: the engine, and the store of results; anchors: the trust lists that sources were judged by.
    """
    engine, store = place
    setup = FinishSetup(output, store, engine, Unsigned(tuple(anchors)), progress)
    return finish_versions(planned, [setup] * len(planned))


def decode_films(
    engine: Engine, films: Sequence[tuple[Rendition, Path]], progress: Progress
) -> dict[str, FilmFrames]:
    """Returns what each film shows and plays, by its name, decoded in the engine. Raises SourceError for a file that
    is not decoded to as many frames as its rendition has."""
    made: dict[str, FilmFrames] = {}
    for number, (rendition, path) in enumerate(films):
        progress("reading frames", number, len(films))
        made[rendition.name] = engine.call(frames_of_file, path, rendition)
    return made


def find_film(film: Path, frames: Sequence[ArchivedFrames], rates: Mapping[str, int]) -> str | None:
    """Returns the name of the film with a file's frames and sound; None where there is none. rates: samples a second.

    It reads a foreign file: it is called where those may be read. Raises SourceError where it cannot be decoded.
    """
    try:
        picture = hash_picture(film)
        for each in frames:
            if each.shown.picture == picture and each.shown.sound == _sound(
                film, each, rates.get(each.name, 0)
            ):
                return each.name
    except (OSError, ValueError, IndexError) as fault:  # PyAV's errors are of the first two kinds
        raise (
            retry_of(fault, str(film))
            or SourceError("cannot be decoded", where=str(film), expected="a finished film", got=str(fault))
        ) from fault
    return None


def other_films(engine: Engine, archive: OpenedArchive) -> tuple[str, ...]:
    """Returns the names of films whose file in an archive is missing, or does not decode to what its frames tell."""
    return tuple(each.name for each in archive.frames if each.file and not _is_told(engine, archive, each))


def _is_told(engine: Engine, archive: OpenedArchive, film: ArchivedFrames) -> bool:
    place = f"{FILMS_FOLDER}/{film.file}"
    if f"{PAYLOAD}/{place}" not in archive.bag.payload:
        return False
    try:
        return bool(engine.call(find_film, archive.root / place, (film,), archive.sound_rates))
    except SourceError:  # it cannot be decoded
        return False


def _sound(film: Path, frames: ArchivedFrames, rate_hz: int) -> tuple[str, ...]:
    if not frames.shown.sound or rate_hz <= 0:
        return ()
    return hash_sound(film, Clock(Fraction(frames.shown.rate)), rate_hz, len(frames.shown.picture))


def replay_receipt(names: Sequence[str], result: Mapping[str, Any]) -> str:
    """Returns the text of receipt.json beside films that were made again: they are no deliverables."""
    data = {"schema": REPLAYS, "receipts": [{"name": name} for name in names], "replay": result}
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"
