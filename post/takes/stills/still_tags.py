"""Reads what a still says of itself in words: texts of a PNG, and EXIF's fields that generators write to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from post.takes.stills.pixels import still_errors
from post.takes.stills.still_file import open_still
from post.takes.tags import select_tags

if TYPE_CHECKING:
    from PIL.Image import Image

# EXIF 2.3, 4.6.4 and 4.6.5. ComfyUI writes its graphs to Make and Model of a WebP, as `prompt:{...}`.
FIELDS = {0x010E: "description", 0x010F: "make", 0x0110: "model", 0x0131: "software", 0x9286: "comment"}
EXIF_PART = 0x8769
GRAPHS = ("prompt", "workflow")
CHARSET_BYTES = 8  # in front of a comment


def read_still_tags(path: Path) -> tuple[tuple[str, str], ...]:
    """Returns a still's own words, bounded as a clip's tags are. Raises SourceError where it cannot be opened."""
    with still_errors(path.name, str(path)), open_still(path) as image:
        return select_tags(_texts(image), dict(map(_named, _fields(image).items())))


def _texts(image: Image) -> dict[str, str]:
    """Returns the texts of a PNG; those after its picture are left out."""
    if image.format != "PNG":
        return {}
    texts = ((key, value) for key, value in image.info.items() if isinstance(value, str))
    return {key: value for key, value in texts if isinstance(key, str)}


def _fields(image: Image) -> dict[str, str]:
    exif = image.getexif()
    held = {**exif, **exif.get_ifd(EXIF_PART)}
    return {name: text for code, name in FIELDS.items() if (text := _text(held.get(code)))}


def _named(field: tuple[str, str]) -> tuple[str, str]:
    """Returns a field under the name of the graph that it holds, if it holds one."""
    head, _, rest = field[1].partition(":")
    return (head, rest) if head in GRAPHS and rest.lstrip()[:1] == "{" else field


def _text(value: object) -> str:
    if isinstance(value, bytes):
        order = "utf-16" if value.startswith(b"UNICODE\0") else "utf-8"
        return value[CHARSET_BYTES:].decode(order, "replace").strip("\0 ")
    return value.strip("\0 ") if isinstance(value, str) else ""
