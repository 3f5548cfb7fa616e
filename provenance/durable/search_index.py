"""Searches a registry: every film's slowest 64 waves in one array, every ISCC in another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from post.values.array import Array
from provenance.durable.fingerprint import KEEP_EVERY

# Samples of a copy that are searched for: so many runs of KEEP_EVERY in a row, spread over it.
RUNS = 8
# Words compared at once. As many as stay in a core's cache are compared three times as fast.
BLOCK = 1 << 16
ISCC_WORDS = 4


@dataclass(frozen=True, slots=True, eq=False)
class SearchIndex:
    """The arrays that are searched.

    films: numbers, (m,) int64; starts: where each film's bits start, (m,); bits: (n,) uint64, 64 bits of one sample
    in one region each; coded: numbers of films with an ISCC, (k,); codes: (k, ISCC_WORDS) uint64.
    """

    films: Array
    starts: Array
    bits: Array
    coded: Array
    codes: Array

    @classmethod
    def of(cls, prints: Sequence[tuple[int, bytes]], codes: Sequence[tuple[int, bytes]]) -> Self:
        """Returns the index of (number, coarse bits) and of (number, ISCC). No film's bits may be empty."""
        sizes = np.array([len(data) // 8 for _, data in prints], np.int64)
        return cls(
            np.array([film for film, _ in prints], np.int64),
            np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64) if prints else sizes,
            np.frombuffer(b"".join(data for _, data in prints), np.uint64),
            np.array([film for film, _ in codes], np.int64),
            np.frombuffer(b"".join(data for _, data in codes), np.uint64).reshape(-1, ISCC_WORDS),
        )

    def nearest(self, views: Sequence[Array], most: int) -> list[int]:
        """Returns the numbers of the films whose coarse bits are nearest to a copy's, the nearest first.

        views: as `fingerprint_copy` returns them; most: how many films at most.
        """
        if not len(self.films):
            return []
        apart = np.min([self._distances(view) for view in views], axis=0)
        some = np.argpartition(apart, most)[:most] if most < len(apart) else np.arange(len(apart))
        return [int(self.films[at]) for at in some[np.argsort(apart[some], kind="stable")]]

    def find_codes(self, code: bytes, limit: int) -> list[tuple[int, int]]:
        """Returns (number, bits that differ) of films whose ISCC is within `limit` bits, the nearest first."""
        apart = np.bitwise_count(self.codes ^ np.frombuffer(code, np.uint64)).sum(axis=1)
        near = np.flatnonzero(apart <= limit)
        return [(int(self.coded[at]), int(apart[at])) for at in near[np.argsort(apart[near], kind="stable")]]

    def _distances(self, view: Array) -> Array:
        """Returns how far each film is from the copy's median sample, (m,), in bits of 64."""
        probes = view[_choose_probes(len(view)), 0]
        found = np.empty((len(probes), len(self.films)), np.uint8)
        for films, words in self._blocks():
            starts = self.starts[films] - self.starts[films.start]
            part = self.bits[words]
            for row, probe in zip(found, probes, strict=True):
                np.minimum.reduceat(np.bitwise_count(part ^ probe), starts, out=row[films])
        runs = [found[at : at + KEEP_EVERY].min(axis=0) for at in range(0, len(found), KEEP_EVERY)]
        return np.asarray(np.sort(runs, axis=0)[len(runs) // 2])

    def _blocks(self) -> Iterator[tuple[slice, slice]]:
        """Yields slices of films and of their words, about BLOCK words at a time."""
        stops = np.append(self.starts[1:], len(self.bits))
        first = 0
        while first < len(self.films):
            after = int(np.searchsorted(stops, self.starts[first] + BLOCK, side="right"))
            last = max(after, first + 1)
            yield slice(first, last), slice(int(self.starts[first]), int(stops[last - 1]))
            first = last


def _choose_probes(count: int) -> Array:
    """Returns which of a copy's samples are searched for: RUNS times KEEP_EVERY in a row, or all there are."""
    if count <= RUNS * KEEP_EVERY:
        return np.arange(count)
    firsts = np.linspace(0, count - KEEP_EVERY, RUNS).round().astype(int)
    return (firsts[:, None] + np.arange(KEEP_EVERY)).ravel()
