"""Opens a font at one size: checks its axes and features, and knows which characters it has."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import icu
import uharfbuzz as hb

from post.errors import JobError, unknown
from post.picture.type.colour import has_paint, has_png
from post.picture.type.font_file import font_fault
from post.picture.type.fonts.families import EMOJI, FAMILIES, INSTALL, INTER
from post.picture.type.itemise import is_emoji
from post.values.media import File
from post.watchdog import watched

FONT = "a whole TrueType or OpenType file"
UNITS = 64  # positions a pixel: HarfBuzz positions are whole numbers, so text is placed to 1/64 px
OWN_WEIGHT = 600.0  # of the installed families, where no weight is asked for
MOST_SETTING = 400  # letters of axes or features: forty of either
_OGHAM_SPACE = "\u1680"  # a line
_GRINNING_FACE = "\U0001f600"
_SETTING = re.compile(r"([A-Za-z0-9]{4})\s*(?:=\s*([+-]?\d+(?:\.\d+)?))?\Z")


@dataclass(frozen=True, slots=True)
class FontSpec:
    """A font, as it is asked for. file: None is an installed family; size_px: em; weight: 1..1000, or 0 for the
    font's own (an installed family: 600); optical: the em at 1080 lines, which chooses the optical size; axes,
    features: "wdth=75, GRAD=-20", "tnum, ss01=2"; place: what errors name; family: which installed family;
    nearest: whether the nearest weight that the font has will do."""

    file: File | None
    size_px: float
    weight: float = 0.0
    optical: float = 0.0
    axes: str = ""
    features: str = ""
    place: str = "text"
    family: str = INTER
    nearest: bool = False


def _stand_in(char: str) -> str:
    """Returns what HarfBuzz makes a character from where the font lacks it: every space but ogham's, which is a line,
    from the common one, and U+2011 from the hyphen."""
    if unicodedata.category(char) == "Zs" and char != _OGHAM_SPACE:
        return " "
    return "‐" if char == "‑" else char


class Typeface:
    """One font file, at one size and one place in its design space, ready to shape and draw."""

    def __init__(self, cut: FontSpec) -> None:
        """Raises JobError where the file is no font, the family is not installed, or it lacks an axis or a feature
        that is asked for."""
        self.cut, path = cut, _path(cut)
        self.name = cut.file.name or path.name if cut.file else cut.family
        try:
            if cut.file is not None and (fault := font_fault(path)):
                raise self._fault(
                    "font",
                    "not a font",
                    expected=FONT,
                    got=f"{self.name}, {fault}",
                    fix="export it as .ttf or .otf",
                )
            index = 0 if cut.file else FAMILIES[cut.family].index
            self.face = hb.Face(hb.Blob.from_file_path(str(path)), index)
        except (OSError, hb.HarfBuzzError) as fault:
            raise self._fault("font", "the font cannot be read", got=path.name) from fault
        if self.face.glyph_count == 0:
            raise self._fault("font", "not a font", expected=FONT, got=self.name)
        self._covered = dict[str, bool]()
        self.font = hb.Font(self.face)
        self.font.scale = (round(cut.size_px * UNITS),) * 2
        try:
            with watched(self.name):
                self.font.set_variations(self._variations())
                self.features = self._features()
        except UnicodeDecodeError as fault:  # uharfbuzz decodes the tags of axes and features
            raise self._fault(
                "font", "not a font", expected=FONT, got=f"{self.name}, a tag that is no text"
            ) from fault

    @property
    def ascent(self) -> float:
        """Returns the pixels from the baseline up to the top of the line."""
        return float(self.font.get_font_extents("ltr").ascender) / UNITS

    @property
    def descent(self) -> float:
        """Returns the pixels from the baseline down to the bottom of the line."""
        return -float(self.font.get_font_extents("ltr").descender) / UNITS

    @property
    def cap_height(self) -> float:
        """Returns the pixels from the baseline to the top of a flat capital."""
        return float(self.font.get_metric_position_with_fallback(hb.OTMetricsTag.CAP_HEIGHT)) / UNITS

    @property
    def weight(self) -> float:
        """Returns its place on the weight axis, or the weight that a static font declares, 1..1000."""
        return float(self.font.get_style_value(hb.StyleTag.WEIGHT))

    def covers(self, cluster: str) -> bool:
        """Returns whether a grapheme can be set: every character has a glyph, composed or decomposed, and an emoji
        is one picture, however many characters it has."""
        if cluster not in self._covered:
            self._covered[cluster] = (
                self._has_emoji(cluster) if is_emoji(cluster) else self._has_letters(cluster)
            )
        return self._covered[cluster]

    @cached_property
    def in_colour(self) -> bool:
        """Returns whether any of its glyphs may be in colour."""
        face = self.face
        return bool(face.has_color_png or face.has_color_svg or face.has_color_paint or face.has_color_layers)

    @cached_property
    def is_for_emoji(self) -> bool:
        """Returns whether it is a font of emoji: it comes first where a text asks for one, and else last."""
        if self.cut.file is None:
            return self.cut.family == EMOJI
        return self.in_colour and self.covers(_GRINNING_FACE)

    def kind_of(self, glyph: int) -> str:
        """Returns how a glyph is drawn: "layers" and "png" are in colour, "outline" is in the text's colour."""
        if not self.in_colour:
            return "outline"
        return "layers" if has_paint(self.font, glyph) else "png" if has_png(self.font, glyph) else "outline"

    def has_svg_alone(self, char: str) -> bool:
        """Returns whether the font has a character as an SVG document and in no form that is drawn."""
        glyph = self.font.get_nominal_glyph(ord(char))
        if glyph is None or not self.face.has_color_svg or not len(self.face.get_glyph_color_svg(glyph)):
            return False
        return not self._shows(glyph)

    def _has_letters(self, cluster: str) -> bool:
        forms = {unicodedata.normalize(form, cluster) for form in ("NFC", "NFD")} | {cluster}
        return any(all(self._has(c) for c in form) for form in forms)

    def _has(self, char: str) -> bool:
        if is_ignorable(char):
            return True
        glyphs = (self.font.get_nominal_glyph(ord(c)) for c in (char, _stand_in(char)))
        return any(
            glyph is not None and (char.isspace() or not self.in_colour or self._shows(glyph))
            for glyph in glyphs
        )

    def _has_emoji(self, cluster: str) -> bool:
        """Returns whether a font joins all characters of an emoji into one glyph: a flag is not two letters."""
        buffer = hb.Buffer()
        buffer.add_str(cluster)
        buffer.guess_segment_properties()
        with watched(self.name):
            hb.shape(self.font, buffer, self.features)
        glyphs = [info.codepoint for info in buffer.glyph_infos]
        return 0 not in glyphs and sum(map(self._shows, glyphs)) == 1

    def _shows(self, glyph: int) -> bool:
        """Returns whether a glyph has an outline or a picture."""
        with watched(self.name):
            extents = self.font.get_glyph_extents(glyph)
        return bool(extents and extents.width and extents.height)

    @cached_property
    def axes(self) -> dict[str, tuple[float, float]]:
        return {axis.tag: (axis.min_value, axis.max_value) for axis in self.face.axis_infos}

    def _variations(self) -> dict[str, float]:
        asked = {tag: 1.0 if value is None else value for tag, value in self._read("axes", self.cut.axes)}
        weight = self.cut.weight or (OWN_WEIGHT if self.cut.file is None else 0.0)
        if weight and self.cut.nearest:
            lo, hi = self.axes.get("wght", (0.0, 0.0))
            weight = min(max(weight, lo), hi)  # a static font has none to choose
        is_picture = self.in_colour and "wght" not in self.axes  # it has no weight to choose
        if weight and not is_picture and not self._is_static_at(weight):
            asked.setdefault("wght", weight)
        for tag, value in asked.items():
            self._check_axis(tag, value)
        if "opsz" in self.axes and self.cut.optical:
            lo, hi = self.axes["opsz"]
            asked.setdefault("opsz", min(max(self.cut.optical, lo), hi))
        return asked

    def _is_static_at(self, weight: float) -> bool:
        """Returns whether a static font's own weight is the one asked for."""
        return "wght" not in self.axes and self.weight == weight

    def _check_axis(self, tag: str, value: float) -> None:
        knob = "weight" if tag == "wght" and "wght" not in self.cut.axes else "axes"
        if tag not in self.axes:
            has = ", ".join(sorted(self.axes)) or "none: it is a static font"
            raise self._fault(
                knob, "the font lacks this axis", expected=f"axes of {self.name}: {has}", got=repr(tag),
                fix="leave it out, or use a variable font that has it",
            )  # fmt: skip
        lo, hi = self.axes[tag]
        if not lo <= value <= hi:
            raise self._fault(
                knob, f"outside the font's {tag} axis", expected=f"{lo:g} to {hi:g}", got=f"{value:g}"
            )

    def _features(self) -> dict[str, int]:
        asked = {
            tag: 1 if value is None else int(value)
            for tag, value in self._read("features", self.cut.features)
        }
        known = self._known_features if asked else set()
        for tag in asked:
            if tag not in known:
                raise self._fault(
                    "features", "the font lacks this feature", got=repr(tag),
                    expected=f"features of {self.name}: {', '.join(sorted(known)) or 'none'}",
                )  # fmt: skip
        return asked

    def has_feature(self, tag: str) -> bool:
        """Returns whether the font has an OpenType feature, in any script."""
        return tag in self._known_features

    @cached_property
    def _known_features(self) -> set[str]:
        known: set[str] = set()
        for table in ("GSUB", "GPOS"):
            for script in range(len(self.face.get_table_script_tags(table))):
                languages = range(len(self.face.get_script_language_tags(table, script)))
                for language in (0xFFFF, *languages):  # 0xffff: the script's default language
                    known |= set(self.face.get_language_feature_tags(table, script, language))
        return known

    def _read(self, knob: str, text: str) -> list[tuple[str, float | None]]:
        """Returns the settings in a text: `tag=value` or `tag`, joined by commas."""
        parts = [part.strip() for part in text.split(",") if part.strip()]
        found = [(part, _SETTING.fullmatch(part)) for part in parts]
        for part, match in found:
            if match is None:
                raise self._fault(
                    knob, "not an OpenType setting", expected="tag or tag=number", got=repr(part)
                )
        return [(m[1], None if m[2] is None else float(m[2])) for _, m in found if m]

    def _fault(
        self, knob: str, what: str, *, expected: str = "", got: object = None, fix: str = ""
    ) -> JobError:
        return JobError(what, where=f"{self.cut.place}.{knob}", expected=expected, got=got, fix=fix)


