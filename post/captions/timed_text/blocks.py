"""Makes a caption of a paragraph whose styles ttconv has computed: lengths are shares of the root container there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from ttconv import model
from ttconv import style_properties as styles
from ttconv.style_properties import StyleProperties as Style

from post.captions.colours import hex_colour, rgba
from post.captions.model import Against, Align, Caption, CaptionBox, CaptionRun, Writing
from post.captions.runs import joined

SIDES: dict[Any, Against] = {
    styles.DisplayAlignType.before: "top",
    styles.DisplayAlignType.center: "middle",
    styles.DisplayAlignType.after: "bottom",
}
WRITING: dict[Any, Writing] = {
    styles.WritingModeType.tbrl: "vertical-rl",
    styles.WritingModeType.tblr: "vertical-lr",
}
# What none of the model holds, with the value that asks for nothing.
NOT_HELD = (
    (Style.FontVariant, styles.FontVariantType.normal, "fontVariant"),
    (Style.Shear, 0, "shear"),
    (Style.RubyReserve, styles.SpecialValues.none, "rubyReserve"),
    (Style.TextCombine, styles.TextCombineType.none, "textCombine"),
    (Style.TextEmphasis, styles.SpecialValues.none, "textEmphasis"),
    (Style.TextOutline, styles.SpecialValues.none, "textOutline"),
    (Style.TextShadow, styles.SpecialValues.none, "textShadow"),
    (Style.WrapOption, styles.WrapOptionType.wrap, "wrapOption: noWrap"),
    (Style.FillLineGap, False, "fillLineGap"),
    (Style.MultiRowAlign, styles.MultiRowAlignType.auto, "multiRowAlign"),
    (Style.LuminanceGain, 1, "luminanceGain"),
)
EMBEDS = {("embed", "ltr"): "\u202a", ("embed", "rtl"): "\u202b", ("bidiOverride", "ltr"): "\u202d",
          ("bidiOverride", "rtl"): "\u202e"}  # fmt: skip
POP = "\u202c"
NEAR = Fraction(1, 10_000)
DEFAULT_FAMILY = (styles.GenericFontFamilyType.default,)


@dataclass(slots=True)
class Said:
    """What a file says beyond text. lost: styles that captions do not hold.

    usual: the size of letters that TTML gives to text of which nothing is said, a share of the frame's height. Text of
    this size, white, or of the default font is left to the player.
    typeset: whether the file says fonts, sizes and distances of lines; SCC and STL do not, and ttconv makes them up.
    """

    usual: Fraction = Fraction(1, 15)
    typeset: bool = True
    lost: set[str] = field(default_factory=set)


def share(length: Any) -> Fraction:
    """Returns a computed length as a share of the frame's width or height."""
    return Fraction(length.value).limit_denominator(1_000_000) / 100


def caption_of(region: Any, path: Sequence[Any], where: str, said: Said) -> Caption:
    """Returns the caption of a paragraph, with times 0. path: its body, divisions and itself, as computed."""
    paragraph = path[-1]
    writing = region.get_style(Style.WritingMode)
    direction = paragraph.get_style(Style.Direction)
    seen = _opacity(region, *path)
    _note(paragraph, said)
    line = paragraph.get_style(Style.LineHeight)
    align = paragraph.get_style(Style.TextAlign)
    runs = joined(_trimmed(list(_runs(paragraph, CaptionRun(""), seen, said))))
    return Caption(
        Fraction(0),
        Fraction(0),
        runs,
        where,
        _align(align),
        WRITING.get(writing, "horizontal"),
        _box(region),
        background=_background((*path,), _opacity(region)),
        line=share(line) if isinstance(line, styles.LengthType) and said.typeset else Fraction(0),
        direction="rtl" if direction is styles.DirectionType.rtl else "",
    )


def plate_of(region: Any, where: str) -> Caption | None:
    """Returns the background of a region that shows nothing else, as a caption without runs; None where it has none."""
    box = _box(region)
    if not box.background or region.get_style(Style.ShowBackground) is styles.ShowBackgroundType.whenActive:
        return None
    return Caption(Fraction(0), Fraction(0), (), where, box=box)


def _align(value: Any) -> Align:
    names: dict[Any, Align] = {
        styles.TextAlignType.start: "start",
        styles.TextAlignType.center: "center",
        styles.TextAlignType.end: "end",
    }
    return names.get(value, "start")


def _box(region: Any) -> CaptionBox:
    origin, extent = region.get_style(Style.Origin), region.get_style(Style.Extent)
    padding = region.get_style(Style.Padding)
    sides = [share(getattr(padding, side)) for side in ("start", "before", "end", "after")]
    vertical = region.get_style(Style.WritingMode)
    if vertical is styles.WritingModeType.tbrl:  # lines run down, and the first is at the right
        sides = [sides[3], sides[0], sides[1], sides[2]]
    elif vertical is styles.WritingModeType.tblr:
        sides = [sides[1], sides[0], sides[3], sides[2]]
    elif vertical is styles.WritingModeType.rltb:
        sides = [sides[2], sides[1], sides[0], sides[3]]
    return CaptionBox(
        share(origin.x),
        share(origin.y),
        share(extent.width),
        share(extent.height),
        SIDES.get(region.get_style(Style.DisplayAlign), "top"),
        (sides[0], sides[1], sides[2], sides[3]),
        _shown_colour(region.get_style(Style.BackgroundColor), _opacity(region)),
    )


def _opacity(*elements: Any) -> float:
    seen = 1.0
    for element in elements:
        seen *= _number(element.get_style(Style.Opacity))
    return seen


def _number(value: Any) -> float:
    return min(1.0, max(0.0, float(value))) if value is not None else 1.0


