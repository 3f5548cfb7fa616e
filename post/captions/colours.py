"""Reads and writes colours as caption files name them: CSS names, hex digits, rgb() and rgba()."""

from __future__ import annotations

import re

from PIL import ImageColor

# The colours that EIA-608, teletext and WebVTT's own classes have (W3C WebVTT 5.1).
CLASSES = {
    "white": "#ffffff", "lime": "#00ff00", "cyan": "#00ffff", "red": "#ff0000", "yellow": "#ffff00",
    "magenta": "#ff00ff", "blue": "#0000ff", "black": "#000000",
}  # fmt: skip
_HEX = re.compile(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
_FUNCTION = re.compile(r"rgba?\(\s*([^()]{1,60}?)\s*\)")
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,9})?|\.\d{1,9}", re.ASCII)


def read_colour(text: str) -> str:
    """Returns #rrggbb, or #rrggbbaa where it is not opaque; "" where the text is no colour known here."""
    word = text.strip().lower()
    if word == "transparent":
        return "#00000000"
    if found := _HEX.fullmatch(word):
        digits = found[1] if len(found[1]) > 4 else "".join(2 * digit for digit in found[1])
        return "#" + (digits.removesuffix("ff") if len(digits) == 8 else digits)
    if found := _FUNCTION.fullmatch(word):
        return _function(re.split(r"[\s,/]+", found[1]))
    return hex_colour(*ImageColor.getrgb(word)[:3]) if word in ImageColor.colormap else ""


def hex_colour(red: int, green: int, blue: int, opacity: int = 255) -> str:
    """Returns the colour of four numbers, 0 to 255."""
    return f"#{red:02x}{green:02x}{blue:02x}" + (f"{opacity:02x}" if opacity != 255 else "")


def rgba(colour: str) -> tuple[int, int, int, int]:
    """Returns the four numbers of #rrggbb or #rrggbbaa."""
    digits = (colour.removeprefix("#") + "ff")[:8]
    red, green, blue, opacity = (int(digits[i : i + 2], 16) for i in (0, 2, 4, 6))
    return red, green, blue, opacity


def _function(parts: list[str]) -> str:
    if len(parts) not in (3, 4):
        return ""
    numbers = [_channel(part, 1 if i == 3 else 255) for i, part in enumerate(parts)]
    if any(number is None for number in numbers):
        return ""
    red, green, blue, *opacity = (number or 0 for number in numbers)
    return hex_colour(red, green, blue, *opacity)


def _channel(text: str, whole: int) -> int | None:
    """Returns 0 to 255 for a number of which `whole` is the most, or a share of 100."""
    share = text.endswith("%")
    if not _NUMBER.fullmatch(text.removesuffix("%")):
        return None
    return min(255, int(float(text.removesuffix("%")) * 255 / (100 if share else whole) + 0.5))
