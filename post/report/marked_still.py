"""Shows a frame of a film with a box round what was found in it: whole, or cut to what is round the box."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

from post.report.contact_sheet import pack_still
from post.takes.probe import probe
from post.takes.still import read_stills
from post.values.claim import Box
from provenance.verify.reviewer.page import Poster

_AREA = 960 * 540  # pixels: letters of 3 % of the shorter side are 16 pixels high
_FULL = 1920 * 1080  # pixels: of the frame that a part is cut from
MARGIN = 0.12  # of the frame's shorter side: what is shown round a box
BOX, EDGE = "#ff2d95", "#ffffff"


@dataclass(frozen=True, slots=True)
class MarkedPart:
    """A part of a frame as a picture. png: its file; still: the same, packed for a page; frame: its number; at: its
    second; box: of the part, in pixels of the upright frame."""

    png: bytes
    still: Poster
    frame: int
    at: Fraction
    box: Box


def marked_still(path: Path, frame: int, box: Box) -> Poster:
    """Returns a whole frame with a box in it. The file may be anything: call it in a worker.

    Raises SourceError where the frame cannot be read.
    """
    picture = probe(path, path.name).picture
    [(_, image)] = read_stills(path, picture, [frame], _AREA)
    draw_box(image, box, float(picture.shown[0]), float(picture.shown[1]))
    still = pack_still(image)
    return Poster(still.uri, still.width, still.height, float(picture.grid.seconds(frame)))


def marked_part(path: Path, frame: int | None, at: Fraction, box: Box | None) -> MarkedPart:
    """Returns what is round a box in a frame, the box drawn in; the whole frame without one.

    frame: its number, None for that which is shown at `at` seconds. The file may be anything: call it in a worker.
    Raises SourceError where the frame cannot be read.
    """
    picture = probe(path, path.name).picture
    asked = picture.grid.frames(at) if frame is None else frame
    number = max(0, min(asked, picture.length - 1))
    width, height = float(picture.shown[0]), float(picture.shown[1])
    [(_, image)] = read_stills(path, picture, [number], _FULL if box else _AREA)
    cut = (0, 0, round(width), round(height))
    if box:
        draw_box(image, box, width, height)
        cut = _around(box, width, height)
        across, down = image.width / width, image.height / height
        image = image.crop(
            (round(cut[0] * across), round(cut[1] * down), round(cut[2] * across), round(cut[3] * down))
        )
    file = BytesIO()
    image.save(file, "PNG", optimize=True)
    still = pack_still(image, min(_AREA, image.width * image.height))
    at = picture.grid.seconds(number)
    return MarkedPart(
        file.getvalue(), Poster(still.uri, still.width, still.height, float(at)), number, at, cut
    )


def draw_box(image: Image.Image, box: Box, width: float, height: float) -> None:
    """Draws a box into an image of the frame. width, height: of the frame that the box is in."""
    across, down = image.width / width, image.height / height
    left, top, right, bottom = box
    inner = [left * across - 4, top * down - 4, right * across + 4, bottom * down + 4]
    brush = ImageDraw.Draw(image)
    brush.rectangle([inner[0] - 2, inner[1] - 2, inner[2] + 2, inner[3] + 2], outline=EDGE, width=1)
    brush.rectangle(inner, outline=BOX, width=2)


def _around(box: Box, width: float, height: float) -> Box:
    """Returns a box with its margin, within the frame, in pixels of the frame."""
    margin = MARGIN * min(width, height)
    left, top, right, bottom = box
    return (
        max(0, round(left - margin)), max(0, round(top - margin)),
        max(1, min(round(width), round(right + margin))), max(1, min(round(height), round(bottom + margin))),
    )  # fmt: skip
