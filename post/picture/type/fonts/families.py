"""The font families that are installed with the product: Inter, and those of the extra `fonts`.

All of them have the SIL Open Font License 1.1. Fonts of the system are never used: they differ from one machine to the
next.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

CORE, NOTO, CJK = "fontpkg-inter", "manimgx-fonts", "manimgx-fonts-cjk"
INTER = "Inter"
EMOJI = "Noto Emoji"
EMOJI_SCRIPT, SYMBOL_SCRIPT = "Zsye", "Zsym"  # ISO 15924; no character has them as its own
INSTALL = "pip install 'answerprint[fonts]'"
HAN_SCRIPTS = frozenset({"Hani", "Hira", "Kana", "Hang", "Bopo"})
_CJK_FILE = "NotoSansCJK-VF.otf.ttc"


@dataclass(frozen=True, slots=True)
class Family:
    """One family. package: what is installed; file: its name there; index: of its face in a collection; scripts: ISO
    15924, which it is the fallback for; region: of the Han characters that it draws ("JP", "KR", "SC", "TC", "HK")."""

    name: str
    package: str
    file: str
    scripts: frozenset[str] = frozenset()
    index: int = 0
    region: str = ""

    @property
    def path(self) -> Path | None:
        """Returns its file; None where its package is not installed."""
        folder = _folder(self.package)
        return None if folder is None else folder / self.file


def _noto(name: str, *scripts: str) -> Family:
    return Family(f"Noto Sans {name}", NOTO, f"NotoSans{name.replace(' ', '')}[wght].ttf", frozenset(scripts))


FAMILIES = {
    family.name: family
    for family in (
        Family(INTER, CORE, "Inter[opsz,wght].ttf"),
        _noto("Arabic", "Arab"),
        _noto("Armenian", "Armn"),
        _noto("Bengali", "Beng"),
        _noto("Devanagari", "Deva"),
        _noto("Ethiopic", "Ethi"),
        _noto("Georgian", "Geor"),
        _noto("Gujarati", "Gujr"),
        _noto("Gurmukhi", "Guru"),
        _noto("Hebrew", "Hebr"),
        _noto("Kannada", "Knda"),
        _noto("Khmer", "Khmr"),
        _noto("Lao", "Laoo"),
        _noto("Malayalam", "Mlym"),
        _noto("Myanmar", "Mymr"),
        _noto("Oriya", "Orya"),
        _noto("Sinhala", "Sinh"),
        _noto("Tamil", "Taml"),
        _noto("Telugu", "Telu"),
        _noto("Thai", "Thai"),
        *(
            Family(f"Noto Sans CJK {region}", CJK, _CJK_FILE, HAN_SCRIPTS, index, region)
            for index, region in enumerate(("JP", "KR", "SC", "TC", "HK"))
        ),
        Family(EMOJI, NOTO, "NotoEmoji[wght].ttf", frozenset({EMOJI_SCRIPT})),
        Family("Noto Sans", NOTO, "NotoSans[wght].ttf", frozenset({"Latn", "Cyrl", "Grek"})),
        Family("Noto Sans Italic", NOTO, "NotoSans-Italic[wght].ttf"),
        _noto("Symbols", SYMBOL_SCRIPT),
    )
}


def families_for(script: str, region: str) -> list[Family]:
    """Returns the families that draw a script, best first. region: which Han characters are wanted."""
    return [
        family
        for family in FAMILIES.values()
        if script in family.scripts and family.region in ("", region or family.region)
    ]


def advice(script: str) -> str:
    """Returns how to install a font for a script; "" where that would not help."""
    return INSTALL if any(family.path is None for family in families_for(script, "")) else ""


@cache
def _folder(package: str) -> Path | None:
    """Returns the folder that holds the fonts of a package; None where it is not installed."""
    if package == CORE:
        import fontpkg_inter

        return Path(fontpkg_inter.ROOT) / "files"
    try:
        if package == NOTO:
            import manimgx_fonts as found
        else:
            import manimgx_fonts_cjk as found
    except ModuleNotFoundError:
        return None
    return Path(found.__file__).parent