def with_fallback(cut: FontSpec) -> list[FontSpec]:
    """Returns a font, then Inter at the nearest weight, for characters that the font lacks."""
    if cut.file is None and cut.family == INTER:
        return [cut]
    face = Typeface(cut)
    # A font of emoji has no weight that letters should have.
    weight = (cut.weight or OWN_WEIGHT) if face.is_for_emoji else face.weight
    return [cut, FontSpec(None, cut.size_px, weight, cut.optical, place=cut.place, nearest=True)]


def is_ignorable(char: str) -> bool:
    """Returns whether a character never has ink (joiners, direction marks, variation selectors)."""
    return bool(icu.Char.hasBinaryProperty(char, icu.UProperty.DEFAULT_IGNORABLE_CODE_POINT))


def describe_character(char: str) -> str:
    """Returns a character as errors show it: U+0627 ARABIC LETTER ALEF."""
    return f"U+{ord(char):04X} {unicodedata.name(char, 'control character or unassigned')}"


def _path(cut: FontSpec) -> Path:
    if cut.file is not None:
        return cut.file.here
    if cut.family not in FAMILIES:
        raise unknown(cut.family, FAMILIES, f"{cut.place}.family", "font family")
    path = FAMILIES[cut.family].path
    if path is None:
        raise JobError(
            "this font family is not installed", where=f"{cut.place}.family", got=cut.family, fix=INSTALL
        )
    return path
