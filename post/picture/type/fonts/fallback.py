"""Chooses the installed fonts that set what the fonts of a title lack: by script, and Han by language."""

from __future__ import annotations

from collections.abc import Sequence

import icu

from post.errors import JobError
from post.picture.type.face import FontSpec, Typeface, describe_character
from post.picture.type.fonts.families import EMOJI_SCRIPT, HAN_SCRIPTS, SYMBOL_SCRIPT, Family, families_for
from post.picture.type.itemise import graphemes, is_emoji, scripts

_HAN = "zh-Hans, zh-Hant, ja or ko"
_REGIONS = {"ja": "JP", "ko": "KR"}


def with_installed(text: str, language: str, faces: Sequence[Typeface]) -> tuple[Typeface, ...]:
    """Returns the typefaces, and behind them the installed ones that have what they lack, at the nearest weight.

    What no installed font has is left out: shaping names it. Raises JobError where the text has Han characters and
    nothing says of which language.
    """
    found, own = list(faces), scripts(text)
    opened: dict[str, Typeface] = {}
    for first, stop in graphemes(text):
        cluster = text[first:stop]
        if cluster.isspace() or any(face.covers(cluster) for face in found):
            continue
        wanted = [EMOJI_SCRIPT] if is_emoji(cluster) else [own[first], *_also_of(text[first])]
        for family in _candidates(wanted, language, text, faces[0].cut.place):
            if family.name not in opened:
                opened[family.name] = Typeface(_spec(family, faces))
            if opened[family.name].covers(cluster):
                found.append(opened[family.name])
                break
    return tuple(found)


def _candidates(wanted: Sequence[str], language: str, text: str, place: str) -> list[Family]:
    region = _region(language, text, place) if HAN_SCRIPTS & set(wanted) else ""
    known = [family for script in (*wanted, SYMBOL_SCRIPT) for family in families_for(script, region)]
    return [family for family in known if family.path is not None]


def _also_of(char: str) -> list[str]:
    """Returns the scripts that a common character is used in besides: brackets and commas have such (UAX 24, 2.2)."""
    return sorted(icu.Script(code).getShortName() for code in icu.Script.getScriptExtensions(char))


def _spec(family: Family, faces: Sequence[Typeface]) -> FontSpec:
    """Returns a family at the size of the last typeface, and near the weight of the first that is for text."""
    text = next((face for face in faces if not face.is_for_emoji), faces[0])
    return FontSpec(
        None, faces[-1].cut.size_px, text.weight, faces[0].cut.optical,
        place=faces[0].cut.place, family=family.name, nearest=True,
    )  # fmt: skip


def _region(language: str, text: str, place: str) -> str:
    """Returns whose Han characters are wanted: as the language says, or else the kana or hangul beside them."""
    locale = icu.Locale(language)
    if locale.getLanguage() in _REGIONS:
        return _REGIONS[locale.getLanguage()]
    if locale.getLanguage() in ("zh", "yue"):
        return _chinese(locale)
    own = {icu.Script.getScript(char).getShortName() for char in text}
    for beside, region in (("Hira", "JP"), ("Kana", "JP"), ("Hang", "KR"), ("Bopo", "TC")):
        if beside in own:
            return region
    raise JobError(
        "nothing says which language the Han characters are of; each draws them in its own form",
        where=f"{place}.language",
        expected=_HAN,
        got=next(
            describe_character(c) for c in text if icu.Script.getScript(c).getShortName() in HAN_SCRIPTS
        ),
        fix="give the language, or a font that has them",
    )


def _chinese(locale: icu.Locale) -> str:
    full = icu.Locale.addLikelySubtags(locale)
    if full.getScript() != "Hant":
        return "SC"
    return "HK" if full.getCountry() in ("HK", "MO") else "TC"
