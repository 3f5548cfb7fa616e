"""Holds a bag as it was read, with everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from provenance.archive.bag_path import Version
from provenance.archive.tag_file import Labels

DECLARATION, INFO, FETCH = "bagit.txt", "bag-info.txt", "fetch.txt"
# Faults of what a bag holds. After any other, a bag is not what it says it is, and nothing in it is to be used.
OF_CONTENT = frozenset(("altered", "missing", "unlisted", "tag-altered", "tag-missing", "oxum"))


@dataclass(frozen=True, slots=True)
class BagFinding:
    """One thing that is wrong with a bag, or odd. code: a word for programs; path: the file, "" for the bag; why: in
    words."""

    code: str
    path: str
    why: str

    def __str__(self) -> str:
        return f"{self.path}: {self.why}" if self.path else self.why


@dataclass(frozen=True, slots=True)
class Bag:
    """A bag as it was read.

    info: the labels of bag-info.txt with their values, in order; payload, tags: the files that manifests list and that
    are there, by path, with their digests by algorithm; faults: it is not valid where there is one; warnings: it is
    valid all the same.
    """

    folder: Path
    version: Version = (0, 0)
    info: Labels = ()
    payload: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    tags: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    faults: tuple[BagFinding, ...] = ()
    warnings: tuple[BagFinding, ...] = ()

    @property
    def valid(self) -> bool:
        """Whether it is complete, and every file is what the manifests say."""
        return not self.faults

    @property
    def refused(self) -> tuple[BagFinding, ...]:
        """The faults after which nothing in it is to be used."""
        return tuple(each for each in self.faults if each.code not in OF_CONTENT)

    def labelled(self, label: str) -> tuple[str, ...]:
        """Returns the values of a label of bag-info.txt, whatever its case."""
        return tuple(value for name, value in self.info if name.casefold() == label.casefold())
