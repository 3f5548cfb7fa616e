"""Finds the files that a timeline names in a folder of takes: by content where that is known, else by name."""

from __future__ import annotations

import os
from collections import defaultdict
from fractions import Fraction
from pathlib import Path
from urllib.parse import unquote, urlsplit

from post.atomic import checksum, real_path
from post.errors import SourceError
from post.handoff.timeline import TimelineMedia

MOST_FILES = 100_000


class TakesFolder:
    """The files under a folder, by name. Links to folders are not followed. Raises SourceError where it is none."""

    def __init__(self, folder: Path) -> None:
        self.folder = real_path(folder)
        if not self.folder.is_dir():
            raise SourceError("not a folder", where=str(folder), expected="the folder that the takes are in")
        self._named = defaultdict[str, list[Path]](list)
        self._sums = dict[Path, str]()
        count = 0
        for place, inner, names in os.walk(self.folder):
            inner.sort()
            for name in sorted(names):
                count += 1
                if count > MOST_FILES:
                    raise SourceError(
                        "too many files", where=str(folder), expected=f"up to {MOST_FILES}",
                        fix="name the folder of the takes alone",
                    )  # fmt: skip
                self._named[name.casefold()].append(Path(place, name))

    def find(self, media: TimelineMedia) -> Path | None:
        """Returns the file of some media, or None: of several of its name that of its content, else the first."""
        found = next((files for name in file_names(media) if (files := self._named.get(name))), [])
        if media.sha256:
            return next(
                (path for path in found if self.sha256(path) == media.sha256), next(iter(found), None)
            )
        return next(iter(found), None)

    def named(self, name: str) -> list[Path]:
        """Returns the files of a name, whatever its case."""
        return self._named.get(name.casefold(), [])

    def files(self) -> list[Path]:
        """Returns all files, in the order of their names."""
        return [path for name in sorted(self._named) for path in self._named[name]]

    def sha256(self, path: Path) -> str:
        """Returns the digest of a file's content, "" where it cannot be read."""
        if path not in self._sums:
            try:
                self._sums[path] = checksum(path).sha256
            except OSError:
                self._sums[path] = ""
        return self._sums[path]


def file_name(media: TimelineMedia) -> str:
    """Returns the name of a media's file without its folder; its own name where it has no path."""
    path = media.path
    if "://" in path:
        path = unquote(urlsplit(path).path)
    return path.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1] or media.name


def file_names(media: TimelineMedia) -> tuple[str, ...]:
    """Returns the names under which a folder may have a media's file, the likeliest first, in lower case."""
    return tuple(dict.fromkeys(name.casefold() for name in (file_name(media), media.name) if name))


def media_start(media: TimelineMedia) -> Fraction:
    """Returns the time of a media's first frame, in seconds."""
    return media.start / media.rate if media.rate else Fraction(0)


def file_url(path: str) -> str:
    """Returns a path as a URL; one that is a URL already as it is."""
    return path if "://" in path or not path else Path(path).absolute().as_uri()
