"""Finds the manifest of a copy that lost its credentials, by its watermark and by its picture.

    0  the query's clues say what the copy still carries; whether that can be trusted is what `verify` answers
    1  the watermark names the films of one job
    2  the picture decides between them, or finds a film by itself if there is no watermark
    3  the bytes are compared: a recovered manifest is never called verified if the bytes differ

For a film that nobody registered, nothing is found: the nearest films are reported as near, not as found.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter
from typing import Literal

from provenance.durable import iscc
from provenance.durable.fingerprint import FilmSamples, Similarity, fingerprint_copy
from provenance.durable.registry import Registry
from provenance.durable.registry_entry import RegisteredFilm, SoftBinding

FoundBy = Literal["mark and picture", "mark", "picture"]
ByteMatch = Literal["identical", "unsigned", "differs"]
MAX_NEAR = 5
# Films that are compared in all regions, of those the index returns.
COMPARED = 4 * MAX_NEAR
# Films that one watermark may name: the deliverables of one job.
MAX_VERSIONS = 256
# Two films whose costs differ by less than this cannot be told apart. In bits of 256.
TIE = 2.0


@dataclass(frozen=True, slots=True)
class Clue:
    """One way of looking, and its outcome. way: "mark", "picture", ...; said: the outcome, for people;
    looked: False if it could not be tried."""

    way: str
    said: str
    looked: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class RecoveryQuery:
    """A copy whose manifest is wanted.

    watermark: the binding of the watermark that was read, None if none was; code: its ISCC's 32 bytes, b"" for none;
    clues: what was tried before.
    """

    sha256: str
    samples: FilmSamples
    watermark: SoftBinding | None = None
    code: bytes = b""
    clues: tuple[Clue, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A registered film that may be the copy's.

    similarity: None if there is no picture to compare; iscc: bits of 256 that differ, None if either has no code;
    marked: the copy's watermark names it; cost: its rank, the least first.
    """

    film: RegisteredFilm
    similarity: Similarity | None
    iscc: int | None
    marked: bool
    cost: float

    @property
    def close(self) -> bool:
        """Returns whether the picture alone would find it."""
        return self.similarity is not None and self.similarity.close

    @property
    def how(self) -> FoundBy:
        """Returns what found it."""
        if self.marked:
            return "mark and picture" if self.close else "mark"
        return "picture"


@dataclass(frozen=True, slots=True)
class RecoveryResult:
    """What was found for a copy.

    found: None for a film that nobody registered; match: whether the copy's bytes are those that were signed; alike:
    how many other films are as near as the one found; near: the next ones.
    """

    found: Candidate | None
    match: ByteMatch
    alike: int
    near: tuple[Candidate, ...]
    clues: tuple[Clue, ...]


def recover(registry: Registry, query: RecoveryQuery) -> RecoveryResult:
    """Returns the registered film that a copy is of. Raises as the methods of `Registry` do."""
    copy = fingerprint_copy(query.samples)
    # (1): the films that its watermark names
    named = registry.find_bound(query.watermark, MAX_VERSIONS) if query.watermark else ()
    marked = dict.fromkeys(named) | dict(registry.find_similar(copy, named))
    # (2): the films that look like it
    similar = {one: similarity for one, similarity in registry.find_similar(copy) if one not in marked}
    codes = dict(registry.index().find_codes(query.code, iscc.BITS)) if query.code else {}
    ranked = [
        *_rank(registry, query, marked, codes, marked=True),
        *_rank(registry, query, dict(islice(similar.items(), COMPARED)), codes, marked=False),
    ]
    clues = (*query.clues, *_clues(query, named, ranked, bool(copy)))
    found = next((one for one in ranked if one.marked or one.close), None)
    if found is None:
        return RecoveryResult(None, "differs", 0, tuple(ranked[:MAX_NEAR]), clues)
    rest = sorted((one for one in ranked if one is not found), key=attrgetter("cost"))
    alike = sum(one.close and one.cost <= found.cost + TIE for one in rest)
    # (3): whether these are the bytes that were signed
    match = _match_bytes(query.sha256, found.film)
    return RecoveryResult(found, match, alike, tuple(rest[:MAX_NEAR]), clues)


def to_score(distance: int) -> int:
    """Returns a distance in bits of 256 as a score of 0..100. Half of the bits differ by chance: score 0."""
    return max(0, round(100 * (1 - distance / 128)))


def _rank(
    registry: Registry,
    query: RecoveryQuery,
    similarities: Mapping[int, Similarity | None],
    codes: Mapping[int, int],
    *,
    marked: bool,
) -> list[Candidate]:
    """Returns films as candidates, the likeliest first. similarities, codes: by the films' numbers."""
    made = []
    for number, similarity in similarities.items():
        film = registry.film(number)
        made.append(Candidate(film, similarity, codes.get(number), marked, _cost(film, similarity, query)))
    return sorted(made, key=attrgetter("cost"))


def _cost(film: RegisteredFilm, similarity: Similarity | None, query: RecoveryQuery) -> float:
    """Returns how unlikely it is that a copy is of a film: by its picture, then by its length and its shape."""
    if _match_bytes(query.sha256, film) != "differs":
        return -math.inf
    length = abs(math.log(max(film.seconds, 1e-3) / max(query.samples.seconds, 1e-3)))
    shape = abs(math.log(film.aspect / query.samples.aspect))
    return (similarity.cost if similarity else 256.0) + 16 * length + 8 * min(1.0, shape)


def _clues(
    query: RecoveryQuery, named: Sequence[int], ranked: Sequence[Candidate], has_content: bool
) -> list[Clue]:
    clues = []
    if query.watermark:
        known = f"names {len(named)} registered films" if named else "names no film registered here"
        clues.append(Clue("registry", f"the mark {query.watermark.value} {known}"))
    nearest = min((one.similarity.distance for one in ranked if one.similarity), default=None)
    if not has_content:
        clues.append(Clue("picture", "the picture is black or flat: there is nothing to compare"))
    elif nearest is None:
        clues.append(Clue("picture", "no registered film can be compared"))
    else:
        clues.append(Clue("picture", f"the nearest film differs in {nearest} of 256 bits"))
    codes = [one.iscc for one in ranked if one.iscc is not None]
    if codes:
        verdict = "near" if min(codes) <= iscc.MAX_DISTANCE else "far"
        clues.append(Clue("iscc", f"the nearest code differs in {min(codes)} of 256 bits: {verdict}"))
    return clues


def _match_bytes(sha256: str, film: RegisteredFilm) -> ByteMatch:
    if sha256 == film.sha256:
        return "identical"
    return "unsigned" if sha256 == film.unsigned else "differs"
