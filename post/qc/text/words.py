"""Says how much a text looks like words of a language: by triplets of letters, counted in ICU's names of languages,
countries, time zones, numbers, months and units, which are words of each language that are at hand everywhere.

Measured: of texts of four real words 95 % have 73 % or more of triplets that a language knows; of garbled ones 92 %
have less.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import icu

from post.caching import shared

LANGUAGES = (
    "cs", "da", "de", "en", "es", "fi", "fr", "hr", "hu", "id", "it", "nb", "nl", "pl", "pt", "ro", "sv", "tr",
)  # fmt: skip
ONE_WORD = re.compile(r"[^\W\d_]+")
ZONES = 400
UNITS = ("area", "digital", "duration", "length", "mass", "power", "speed", "temperature", "volume")
NUMBERS = (*range(100), 1000, 1_000_000)


def word_likeness(text: str) -> float:
    """Returns the share of triplets of letters that the best of LANGUAGES knows, 0..1; 1 for a text of no words of
    three letters in Latin script."""
    words = [each for each in ONE_WORD.findall(text.casefold()) if len(each) > 2 and _is_latin(each)]
    found = [triplet for each in words for triplet in _triplets(each)]
    if not found:
        return 1.0
    return max(sum(each in _known(language) for each in found) for language in LANGUAGES) / len(found)


def _is_latin(word: str) -> bool:
    return all(icu.Script.getScript(each).getShortName() == "Latn" for each in word)


def _triplets(word: str) -> list[str]:
    ended = f"^{word}$"
    return [ended[at : at + 3] for at in range(len(ended) - 2)]


@shared(len(LANGUAGES))
def _known(language: str) -> frozenset[str]:
    locale = icu.Locale(language)
    words = {each for name in _names(locale) for each in ONE_WORD.findall(name.casefold()) if len(each) > 1}
    return frozenset(triplet for each in words for triplet in _triplets(each))


def _names(locale: icu.Locale) -> Iterator[str]:
    yield from (icu.Locale(each).getDisplayLanguage(locale) for each in icu.Locale.getISOLanguages())
    yield from (icu.Locale("", each).getDisplayCountry(locale) for each in icu.Locale.getISOCountries())
    yield from (icu.Locale(each).getDisplayName(locale) for each in icu.Locale.getAvailableLocales())
    dates = icu.DateFormatSymbols(locale)
    yield from (*dates.getMonths(), *dates.getWeekdays())
    zones = list(icu.TimeZone.createEnumeration())[:ZONES]
    yield from (icu.TimeZone.createTimeZone(each).getDisplayName(locale) for each in zones)
    if locale.getLanguage() == "en":
        yield from (each.replace("_", " ") for each in zones)
    spelt = icu.RuleBasedNumberFormat(icu.URBNFRuleSetTag.SPELLOUT, locale)
    yield from (spelt.format(each) for each in NUMBERS)
    measure = icu.MeasureFormat(locale, icu.UMeasureFormatWidth.WIDE)
    units = (unit for kind in UNITS for unit in icu.MeasureUnit.getAvailable(kind))
    yield from (measure.formatMeasure(icu.Measure(3, unit)) for unit in units)
