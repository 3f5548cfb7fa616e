"""Packs the stems of a mix into one file for the store, and reads it again.

    NAME.wav ...       one Broadcast Wave file for each stem with sound, and one for the mix
    stems.json         what each is

A pack is a ZIP without compression and with fixed dates: the same stems give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import IO, Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from post.values import from_plain, plain

LISTING = "stems.json"
MIX = "mix"  # the name of what the stems add up to
FIRST_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP can hold


@dataclass(frozen=True, slots=True)
class StemFile:
    """One file of a pack. stem: its stem, or MIX; gain_db: what all files of the pack were changed by, so that none
    clips; loudness_lufs: None where it is not measurable; peak_dbtp: its true peak, None for silence."""

    stem: str
    sha256: str
    bytes: int
    gain_db: float
    loudness_lufs: float | None
    peak_dbtp: float | None


class PackWriter:
    """Writes a pack to an open file. A context manager: the listing is written as it closes."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip, self._files = ZipFile(file, "w", ZIP_STORED), list[StemFile]()

    def __enter__(self) -> PackWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            rows = [plain(each) for each in self._files]
            self._zip.writestr(_info(LISTING), json.dumps(rows, sort_keys=True))
        self._zip.close()

    def add(
        self, stem: str, parts: Iterator[bytes], levels: tuple[float, float | None, float | None]
    ) -> None:
        """Adds a file. parts: its bytes; levels: its gain in dB, its loudness and its true peak."""
        digest, size = sha256(), 0
        with self._zip.open(_info(f"{stem}.wav"), "w", force_zip64=True) as out:
            for part in parts:
                digest.update(part)
                size += len(part)
                out.write(part)
        self._files.append(StemFile(stem, digest.hexdigest(), size, *levels))


@contextmanager
def read_stems(pack: IO[bytes]) -> Iterator[list[tuple[StemFile, IO[bytes]]]]:
    """Gives the files of a pack, each with a stream of its bytes, for as long as the block lasts."""
    with ZipFile(pack) as held:
        rows: list[Any] = json.loads(held.read(LISTING))
        files = [from_plain(StemFile, row) for row in rows]
        yield [(each, held.open(f"{each.stem}.wav")) for each in files]


def _info(name: str) -> ZipInfo:
    info = ZipInfo(name, FIRST_DATE)
    info.external_attr = 0o644 << 16
    return info
