"""From a copy without its credentials back to the manifest: by its mark, by what it shows, or not at all.

    0  what the copy itself still carries is told of; what that is worth is for `verify` to say
    1  its mark names the films of one job
    2  what it shows picks among them, or finds a film by itself where there is no mark
    3  the film's bytes are compared: what was recovered is never called verified where they differ

Nothing is found for a stranger: a film that is merely the nearest is told of as near, and not as found.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter
from typing import Literal

from provenance.durable import iscc
from provenance.durable.fingerprint import Likeness, Viewing, looks
from provenance.durable.registry import Registry
from provenance.durable.registry_entry import About, Binding

How = Literal["mark and picture", "mark", "picture"]
Match = Literal["identical", "unsigned", "differs"]
NEAR = 5
CLOSELY = 4 * NEAR
# Films a mark may name: the versions of one job.
VERSIONS = 256
# Of two films as alike as this, neither is told apart from the other. In signs of 256.
ALIKE = 2.0


@dataclass(frozen=True, slots=True)
class Clue:
    """One way a copy was asked about, and what came of it; `looked` is False where it could not be."""

    way: str
    said: str
    looked: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A copy to be recovered. mark: the binding its mark stands for, None where none was read; code: its
    ISCC's bytes, b"" where there is none; clues: what was tried before."""

    sha256: str
    viewing: Viewing
    mark: Binding | None = None
    code: bytes = b""
    clues: tuple[Clue, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A registered film beside a copy. likeness: None where there was nothing to see; iscc: bits of 256,
    None where either has no code; marked: the copy's mark names it; cost: what sorts them."""

    about: About
    likeness: Likeness | None
    iscc: int | None
    marked: bool
    cost: float

    @property
    def close(self) -> bool:
        return self.likeness is not None and self.likeness.close

    @property
    def how(self) -> How:
        if self.marked:
            return "mark and picture" if self.close else "mark"
        return "picture"


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was found for a copy. found: None for a stranger; match: whether the film's bytes are those that
    were signed; alike: how many other films are as near as the one found; near: the next ones."""

    found: Candidate | None
    match: Match
    alike: int
    near: tuple[Candidate, ...]
    clues: tuple[Clue, ...]


def recover(registry: Registry, asked: Asked) -> Recovered:
    """Find the manifest of a copy in a registry. Raises as `Registry` does."""
    seen = looks(asked.viewing)
    # (1): the films its mark names
    named = registry.bound(asked.mark, VERSIONS) if asked.mark else ()
    marked = dict.fromkeys(named) | dict(registry.like(seen, named))
    # (2): the films it looks like
    like = {one: likeness for one, likeness in registry.like(seen) if one not in marked}
    codes = dict(registry.index().coded_near(asked.code, iscc.BITS)) if asked.code else {}
    ranked = [
        *_candidates(registry, asked, marked, codes, marked=True),
        *_candidates(registry, asked, dict(islice(like.items(), CLOSELY)), codes, marked=False),
    ]
    clues = (*asked.clues, *_clues(asked, named, ranked, bool(seen)))
    found = next((one for one in ranked if one.marked or one.close), None)
    if found is None:
        return Recovered(None, "differs", 0, tuple(ranked[:NEAR]), clues)
    rest = sorted((one for one in ranked if one is not found), key=attrgetter("cost"))
    alike = sum(one.close and one.cost <= found.cost + ALIKE for one in rest)
    # (3): whether these are the bytes that were signed
    return Recovered(found, _match(asked.sha256, found.about), alike, tuple(rest[:NEAR]), clues)


def score(distance: int) -> int:
    """A distance of 256 signs, half of which differ by chance, as 0..100."""
    return max(0, round(100 * (1 - distance / 128)))


def _candidates(
    registry: Registry,
    asked: Asked,
    likeness: Mapping[int, Likeness | None],
    codes: Mapping[int, int],
    *,
    marked: bool,
) -> list[Candidate]:
    """Films by their numbers, the likeliest first."""
    made = []
    for number, looked in likeness.items():
        about = registry.about(number)
        made.append(Candidate(about, looked, codes.get(number), marked, _cost(about, looked, asked)))
    return sorted(made, key=attrgetter("cost"))


def _cost(about: About, looked: Likeness | None, asked: Asked) -> float:
    """How unlikely it is that a copy is of a film: its looks first, then its length and its shape."""
    if _match(asked.sha256, about) != "differs":
        return -math.inf
    longer = abs(math.log(max(about.seconds, 1e-3) / max(asked.viewing.seconds, 1e-3)))
    wider = abs(math.log(about.aspect / asked.viewing.aspect))
    return (looked.cost if looked else 256.0) + 16 * longer + 8 * min(1.0, wider)


def _clues(asked: Asked, named: Sequence[int], ranked: Sequence[Candidate], seen: bool) -> list[Clue]:
    found = []
    if asked.mark:
        known = f"names {len(named)} registered films" if named else "names no film registered here"
        found.append(Clue("registry", f"the mark {asked.mark.value} {known}"))
    nearest = min((one.likeness.distance for one in ranked if one.likeness), default=None)
    if not seen:
        found.append(Clue("picture", "there is nothing to see in it: black, or flat"))
    elif nearest is None:
        found.append(Clue("picture", "no film is registered that could be compared"))
    else:
        found.append(Clue("picture", f"the nearest film differs in {nearest} of 256 signs"))
    codes = [one.iscc for one in ranked if one.iscc is not None]
    if codes:
        word = "near" if min(codes) <= iscc.LIMIT else "far"
        found.append(Clue("iscc", f"the nearest code differs in {min(codes)} of 256 bits: {word}"))
    return found


def _match(sha256: str, about: About) -> Match:
    if sha256 == about.sha256:
        return "identical"
    return "unsigned" if sha256 == about.unsigned else "differs"
