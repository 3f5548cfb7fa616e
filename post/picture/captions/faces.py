"""Chooses the typefaces of a caption's runs: upright or italic, in the style's weight or bold.

An italic is the font's own where it has one; else its letters are slanted. A bold is the font's own where its weight
varies; else its strokes are made thicker.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from post.caching import shared
from post.picture.type.face import OWN_WEIGHT, FontSpec, Typeface, with_fallback
from post.picture.type.fonts.families import INTER
from post.values.media import File

HEAVIER = 250.0  # what a bold adds to the weight of the type around it
SLANT = 0.2  # 11.3 degrees, as slanted type usually has
EMBOLDENED = 1 / 36  # of the em, for a font without weights
Emphasis = tuple[bool, bool]  # bold, italic


@dataclass(frozen=True)
class StyledFaces:
    """All faces of a caption, and for each emphasis the numbers of those to try, in order."""

    faces: tuple[Typeface, ...]
    order: dict[Emphasis, tuple[int, ...]]


def open_faces(cut: FontSpec, wanted: set[Emphasis]) -> StyledFaces:
    """Returns the faces that runs of those kinds need. Raises JobError as `Typeface` does."""
    faces, order = list[Typeface](), dict[Emphasis, tuple[int, ...]]()
    for emphasis in sorted(wanted | {(False, False)}):
        made = [_face(each, *emphasis) for each in with_fallback(cut)]
        order[emphasis] = tuple(range(len(faces), len(faces) + len(made)))
        faces += made
    return StyledFaces(tuple(faces), order)


def _face(cut: FontSpec, bold: bool, italic: bool) -> Typeface:
    if cut.file is None and cut.family == INTER:
        weight = cut.weight or OWN_WEIGHT
        weight = min(weight + HEAVIER, 900.0) if bold else weight
        return Typeface(replace(cut, file=_inter_italic() if italic else None, weight=weight))
    face = Typeface(cut)
    heavier = min(face.weight + HEAVIER, face.axes["wght"][1]) if bold and "wght" in face.axes else 0.0
    if heavier > face.weight:
        face = Typeface(replace(cut, weight=heavier))
    elif bold:
        face.font.synthetic_bold = (EMBOLDENED, EMBOLDENED / 2, False)
    if italic:
        face.font.synthetic_slant = SLANT
    return face


@shared(1)
def _inter_italic() -> File:
    import fontpkg_inter

    path = Path(fontpkg_inter.ROOT) / "files" / "Inter-Italic[opsz,wght].ttf"
    return File(hashlib.sha256(path.read_bytes()).hexdigest(), "Inter Italic", path)
