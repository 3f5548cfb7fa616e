"""What a registry is searched by: every film's slowest waves in one array, every ISCC in another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from post.values.array import Array
from provenance.durable.fingerprint import KEPT_EVERY

# Moments of a copy that are looked up: so many runs of KEPT_EVERY in a row, spread over it.
RUNS = 8
# Signs compared at once: what stays in a core's cache is compared three times as fast.
BLOCK = 1 << 16
ISCC_WORDS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """films: (m,) int64, their numbers; starts: (m,) where each one's signs start; signs: (n,) uint64;
    coded: (k,) films with an ISCC; codes: (k, ISCC_WORDS) uint64."""

    films: Array
    starts: Array
    signs: Array
    coded: Array
    codes: Array

    @classmethod
    def of(cls, prints: Sequence[tuple[int, bytes]], codes: Sequence[tuple[int, bytes]]) -> Self:
        """From rows of a film's number and its signs, none of them empty, and of its number and its ISCC."""
        sizes = np.array([len(data) // 8 for _, data in prints], np.int64)
        return cls(
            np.array([film for film, _ in prints], np.int64),
            np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64) if prints else sizes,
            np.frombuffer(b"".join(data for _, data in prints), np.uint64),
            np.array([film for film, _ in codes], np.int64),
            np.frombuffer(b"".join(data for _, data in codes), np.uint64).reshape(-1, ISCC_WORDS),
        )

    def nearest(self, looks: Sequence[Array], most: int) -> list[int]:
        """The films whose slowest waves are nearest to a copy's, by number, the nearest first."""
        if not len(self.films):
            return []
        apart = np.min([self._apart(look) for look in looks], axis=0)
        some = np.argpartition(apart, most)[:most] if most < len(apart) else np.arange(len(apart))
        return [int(self.films[at]) for at in some[np.argsort(apart[some], kind="stable")]]

    def coded_near(self, code: bytes, limit: int) -> list[tuple[int, int]]:
        """Films whose ISCC is within so many bits of another, with how many, the nearest first."""
        apart = np.bitwise_count(self.codes ^ np.frombuffer(code, np.uint64)).sum(axis=1)
        near = np.flatnonzero(apart <= limit)
        return [(int(self.coded[at]), int(apart[at])) for at in near[np.argsort(apart[near], kind="stable")]]

    def _apart(self, look: Array) -> Array:
        """(m,) how far each film is from the middle one of the copy's moments, in signs of 64."""
        probes = look[_spread(len(look)), 0]
        found = np.empty((len(probes), len(self.films)), np.uint8)
        for films, signs in self._blocks():
            starts = self.starts[films] - self.starts[films.start]
            part = self.signs[signs]
            for row, probe in zip(found, probes, strict=True):
                np.minimum.reduceat(np.bitwise_count(part ^ probe), starts, out=row[films])
        runs = [found[at : at + KEPT_EVERY].min(axis=0) for at in range(0, len(found), KEPT_EVERY)]
        return np.asarray(np.sort(runs, axis=0)[len(runs) // 2])

    def _blocks(self) -> Iterator[tuple[slice, slice]]:
        """Films and their signs, some BLOCK signs at a time."""
        stops = np.append(self.starts[1:], len(self.signs))
        first = 0
        while first < len(self.films):
            after = int(np.searchsorted(stops, self.starts[first] + BLOCK, side="right"))
            last = max(after, first + 1)
            yield slice(first, last), slice(int(self.starts[first]), int(stops[last - 1]))
            first = last


def _spread(count: int) -> Array:
    """Which moments of a copy are looked up: RUNS times KEPT_EVERY in a row, or all there are."""
    if count <= RUNS * KEPT_EVERY:
        return np.arange(count)
    firsts = np.linspace(0, count - KEPT_EVERY, RUNS).round().astype(int)
    return (firsts[:, None] + np.arange(KEPT_EVERY)).ravel()
