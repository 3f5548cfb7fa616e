"""Judges every text that a film shows by the approved texts: lines that stand together are one text where that is an
approved one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from post.values.sights.text import SeenText
from provenance.policy.claims.compare import ComparedText, compare_texts
from provenance.policy.document.claims import ApprovedText

MOST_LINES = 8  # of one approved text
APART = 1.5  # heights of a line: lines further from one another are no one text
OTHER = ComparedText("other")
_BEST = ("same", "doubtful", "number", "words", "other")


@dataclass(frozen=True, slots=True)
class JudgedText:
    """What a text is: the approved one nearest to it, None for none, and how it compares. lines: those that were read
    together, from the top."""

    seen: SeenText
    compared: ComparedText = OTHER
    claim: ApprovedText | None = None
    lines: tuple[SeenText, ...] = ()


def judge_texts(seen: Sequence[SeenText], claims: Sequence[ApprovedText]) -> tuple[JudgedText, ...]:
    """Returns what each text is, in the order given.

    Where some of the lines that stand together are an approved text already, a person must say of the others whether
    they belong to it: they may be of the footage, or a number that nobody approved.
    """
    best = {id(each): JudgedText(each, lines=(each,)) for each in seen}
    chains = [lines for first in seen for lines in chains_from(first, seen)]
    beside = list[JudgedText]()
    for claim in claims:
        compared = [compare_texts(" ".join(each.text for each in lines), claim.text) for lines in chains]
        whole = [
            set(map(id, lines)) for lines, one in zip(chains, compared, strict=True) if one.kind == "same"
        ]
        for lines, found in zip(chains, compared, strict=True):
            if found.kind in ("number", "words") and any(each < set(map(id, lines)) for each in whole):
                why = ComparedText("doubtful", f"{claim.text!r} stands beside it")
                beside += [JudgedText(line, why, claim, lines) for line in lines]
                continue
            for line in lines:
                if _rank(found) < _rank(best[id(line)].compared):
                    best[id(line)] = JudgedText(line, found, claim, lines)
    for each in beside:
        if best[id(each.seen)].claim is None:
            best[id(each.seen)] = each
    return tuple(best[id(each)] for each in seen)


def _rank(compared: ComparedText) -> int:
    return _BEST.index(compared.kind)


def chains_from(first: SeenText, seen: Sequence[SeenText]) -> Iterator[tuple[SeenText, ...]]:
    """Yields a line alone, then with the one that follows it, and so on."""
    lines = [first]
    yield (first,)
    while len(lines) < MOST_LINES:
        following = [each for each in seen if each not in lines and _follows(lines[-1], each)]
        if not following:
            return
        last = lines[-1]
        # What stands on the same row comes before what stands below.
        lines.append(min(following, key=lambda each: (not _beside(last, each), each.box[1], each.box[0])))
        yield tuple(lines)


def _follows(one: SeenText, other: SeenText) -> bool:
    return _together(one, other) and (_beside(one, other) or _below(one, other))


def _together(one: SeenText, other: SeenText) -> bool:
    """Returns whether the shorter of two is shown beside the longer for half its time or more."""
    common = sum(
        max(Fraction(0), min(a[1], b[1]) - max(a[0], b[0])) for a in one.stretches for b in other.stretches
    )
    least = min(sum(b - a for a, b in each.stretches) for each in (one, other))
    return 2 * common >= least


def _beside(one: SeenText, other: SeenText) -> bool:
    height = one.box[3] - one.box[1]
    level = abs((one.box[1] + one.box[3]) - (other.box[1] + other.box[3])) < height
    return level and 0 <= other.box[0] - one.box[2] + height // 2 < (APART + 0.5) * height


def _below(one: SeenText, other: SeenText) -> bool:
    height = max(one.box[3] - one.box[1], 1)
    wide = min(one.box[2], other.box[2]) - max(one.box[0], other.box[0])
    middles = (other.box[1] + other.box[3] - one.box[1] - one.box[3]) / 2
    return wide > 0 and 0.3 * height < middles < (1 + APART) * height
