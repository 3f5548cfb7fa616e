"""Finds the numbers in a text, each with its sign, its unit or its currency: what an approved claim holds exactly."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from provenance.policy.claims.plain import plain_text

# A space parts thousands where three digits follow it.
_NUMBER = re.compile(r"\d+(?:[.,:'/^]\d+|\s\d{3}(?!\d))*")
# What a reader takes for a digit, between digits.
_LIKE_DIGITS = re.compile(r"(?<=\d)[oO](?=[\s\d.,%]|$)|(?<=\d)[lI|](?=\d)")
_CODE_WORDS = "usd eur gbp jpy cny rmb chf sek nok dkk pln czk huf try inr krw cad aud nzd brl mxn"
_UNIT_WORDS = (
    "% ‰ ° °c °f kg g mg µg l ml cl dl km m cm mm h hrs min s sec ms kcal kj cal kwh wh w kw v ma mah hz khz mhz "
    "ghz kb mb gb tb mbps gbps fps x k mio mrd bn million billion tage days day months month years year weeks "
    "stunden hours minutes minuten jahre monate kr zł lei ft in oz lb lbs mph km/h "
    "元 円 圆 원 折 倍 日 天 年 月 歳 岁 万 亿 億 ヶ月 時間 分 秒 人 個 个 件 点"
)
_CODES, _UNITS = frozenset(_CODE_WORDS.split()), frozenset(plain_text(_UNIT_WORDS).split())
_AFTER = re.compile(r"\s?(%|‰|°[cf]?|[^\W\d_]+(?:/h)?)")
_HAN_UNITS = sorted((each for each in _UNITS if not each.isascii() and each.isalpha()), key=len, reverse=True)


@dataclass(frozen=True, slots=True)
class WrittenNumber:
    """One number. written: as it stands, without spaces; unit: what is counted or paid, "" for none; negative: whether
    a minus stands before it."""

    written: str
    unit: str = ""
    negative: bool = False

    @property
    def digits(self) -> str:
        """Itself without what parts thousands and decimals, which readers mistake for one another."""
        return "".join(each for each in self.written if each not in ".,'")

    def __str__(self) -> str:
        return f"{'-' if self.negative else ''}{self.written}{f' {self.unit}' if self.unit else ''}"


def numbers_of(text: str) -> tuple[WrittenNumber, ...]:
    """Returns the numbers of a text in their order."""
    return tuple(number for number, _, _ in _numbers(_plain_numbers(text)))


def words_of(text: str) -> str:
    """Returns the letters of a text, in one form, without those that are units of its numbers."""
    plain = _plain_numbers(text)
    kept, since = list[str](), 0
    for _, start, end in _numbers(plain):
        kept.append(plain[since:start])
        since = max(since, end)
    return "".join(each for each in "".join((*kept, plain[since:])) if each.isalpha())


def _plain_numbers(text: str) -> str:
    return plain_text(_LIKE_DIGITS.sub(lambda found: "0" if found[0] in "oO" else "1", text))


def _numbers(text: str) -> Iterator[tuple[WrittenNumber, int, int]]:
    """Yields each number, and where it begins and ends with its unit."""
    for found in _NUMBER.finditer(text):
        before, after = text[: found.start()], text[found.end() :]
        unit, wide = _unit_before(before), 0
        start, end = found.span()
        if unit:
            start = before.rindex(unit)
        else:
            unit, wide = _unit_after(after)
        bare = text[:start].rstrip() if unit and not wide else text[:start]
        negative = bare.endswith("-") and (len(bare) == 1 or bare[-2].isspace() or bare[-2] in "(\"'")
        written = "".join(_digit(each) for each in found[0] if not each.isspace())
        yield WrittenNumber(written, unit, negative), start, end + wide


def _digit(character: str) -> str:
    return str(unicodedata.digit(character)) if character.isdigit() else character


def _unit_before(before: str) -> str:
    stripped = before.rstrip()
    if stripped and unicodedata.category(stripped[-1]) == "Sc":
        return stripped[-1]
    word = re.search(r"([a-z]+)$", stripped)
    return word[1] if word and word[1] in _CODES else ""


def _unit_after(after: str) -> tuple[str, int]:
    """Returns the unit behind a number, and how far it reaches; "" and 0 for none."""
    stripped = after.lstrip()
    space = len(after) - len(stripped)
    if stripped and unicodedata.category(stripped[0]) == "Sc":
        return stripped[0], space + 1
    found = _AFTER.match(after)
    if found is None:
        return "", 0
    if found[1] in _UNITS or found[1] in _CODES:
        return found[1], found.end()
    unit = next((each for each in _HAN_UNITS if found[1].startswith(each)), "")
    return unit, found.start(1) + len(unit) if unit else 0
