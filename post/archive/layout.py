"""Decides where each file of a job lies in an archive.

job/                the job and every YAML file beside it, as they lay
job/elsewhere-N/    YAML files of the Nth other folder
presets/            the presets that shipped
takes/DIGEST/       a take with its credentials and its record; DIGEST: the first 16 digits of its SHA-256
files/DIGEST/       every other file: sounds, fonts, logos, tables
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from post.archive.located import Lead, LocatedJob
from post.atomic import checksum, real_path
from post.errors import SourceError
from post.os_faults import retry_of
from post.takes.stills.sequence import find_frames, is_pattern
from provenance.archive.bag_path import why_unsafe
from provenance.manifest.sidecar import find_sidecar
from provenance.record.sidecar import find_beside

JOB, PRESETS, TAKES, FILES = "job", "presets", "takes", "files"
_TEXTS = (".yaml", ".yml", ".lock")
DIGITS, LONGEST_NAME = 16, 160
# Names that Windows keeps for devices, whatever their suffix.
_DEVICES = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)))
)


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file to keep. path: in the archive's payload; source: where it lies; sha256: of what it holds; about: what it
    is, in words; text: whether it is one that a job is read from."""

    path: str
    source: Path
    sha256: str
    about: str
    text: bool = False


@dataclass(slots=True)
class ArchiveLayout:
    """Where everything lies: the files by their path in the archive, what each path in them leads to, and the path of
    each take's file by the take's name."""

    job: str = ""
    files: dict[str, KeptFile] = field(default_factory=dict)
    leads: dict[Lead, str] = field(default_factory=dict)
    takes: dict[str, str] = field(default_factory=dict)


def lay_out(located: LocatedJob) -> ArchiveLayout:
    """Returns where each file of a job lies in its archive. The same job gives the same places.

    Raises SourceError for a file that cannot be read, RetryError where the system is short of something.
    """
    return _LayingOut(located).done()


