"""Chooses what labels say: as few labels as meet everything that is asked."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from post.disclosure.demands import LabelDemand


@dataclass(frozen=True, slots=True)
class LabelWording:
    """A label to show. demand: all that is asked of it; at: the number of the job's label that says it or is to say it,
    None for a further label."""

    text: str
    demand: LabelDemand
    at: int | None


def choose_wordings(
    demands: Sequence[LabelDemand], present: Sequence[str], open_: Iterable[int]
) -> tuple[LabelWording, ...]:
    """Returns the labels that meet all demands, in the order of their texts' first demands.

    present: what the job's labels say; open_: the numbers of those whose text the job does not write itself, which may
    say another.
    """
    found: dict[str, LabelWording] = {}
    rest, of_all = list[LabelDemand](), [demand for demand in demands if not demand.texts]
    for demand in demands:
        number = next((n for n, text in enumerate(present) if says_one(text, demand)), None)
        if number is not None:
            _add(found, present[number], demand, number)
        elif demand.texts:
            rest.append(demand)
    used = {wording.at for wording in found.values()}
    free = [number for number in open_ if number not in used]
    while rest:
        text = _best(rest)
        met = [demand for demand in rest if says_one(text, demand)]
        number = free.pop(0) if free else None
        for demand in met:
            _add(found, text, demand, number)
        rest = [demand for demand in rest if demand not in met]
    return tuple(_with_all(found, present, of_all))


def _with_all(
    found: Mapping[str, LabelWording], present: Sequence[str], of_all: Sequence[LabelDemand]
) -> Iterator[LabelWording]:
    """Yields labels with what is asked of every label, those of the job that no other demand is about included."""
    for wording in found.values():
        demand = wording.demand
        for each in of_all:
            demand = demand.with_numbers(each)
        yield replace(wording, demand=demand)
    used = {wording.at for wording in found.values()}
    for number, text in enumerate(present):
        if number not in used and of_all:
            demand = of_all[0]
            for each in of_all[1:]:
                demand = demand.and_also(each)
            yield LabelWording(text, demand, number)


def says_one(text: str, demand: LabelDemand) -> bool:
    """Returns whether a text is one of those that are accepted. Letter case and spaces do not matter."""
    return _plain(text) in map(_plain, demand.texts)


def language_of(text: str) -> str:
    """Returns the language whose letter forms a text needs (BCP 47); "" where any will do."""
    names = {unicodedata.name(letter, "").partition(" ")[0] for letter in text}
    if "HANGUL" in names:
        return "ko"
    if names & {"HIRAGANA", "KATAKANA"}:
        return "ja"
    return "zh-Hans" if "CJK" in names else ""


def _add(found: dict[str, LabelWording], text: str, demand: LabelDemand, number: int | None) -> None:
    before = found.get(text)
    asked = before.demand.and_also(demand) if before else demand
    found[text] = LabelWording(text, asked, before.at if before else number)


def _best(demands: Sequence[LabelDemand]) -> str:
    """Returns the text that meets most demands; of several, the one that its policies name first."""
    counts: dict[str, int] = {}
    shown: Mapping[str, str] = {
        _plain(text): text for each in reversed(demands) for text in reversed(each.texts)
    }
    for demand in demands:
        for text in dict.fromkeys(map(_plain, demand.texts)):
            counts[text] = counts.get(text, 0) + 1
    return shown[max(counts, key=lambda text: counts[text])]  # the first of those that are named as often


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
