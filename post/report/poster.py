"""Takes one frame of any file for the page about its credentials: a reviewer sees what is judged."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from post.errors import SourceError
from post.measure.stills import read_still
from post.report.contact_sheet import pack_still
from post.takes.probe import probe
from post.takes.still import read_stills
from post.values import Picture
from provenance.verify.reviewer.page import Poster

_AREA = 480 * 270 * 4  # pixels: twice the width that the page shows, for dense screens


def poster_of(path: Path, at_s: float, kind: str) -> Poster:
    """Returns a picture of a file. at_s: seconds of a film, the last frame where it ends before; kind: its media type.

    The file may be anything: it is called in a worker. Raises SourceError where it shows no picture.
    """
    if kind.startswith("image/"):
        image = Image.fromarray((read_still(path) * 255 + 0.5).astype("uint8"))
        still = pack_still(image, min(_AREA, image.width * image.height))
        return Poster(still.uri, still.width, still.height, None)
    picture = probe(path, path.name).picture
    number = max(0, min(picture.length - 1, round(at_s * picture.grid.rate)))
    try:
        image = _frame(path, picture, number)
    except SourceError:  # a file that was tampered with may be damaged there
        number = 0
        image = _frame(path, picture, number)
    still = pack_still(image)
    return Poster(still.uri, still.width, still.height, float(picture.grid.seconds(number)))


def _frame(path: Path, picture: Picture, number: int) -> Image.Image:
    [(_, image)] = read_stills(path, picture, [number], _AREA)
    return image