def _shown_colour(colour: Any, seen: float) -> str:
    """Returns a colour with its opacity; "" where nothing of it is seen."""
    if colour is None:
        return ""
    red, green, blue, alpha = colour.components
    alpha = int(alpha * seen + 0.5)
    return hex_colour(red, green, blue, alpha) if alpha else ""


def _background(path: Sequence[Any], seen: float) -> str:
    """Returns the backgrounds of blocks that lie in one another, laid over each other."""
    below = (0.0, 0.0, 0.0, 0.0)
    for element in path:
        seen *= _number(element.get_style(Style.Opacity))
        if element.get_style(Style.Visibility) is styles.VisibilityType.hidden:
            continue
        colour = _shown_colour(element.get_style(Style.BackgroundColor), seen)
        if colour:
            below = _over(rgba(colour), below)
    red, green, blue, alpha = (int(channel + 0.5) for channel in below)
    return hex_colour(red, green, blue, alpha) if alpha else ""


def _over(top: tuple[int, int, int, int], below: tuple[float, ...]) -> tuple[float, float, float, float]:
    """Returns one straight colour over another; channels and opacity 0 to 255."""
    a, b = top[3] / 255, below[3] / 255
    whole = a + b * (1 - a)
    red, green, blue = ((t * a + u * b * (1 - a)) / whole for t, u in zip(top[:3], below[:3], strict=True))
    return red, green, blue, whole * 255


def _note(element: Any, said: Said) -> None:
    """Notes styles of an element that captions do not hold."""
    for prop, plain, name in NOT_HELD:
        value = element.get_style(prop)
        if value is not None and value != plain:
            said.lost.add(f"tts:{name}" if not name.startswith(("fill", "multi")) else name)
    padding = element.get_style(Style.LinePadding)
    if padding is not None and padding.value and said.typeset:
        said.lost.add("linePadding")


def _runs(element: Any, outer: CaptionRun, seen: float, said: Said) -> Iterator[CaptionRun]:
    """Each text below an element with the style it is shown in."""
    for child in element:
        if isinstance(child, model.Br):
            yield replace(outer, text="\n")
        elif isinstance(child, model.Text):
            yield replace(outer, text=child.get_text())
        elif isinstance(child, model.Ruby):
            yield from _ruby(child, outer, seen, said)
        elif isinstance(child, model.Span | model.Rb | model.Rbc):
            inner = seen * _number(child.get_style(Style.Opacity))
            yield from _bidi(child, list(_runs(child, _styled(child, outer, inner, said), inner, said)))


def _bidi(span: Any, runs: list[CaptionRun]) -> list[CaptionRun]:
    """Returns a span's runs within the controls of Unicode that say what its unicodeBidi says."""
    kind, direction = span.get_style(Style.UnicodeBidi), span.get_style(Style.Direction)
    mark = EMBEDS.get((getattr(kind, "value", ""), getattr(direction, "value", "")))
    if mark is None or not runs:
        return runs
    runs[0] = replace(runs[0], text=mark + runs[0].text)
    runs[-1] = replace(runs[-1], text=runs[-1].text + POP)
    return runs


def _styled(span: Any, outer: CaptionRun, seen: float, said: Said) -> CaptionRun:
    _note(span, said)
    hidden = span.get_style(Style.Visibility) is styles.VisibilityType.hidden
    decoration = span.get_style(Style.TextDecoration)
    if decoration is not None and (decoration.line_through or decoration.overline):
        said.lost.add("tts:textDecoration: lineThrough and overline")
    colour = _shown_colour(span.get_style(Style.Color), 0 if hidden else seen) or "#00000000"
    return replace(
        outer,
        bold=span.get_style(Style.FontWeight) is styles.FontWeightType.bold,
        italic=span.get_style(Style.FontStyle) in (styles.FontStyleType.italic, styles.FontStyleType.oblique),
        underline=bool(decoration is not None and decoration.underline),
        colour="" if colour == "#ffffff" else colour,
        background=_shown_colour(span.get_style(Style.BackgroundColor), 0 if hidden else seen)
        or outer.background,
        size=_size(span, said),
        family=_family(span, said),
        language=span.get_lang() if span.get_lang() != span.get_doc().get_lang() else "",
    )


def _size(span: Any, said: Said) -> Fraction:
    size = span.get_style(Style.FontSize)
    if size is None or not said.typeset or abs(share(size) - said.usual) < NEAR:
        return Fraction(0)
    return share(size)


def _family(span: Any, said: Said) -> tuple[str, ...]:
    family = span.get_style(Style.FontFamily)
    if family is None or not said.typeset or family == DEFAULT_FAMILY:
        return ()
    return tuple(str(getattr(each, "value", each)) for each in family)


def _ruby(ruby: Any, outer: CaptionRun, seen: float, said: Said) -> Iterator[CaptionRun]:
    """Each base of a ruby with the text set beside it; the first base has the first text, and so on."""
    bases = [each for each in _within(ruby) if isinstance(each, model.Rb)]
    texts = [each for each in _within(ruby) if isinstance(each, model.Rt)]
    if len(texts) > len(bases):
        said.lost.add("a second ruby text of one base")
    for i, base in enumerate(bases):
        runs = list(_runs(base, _styled(base, outer, seen, said), seen, said))
        if not runs:
            continue
        beside = "".join(run.text for run in _runs(texts[i], outer, seen, said)) if i < len(texts) else ""
        yield replace(runs[0], text="".join(run.text for run in runs), ruby=beside)


def _within(element: Any) -> Iterator[Any]:
    for child in element:
        yield child
        if isinstance(child, model.Rbc | model.Rtc):
            yield from child


def _trimmed(runs: list[CaptionRun]) -> list[CaptionRun]:
    """Returns the runs; none where they break lines and say nothing."""
    return runs if any(run.text.strip("\n") for run in runs) else []
