"""Opens a font at one size: checks its axes and features, and knows which characters it has."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import icu
import uharfbuzz as hb

from post.errors import JobError
from post.picture.type.font_file import font_fault
from post.values.media import File
from post.watchdog import watched

FONT = "a whole TrueType or OpenType file"
UNITS = 64  # positions a pixel: HarfBuzz positions are whole numbers, so text is placed to 1/64 px
INTER_WEIGHT = 600.0
MOST_SETTING = 400  # letters of axes or features: forty of either
_SETTING = re.compile(r"([A-Za-z0-9]{4})\s*(?:=\s*([+-]?\d+(?:\.\d+)?))?\Z")


@dataclass(frozen=True, slots=True)
class FontSpec:
    """A font, as it is asked for. file: None is Inter, which comes with the product; size_px: em;
    weight: 1..1000, or 0 for the font's own (Inter: 600); optical: the em at 1080 lines, which chooses
    the optical size; axes, features: "wdth=75, GRAD=-20", "tnum, ss01=2"; place: what errors name."""

    file: File | None
    size_px: float
    weight: float = 0.0
    optical: float = 0.0
    axes: str = ""
    features: str = ""
    place: str = "text"


class Typeface:
    """One font file, at one size and one place in its design space, ready to shape and draw."""

    def __init__(self, cut: FontSpec) -> None:
        """Raises JobError where the file is no font, or lacks an axis or a feature that is asked for."""
        self.cut, path = cut, _path(cut)
        self.name = cut.file.name or path.name if cut.file else "Inter"
        try:
            if cut.file is not None and (fault := font_fault(path)):
                raise self._fault(
                    "font",
                    "not a font",
                    expected=FONT,
                    got=f"{self.name}, {fault}",
                    fix="export it as .ttf or .otf",
                )
            self.face = hb.Face(hb.Blob.from_file_path(str(path)))
        except (OSError, hb.HarfBuzzError) as fault:
            raise self._fault("font", "the font cannot be read", got=path.name) from fault
        if self.face.glyph_count == 0:
            raise self._fault("font", "not a font", expected=FONT, got=self.name)
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
        """Returns whether every character of a grapheme has a glyph, composed or decomposed."""
        forms = {unicodedata.normalize(form, cluster) for form in ("NFC", "NFD")} | {cluster}
        return any(all(self._has(c) for c in form) for form in forms)

    def has_in_colour_only(self, char: str) -> bool:
        """Returns whether the font shows a character by a colour picture and has no outline of it."""
        return not self._has(char) and self.font.get_nominal_glyph(ord(char)) is not None

    def _has(self, char: str) -> bool:
        if is_ignorable(char):
            return True
        # HarfBuzz makes every other space from the common one, and U+2011 from the hyphen.
        stand_in = " " if unicodedata.category(char) == "Zs" else "‐" if char == "‑" else char
        glyphs = (self.font.get_nominal_glyph(ord(c)) for c in (char, stand_in))
        return any(glyph is not None and (char.isspace() or self._has_outline(glyph)) for glyph in glyphs)

    def _has_outline(self, glyph: int) -> bool:
        """Returns whether a glyph has an outline. A colour emoji has none: nothing would be drawn."""
        face = self.face
        if not (face.has_color_png or face.has_color_svg or face.has_color_paint or face.has_color_layers):
            return True
        probe = hb.RasterDraw()
        with watched(self.name):
            probe.draw_glyph(self.font, glyph)
            return bool(probe.render().extents.width)

    @cached_property
    def axes(self) -> dict[str, tuple[float, float]]:
        return {axis.tag: (axis.min_value, axis.max_value) for axis in self.face.axis_infos}

    def _variations(self) -> dict[str, float]:
        asked = {tag: 1.0 if value is None else value for tag, value in self._read("axes", self.cut.axes)}
        weight = self.cut.weight or (INTER_WEIGHT if self.cut.file is None else 0.0)
        if weight and not self._is_static_at(weight):
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
        known = self._known_features() if asked else set()
        for tag in asked:
            if tag not in known:
                raise self._fault(
                    "features", "the font lacks this feature", got=repr(tag),
                    expected=f"features of {self.name}: {', '.join(sorted(known)) or 'none'}",
                )  # fmt: skip
        return asked

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
    if cut.file is None:
        return [cut]
    lightest, heaviest = Typeface(FontSpec(None, cut.size_px)).axes["wght"]
    weight = min(max(Typeface(cut).weight, lightest), heaviest)
    return [cut, FontSpec(None, cut.size_px, weight, cut.optical, place=cut.place)]


def is_ignorable(char: str) -> bool:
    """Returns whether a character never has ink (joiners, direction marks, variation selectors)."""
    return bool(icu.Char.hasBinaryProperty(char, icu.UProperty.DEFAULT_IGNORABLE_CODE_POINT))


def describe_character(char: str) -> str:
    """Returns a character as errors show it: U+0627 ARABIC LETTER ALEF."""
    return f"U+{ord(char):04X} {unicodedata.name(char, 'control character or unassigned')}"


def _path(cut: FontSpec) -> Path:
    if cut.file is not None:
        return cut.file.here
    import fontpkg_inter

    return Path(fontpkg_inter.ROOT) / "files" / "Inter[opsz,wght].ttf"