class _LayingOut:
    def __init__(self, located: LocatedJob) -> None:
        self.located, self.made = located, ArchiveLayout()
        self.home = located.jobs[0].path.parent
        self.elsewhere: dict[Path, str] = {}
        # Of a take that is named twice, both names have one file.
        self.takes = {ref.path: ref.name for job in located.jobs for ref in job.takes if ref.made is None}
        self.done_with: dict[Path, str] = {}

    def done(self) -> ArchiveLayout:
        job = self.located.jobs[0].path
        self.made.job = self._text(job, "the job")
        for path in self.located.noted:
            if os.path.isfile(path) and path != job:  # noqa: PTH113  never raises
                self._text(path, self._about(path))
        for folder, text, path in self.located.leads:
            if placed := self._lead(path):
                self.made.leads[self._folder(folder), text] = placed
        for job_read in self.located.jobs:
            for ref in job_read.takes:
                if ref.made is None:
                    self.made.takes[ref.name] = self.done_with[real_path(ref.path.parent) / ref.path.name]
        return self.made

    def _about(self, path: Path) -> str:
        if path.suffix == ".lock":
            return "the lock of a house style"
        if self._ships(path):
            return f"a preset that shipped: {path.parent.name} {path.stem}"
        return "a preset, or a file that the job includes"

    def _ships(self, path: Path) -> bool:
        return real_path(path).is_relative_to(self.located.shipped)

    def _folder(self, folder: Path) -> str:
        """Returns the folder in the archive of the text files of one folder."""
        if folder.is_relative_to(self.located.shipped):
            return _joined(PRESETS, folder.relative_to(self.located.shipped))
        home = real_path(self.home)
        if folder.is_relative_to(home):
            return _joined(JOB, folder.relative_to(home))
        return self.elsewhere.setdefault(folder, f"{JOB}/elsewhere-{len(self.elsewhere) + 1}")

    def _text(self, path: Path, about: str) -> str:
        placed = f"{self._folder(real_path(path.parent))}/{path.name}"
        self._keep(placed, path, about, text=True)
        return placed

    def _lead(self, path: Path) -> str:
        """Keeps what a path leads to, and returns where; "" where nothing is there."""
        found = real_path(path.parent) / path.name
        if found in self.done_with:
            return self.done_with[found]
        whole = real_path(path)
        if is_pattern(found):
            placed = self._sequence(found)
        elif not os.path.isfile(whole):  # noqa: PTH113  never raises
            return ""
        elif whole.suffix.lower() in _TEXTS:
            placed = self._text(whole, "a file that the job names")
        else:
            placed = self._media(whole, found)
        self.done_with[found] = self.done_with[whole] = placed
        return placed

    def _media(self, path: Path, named: Path) -> str:
        """Keeps a file of content with what lies beside it by its name."""
        take = self.takes.get(path) or self.takes.get(named)
        sha256, beside = _sha256(path), find_sidecar(path)
        key = sha256[:DIGITS] + (f"-{_sha256(beside)[:8]}" if beside else "")
        folder = f"{TAKES if take else FILES}/{key}"
        name = safe_name(path.name)
        self._keep(f"{folder}/{name}", path, "a take" if take else "a file that the job names", sha256=sha256)
        stem = Path(name).stem
        if beside:
            self._keep(f"{folder}/{stem}{beside.suffix}", beside, "the credentials of the file beside it")
        if take and (record := find_beside(path)):
            said = "how the take beside it was generated, as it was recorded"
            self._keep(
                f"{folder}/{stem}.{'record.json' if record.name.endswith('.record.json') else 'json'}",
                record,
                said,
            )
        return f"{folder}/{name}"

    def _sequence(self, pattern: Path) -> str:
        """Keeps the frames of an image sequence, and returns its pattern there."""
        frames = find_frames(pattern)
        digests = [_sha256(frame) for frame in frames]
        kind = TAKES if pattern in self.takes else FILES
        folder = f"{kind}/{hashlib.sha256(''.join(digests).encode()).hexdigest()[:DIGITS]}"
        for frame, sha256 in zip(frames, digests, strict=True):
            self._keep(f"{folder}/{frame.name}", frame, "a frame of an image sequence", sha256=sha256)
        return f"{folder}/{pattern.name}"

    def _keep(self, placed: str, source: Path, about: str, *, sha256: str = "", text: bool = False) -> None:
        if placed not in self.made.files:
            self.made.files[placed] = KeptFile(placed, source, sha256 or _sha256(source), about, text)


def tree_files(folder: Path, below: str, about: str) -> Iterator[KeptFile]:
    """Yields every file of a folder, to be kept below a path of the archive. Raises SourceError for a link: nobody
    vouches for what it leads to."""
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise SourceError(
                "is a link or a device", where=str(path), expected="files", fix="put the file there"
            )
        if path.is_file():
            yield KeptFile(f"{below}/{path.relative_to(folder).as_posix()}", path, _sha256(path), about)


def safe_name(name: str) -> str:
    """Returns a file's name, if it can be one everywhere; else another of the same suffix."""
    stem, suffix = Path(name).stem, Path(name).suffix
    odd = set('<>:"\\|?*') & set(name) or name != name.strip(" .") or stem.lower() in _DEVICES
    if odd or why_unsafe(name) or len(name.encode("utf-8", "replace")) > LONGEST_NAME:
        return f"file{suffix if suffix.isascii() and suffix[1:].isalnum() and len(suffix) < DIGITS else ''}"
    return name


def _joined(top: str, inner: Path) -> str:
    return top if inner == Path() else f"{top}/{inner.as_posix()}"


def _sha256(path: Path) -> str:
    try:
        return checksum(path).sha256
    except OSError as fault:
        raise (
            retry_of(fault, str(path))
            or SourceError("cannot be read", where=str(path), got=fault.strerror, fix="check the path")
        ) from fault
