"""Publishes what a run made as one set: films, sidecars, receipt and report take their names together.

    OUT/.answerprint.lock           who owns OUT for now
    OUT/.answerprint-<run>.part/    a set while it is made: only its run writes there
    OUT/.answerprint-<run>.set/     a set that is complete and on the disk: whoever owns OUT moves it into place
    OUT/NAME.stems/                 files of a set may lie in folders: its stems
    OUT/receipt.json                says `unfinished` from before the first file of a set moves until all are announced

A run that is killed before its set is complete leaves the old set as it was. One that is killed later leaves a
receipt that says so, and the next run moves the rest first.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from post.atomic import is_one_of, open_regular, sync_folder, sync_path, write_whole
from post.errors import OutputError
from post.naming import Shown, naming
from post.os_faults import retry_of, writing
from post.owned import FOREVER, owned
from provenance.manifest.sidecar import SUFFIX, sidecar_path

LOCK, RECEIPT, REPORT = ".answerprint.lock", "receipt.json", "report.html"
PREFIX, MAKING, COMPLETE = ".answerprint-", ".part", ".set"
LARGEST_RECEIPT = 64 << 20  # bytes
STEM = ".wav"
CAPTIONS = (".vtt", ".srt", ".ttml")  # files that have no credentials beside them
UNFINISHED = "unfinished"
# The forms of receipt.json.
FILMS, RANGES, CANDIDATES, REPLAYS = "Receipts.1", "Ranges.1", "Candidates.1", "Replays.1"
_HOLDS = {
    FILMS: "receipts of signed films",
    RANGES: "receipts of ranges",
    CANDIDATES: "receipts of films that wait for approval",
    REPLAYS: "films that were made again from an archive",
}


@dataclass(frozen=True, slots=True)
class OutputSet:
    """The set that a run makes.

    out: the folder that it is for; work: where it is made; announce: is called when its files have moved.
    """

    out: Path
    work: Path
    announce: Callable[[], None] = lambda: None

    def publish(self) -> None:
        """Moves everything in `work` to `out`, where it replaces what has the same name. Files of other names stay,
        except the sidecar of a film that has none in this set: it would be read as the new film's.

        Raises OutputError or RetryError where it cannot be moved; then the next run does it.
        """
        with writing(self.out):
            beside = (RECEIPT, REPORT)
            made = [path for path in self.work.iterdir() if path.name not in beside]
            for film in [path for path in made if path.suffix not in CAPTIONS and path.is_file()]:
                sidecar_path(film).touch()  # of no bytes where it has none: see `_is_gone`
            for path in _files(self.work):
                sync_path(path)
            for folder in (*_folders(self.work), self.work):
                sync_folder(folder)
            complete = self.work.with_suffix(COMPLETE)
            self.work.replace(complete)
            sync_folder(self.out)
            _move(complete, self.out, self.announce)


@contextmanager
def output_set(
    out: Path, announce: Callable[[], None] = lambda: None, *, wait: bool = False
) -> Iterator[OutputSet]:
    """Owns the folder `out` for the block, and gives it an empty set to make.

    What killed runs left there is finished, or removed, first. Without `publish` nothing of the set stays, nor do
    folders that were made for it.
    announce: is called when the files of a set have moved and its receipt has not, and, before the block, for what a
    killed run had yet to announce. It may be called again for the same set.
    wait: whether to wait for another owner. Raises what `announce` raises; RetryError if another run owns `out`
    or the disk is full, and OutputError if this user cannot write there.
    """
    made = [folder for folder in (out, *out.parents) if not os.path.exists(folder)]  # noqa: PTH110  never raises
    try:
        with writing(out):
            out.mkdir(parents=True, exist_ok=True)
        with owned(out / LOCK, str(out), wait_s=FOREVER if wait else 0):
            for name in (RECEIPT, REPORT):
                refuse_folder(out / name, name)
            with writing(out):
                _recover(out, announce)
                work = out / f"{PREFIX}{secrets.token_hex(6)}{MAKING}"
                work.mkdir(mode=0o700)
            try:
                with naming({str(work): Shown(str(out))}):
                    yield OutputSet(out, work, announce)
            finally:
                shutil.rmtree(work, ignore_errors=True)
    finally:
        # A run that was refused leaves no folders: only those that are empty can be removed.
        with suppress(OSError):
            for folder in made:
                folder.rmdir()


def refuse_folder(place: Path, what: str) -> None:
    """Raises OutputError for a folder that lies where a file goes. what: names the file."""
    if place.is_dir():
        raise OutputError("is a folder", where=str(place), expected=f"room for {what}", fix="move it away")


def refuse_source(
    place: Path,
    sources: Iterable[Path],
    *,
    what: str = "one of the film's own sources",
    fix: str = "choose another folder, or another name for the deliverable",
) -> None:
    """Raises OutputError where a file would be written over one of `sources`. what: names them."""
    if is_one_of(place, sources):
        raise OutputError(f"would be written over {what}", where=str(place), fix=fix)


def read_receipts(path: Path, form: str = "") -> dict[str, Any]:
    """Returns what a folder's receipt says; {} if there is none.

    form: FILMS or RANGES, which is to be written there; "" for any. Raises OutputError for a file that is no receipt of
    ours, or one of another form: it would be lost.
    """
    try:
        with open_regular(path) as file:
            data: dict[str, Any] = json.loads(file.read(LARGEST_RECEIPT))
        named = all(isinstance(row["name"], str) for row in data["receipts"])
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as fault:
        raise (retry_of(fault, path) or _no_receipt(path, str(fault))) from fault
    if not named:
        raise _no_receipt(path, "receipts without names")
    got = data.get("schema", form)  # a run that was killed before its first set left none
    if form and got != form:
        raise OutputError(
            "has receipts of another kind, which would be lost",
            where=str(path),
            expected=_HOLDS[form],
            got=_HOLDS.get(str(got), repr(got)),
            fix="choose another folder for one of the two",
        )
    return data


def _no_receipt(path: Path, got: str) -> OutputError:
    return OutputError(
        "is no receipt of Answerprint's and would be lost",
        where=str(path),
        got=got,
        fix="move it away, or choose another folder",
    )


def _recover(out: Path, announce: Callable[[], None]) -> None:
    """Moves the complete sets of killed runs into place, and removes those that are not complete."""
    for left in sorted(out.glob(f"{PREFIX}*")):
        if left.is_symlink() or not left.is_dir():
            continue
        if left.suffix == COMPLETE:
            warnings.warn(f"{out}: a run ended while it published; its set is moved into place", stacklevel=2)
            _move(left, out, announce)
        elif left.suffix == MAKING:
            shutil.rmtree(left, ignore_errors=True)
    for half in out.glob(f".{RECEIPT}.*.part"):
        half.unlink()
    announce()


def refuse_unwritable(out: Path) -> None:
    """Raises OutputError where a set could not be made in `out`. Makes nothing."""
    there = next(folder for folder in (out, *out.parents) if os.path.lexists(folder))
    if not there.is_dir():
        raise OutputError(
            "is no folder", where=str(there), expected="a folder for the films", fix="name another folder"
        )
    if not os.access(there, os.W_OK | os.X_OK):
        raise OutputError(
            "cannot be written to", where=str(there), expected="a folder that this user may write to",
            fix="change its permissions, or name another folder",
        )  # fmt: skip
    for name in (RECEIPT, REPORT):
        refuse_folder(out / name, name)


def _is_gone(path: Path) -> bool:
    """Says whether a file of a set stands for a sidecar, or a stem, that the set has not: it holds nothing."""
    return path.suffix in (SUFFIX, STEM) and not path.stat().st_size


def _folders(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_dir())


def _files(folder: Path) -> list[Path]:
    """Returns the files of a set, those in its folders too."""
    places = (folder, *_folders(folder))
    return sorted(path for place in places for path in place.iterdir() if not path.is_dir())


def _move(complete: Path, out: Path, announce: Callable[[], None]) -> None:
    """Moves a complete set into place, the receipt last; until then the old one says that it is unfinished."""
    receipt = complete / RECEIPT

    def named(path: Path) -> str:
        return path.relative_to(complete).as_posix()

    rest = [path for path in _files(complete) if path != receipt]
    if rest:
        before = read_receipts(out / RECEIPT) or {"receipts": []}
        said = before | {UNFINISHED: f"a run was publishing {', '.join(map(named, rest))}; run finish again"}
        write_whole(out / RECEIPT, json.dumps(said, indent=2, ensure_ascii=False) + "\n", lasting=True)
    # Sidecars that go, go first: a run that is killed then leaves no film beside another one's credentials.
    for path in sorted(rest, key=_is_gone, reverse=True):
        place = out / named(path)
        with writing(place):
            if _is_gone(path):
                place.unlink(missing_ok=True)
                path.unlink()
            else:
                place.parent.mkdir(exist_ok=True)
                path.replace(place)
    for folder in (*{(out / named(path)).parent for path in rest}, out):
        if folder.is_dir():
            sync_folder(folder)
    announce()
    with suppress(FileNotFoundError):  # a run that was killed after it had moved it
        receipt.replace(out / RECEIPT)
    sync_folder(out)
    shutil.rmtree(complete, ignore_errors=True)  # it is empty, but for what a file manager puts into folders
