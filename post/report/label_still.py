"""Shows a frame of a film with a box round the label that was found in it."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

from post.report.contact_sheet import pack_still
from post.takes.probe import probe
from post.takes.still import read_stills
from post.values.sights.label import SeenLabel
from provenance.verify.reviewer.page import Poster

_AREA = 960 * 540  # pixels: letters of 3 % of the shorter side are 16 pixels high
BOX, EDGE = "#ff2d95", "#ffffff"


def still_of_label(path: Path, seen: SeenLabel) -> Poster:
    """Returns a frame that shows a label, with a box round it. The file may be anything: call it in a worker.

    Raises SourceError where the frame cannot be read.
    """
    picture = probe(path, path.name).picture
    [(_, image)] = read_stills(path, picture, [seen.frame], _AREA)
    draw_box(image, seen, float(picture.shown[0]), float(picture.shown[1]))
    still = pack_still(image)
    return Poster(still.uri, still.width, still.height, float(picture.grid.seconds(seen.frame)))


def draw_box(image: Image.Image, seen: SeenLabel, width: float, height: float) -> None:
    """Draws the box of a label into an image of the frame. width, height: of the frame that the box is in."""
    across, down = image.width / width, image.height / height
    left, top, right, bottom = seen.box
    box = [left * across - 4, top * down - 4, right * across + 4, bottom * down + 4]
    brush = ImageDraw.Draw(image)
    brush.rectangle([box[0] - 2, box[1] - 2, box[2] + 2, box[3] + 2], outline=EDGE, width=1)
    brush.rectangle(box, outline=BOX, width=2)
