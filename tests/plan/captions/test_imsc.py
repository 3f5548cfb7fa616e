"""IMSC documents, burnt in over the grey of their reference pictures.

Fonts differ, so pictures are compared in 40 x 24 fields: where there is something, and how much lighter or darker than
grey it is. The suite's renderer has a monospaced font, and breaks lines where ours, which is narrower, need not.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from post.captions.read import read_captions
from post.errors import JobError, Problems
from post.job.model import CaptionFile
from post.picture.captions.caption import CaptionLayer
from post.plan.captions.place import BurntCaptions, burn_captions
from post.plan.captions.timing import FilmCaptions
from post.values import Clock, Format
from post.values.array import Array
from tests.captions.suites import suite

GREY, SEEN = 169, 24
MILLISECONDS = Clock(Fraction(1000))
LENGTH = 1_000_000_000
# As the suite's renderer draws: no margins, no plate, the file's own sizes; the usual size is a cell of 15 lines.
STYLE = CaptionLayer(
    margin=0, tall_top=0, tall_bottom=0, tall_sides=0, plate=False, plate_padding=0, file_sizes=True, weight=400,
    size=100 / 15, lines=20, narrow_lines=20,
)  # fmt: skip
# Documents that show something where their picture shows nothing, or nothing where it shows something, and why.
OTHERWISE: dict[str, str] = {}
# The least share of pictures with something in them that are alike by so much.
ALIKE = {0.5: 0.78, 0.7: 0.58, 0.9: 0.4}


@dataclass(frozen=True)
class Compared:
    """A reference picture, and ours. alike: the correlation of their fields, 1 where both are plain grey."""

    name: str
    at: str
    theirs: bool
    ours: bool
    alike: float


def burnt(path: Path, size: tuple[int, int]) -> tuple[Format, BurntCaptions]:
    track = read_captions(path)
    file = CaptionFile(path, track, STYLE, "job.yaml:1", track.language or "ja", burn=True)
    film = Format(size[0] - size[0] % 2, size[1] - size[1] % 2, MILLISECONDS, LENGTH)
    return film, burn_captions([FilmCaptions(file, track)], "film", film, ())


def drawn(film: Format, captions: BurntCaptions, at: Fraction) -> Array:
    """A frame of the film, (height, width, 3) float, 0..1: grey, and the captions seen at a time."""
    sheet = np.full((film.height, film.width, 3), GREY / 255, np.float32)
    for layer in captions.layers:
        if MILLISECONDS.frames(at) not in layer.placement.span:
            continue
        assert isinstance(layer.timed.layer, CaptionLayer)
        made = layer.timed.layer.draw(film)
        top, left = max(0, made.top), max(0, made.left)
        height, width = made.rgba.shape[:2]
        bottom, right = min(film.height, made.top + height), min(film.width, made.left + width)
        if top < bottom and left < right:
            part = made.rgba[top - made.top : bottom - made.top, left - made.left : right - made.left]
            view = sheet[top:bottom, left:right]
            view *= 1 - part[..., 3:]
            view += part[..., :3] * part[..., 3:]
    return sheet


def over_grey(path: Path) -> Array:
    """A reference picture, whose ground is grey or clear."""
    picture = Image.open(path).convert("RGBA")
    return np.asarray(Image.alpha_composite(Image.new("RGBA", picture.size, (GREY, GREY, GREY)), picture))[
        ..., :3
    ]


def fields(codes: Array) -> Array:
    small = Image.fromarray(codes).resize((40, 24), Image.Resampling.BOX)
    return np.asarray(small, np.float64) - GREY


def compared(name: str, at: str, ours: Array, theirs: Array) -> Compared:
    seen = [bool((np.abs(each.astype(int) - GREY) > SEEN).any()) for each in (theirs, ours)]
    a, b = fields(theirs), fields(ours)
    norm = float(np.sqrt((a * a).sum() * (b * b).sum()))
    alike = float((a * b).sum() / norm) if norm else float(not any(seen))
    return Compared(name, at, seen[0], seen[1], alike)


def pictures(root: Path) -> tuple[list[Compared], list[str]]:
    """Every reference picture beside ours, and what is refused."""
    found, refused = list[Compared](), list[str]()
    for folder in sorted({path.parent for path in root.rglob("*.png")}):
        profile = folder.relative_to(root).parts[0]
        documents = list((root / profile / "ttml").rglob(f"{folder.name}.ttml"))
        if folder.parent.name != "png" or not documents:
            continue
        shots = sorted(folder.glob("*.png"), key=lambda path: float(path.stem))
        sheets = [over_grey(path) for path in shots]
        try:
            film, captions = burnt(documents[0], (sheets[0].shape[1], sheets[0].shape[0]))
        except (JobError, Problems) as fault:
            refused.append(f"{folder.name}: {fault}")
            continue
        for path, theirs in zip(shots, sheets, strict=True):
            ours = (drawn(film, captions, Fraction(path.stem)) * 255 + 0.5).astype(np.uint8)
            found.append(compared(folder.name, path.stem, ours, theirs[: film.height, : film.width]))
    return found, refused


@pytest.mark.slow
def test_documents_are_drawn_where_and_when_their_pictures_have_them() -> None:
    found, refused = pictures(suite("imsc"))
    shown = [each for each in found if each.ours or each.theirs]
    otherwise = {each.name for each in found if each.ours != each.theirs}
    alike = np.array([each.alike for each in shown])
    shares = {least: float((alike >= least).mean()) for least in ALIKE}
    print(
        f"{len(found)} pictures, {len(shown)} with something in them; alike {np.median(alike):.3f} in the middle",
        shares,
    )
    print("refused:", *refused, sep="\n  ")
    print("otherwise:", sorted(otherwise))
    for each in sorted(shown, key=lambda one: one.alike)[:20]:
        print(f"  {each.alike:.2f} {each.name} at {each.at}")
    assert otherwise == set(OTHERWISE)
    assert all(shares[least] >= share for least, share in ALIKE.items())
