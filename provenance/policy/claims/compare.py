"""Compares a text on screen with an approved one: letters may be misread here and there; digits, units and currencies
are exact."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from post.values.short_text import edit_count
from provenance.policy.claims.numbers import WrittenNumber, numbers_of, words_of

# same: it is that text; doubtful: it is, but for what a reader easily mistakes; number, words: it is that text with
# another number, or other words; other: it is another text.
Comparison = Literal["same", "doubtful", "number", "words", "other"]
MISREAD = 0.08  # of the letters: so many may be read wrongly
SHORTEST_MISREAD = 5  # letters of a text of which one may be
PUT_IN, CHANGED = 2, 3  # letters in a row that no reader puts in, leaves out or mistakes
NEAR = 0.35  # of the letters: a text that differs by less is that text, altered


@dataclass(frozen=True, slots=True)
class ComparedText:
    """What a text is beside an approved one. why: what differs, "" where nothing does."""

    kind: Comparison
    why: str = ""


def compare_texts(seen: str, approved: str) -> ComparedText:
    """Returns what a text that was read is beside an approved one."""
    letters, wanted = words_of(seen), words_of(approved)
    numbers, wanted_numbers = numbers_of(seen), numbers_of(approved)
    if not letters and not wanted and not (numbers and wanted_numbers):
        return ComparedText("same" if seen.strip() == approved.strip() else "other")
    if _apart(letters, wanted) > NEAR:
        return ComparedText("other")
    number = _number_fault(numbers, wanted_numbers)
    if number is not None:
        return number
    if _is_misread(letters, wanted):
        return ComparedText("same")
    if letters in wanted:
        return ComparedText("doubtful", f"only a piece of {approved!r} is read")
    return ComparedText("words", f"reads {seen!r}, approved is {approved!r}")


def _number_fault(
    numbers: tuple[WrittenNumber, ...], wanted: tuple[WrittenNumber, ...]
) -> ComparedText | None:
    """Returns how numbers differ, None where they do not."""
    if numbers == wanted:
        return None
    if [(each.digits, each.unit, each.negative) for each in numbers] == [
        (each.digits, each.unit, each.negative) for each in wanted
    ]:
        pairs = ((one, other) for one, other in zip(numbers, wanted, strict=True) if one != other)
        return ComparedText("doubtful", "; ".join(f"{one} beside {other}" for one, other in pairs))
    if len(numbers) == len(wanted):
        pairs = ((one, other) for one, other in zip(numbers, wanted, strict=True) if one != other)
        return ComparedText("number", "; ".join(f"{one}, approved is {other}" for one, other in pairs))
    shown = [", ".join(map(str, each)) or "no number" for each in (numbers, wanted)]
    return ComparedText("number", f"{shown[0]}, approved is {shown[1]}")


def _apart(one: str, other: str) -> float:
    """Returns the share of the letters by which two texts differ."""
    longer = max(len(one), len(other))
    if abs(len(one) - len(other)) > NEAR * longer:
        return 1.0
    return edit_count(one, other) / longer if longer else 0.0


def _is_misread(letters: str, wanted: str) -> bool:
    """Returns whether the letters differ only as a reader mistakes them."""
    if letters == wanted:
        return True
    # A character of Han or kana is a word, and a reader seldom mistakes it.
    if len(wanted) < SHORTEST_MISREAD or any(ord(each) > 0x2E7F for each in letters + wanted):
        return False
    if edit_count(letters, wanted) > max(1, MISREAD * len(wanted)):
        return False
    for kind, a, b, c, d in SequenceMatcher(None, letters, wanted, autojunk=False).get_opcodes():
        if kind != "equal" and max(b - a, d - c) >= (CHANGED if kind == "replace" else PUT_IN):
            return False
    return True
