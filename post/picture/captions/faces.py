"""Chooses the typefaces of a caption's runs: upright or italic, in the style's weight or bold, of one size or several.

An italic is the font's own where it has one; else its letters are slanted. A bold is the font's own where its weight
varies; else its strokes are made thicker. What these lack is set in the installed fonts, as a title's is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from post.caching import per_thread, shared
from post.picture.type.face import OWN_WEIGHT, FontSpec, Typeface, with_fallback
from post.picture.type.fonts.fallback import with_installed
from post.picture.type.fonts.families import INTER
from post.values.media import File

HEAVIER = 250.0  # what a bold adds to the weight of the type around it
SLANT = 0.2  # 11.3 degrees, as slanted type usually has
EMBOLDENED = 1 / 36  # of the em, for a font without weights


@dataclass(frozen=True, slots=True, order=True)
class RunType:
    """How a run is set. size: of its letters, a share of the caption's."""

    bold: bool = False
    italic: bool = False
    size: float = 1.0


@dataclass(frozen=True)
class StyledFaces:
    """All faces of a caption, and for each kind of run the numbers of those to try, in order."""

    faces: tuple[Typeface, ...]
    order: dict[RunType, tuple[int, ...]]


def open_faces(cut: FontSpec, wanted: Collection[RunType], text: str, language: str) -> StyledFaces:
    """Returns the faces that runs of those kinds need for a text. Raises JobError as `Typeface` does."""
    faces, order = list[Typeface](), dict[RunType, tuple[int, ...]]()
    for kind in sorted({*wanted, RunType()}):
        sized = replace(cut, size_px=cut.size_px * kind.size)
        made = with_installed(text, language, [_face(each, kind) for each in with_fallback(sized)])
        order[kind] = tuple(range(len(faces), len(faces) + len(made)))
        faces += made
    return StyledFaces(tuple(faces), order)


@per_thread(32)  # captions of one style share them
def _face(cut: FontSpec, kind: RunType) -> Typeface:
    if cut.file is None and cut.family == INTER:
        weight = cut.weight or OWN_WEIGHT
        weight = min(weight + HEAVIER, 900.0) if kind.bold else weight
        return Typeface(replace(cut, file=_inter_italic() if kind.italic else None, weight=weight))
    face = Typeface(replace(cut, nearest=True))  # a style's weight is a wish
    heavier = min(face.weight + HEAVIER, face.axes["wght"][1]) if kind.bold and "wght" in face.axes else 0.0
    if heavier > face.weight:
        face = Typeface(replace(cut, weight=heavier))
    elif kind.bold:
        face.font.synthetic_bold = (EMBOLDENED, EMBOLDENED / 2, False)
    if kind.italic:
        face.font.synthetic_slant = SLANT
    return face


@shared(1)
def _inter_italic() -> File:
    import fontpkg_inter

    path = Path(fontpkg_inter.ROOT) / "files" / "Inter-Italic[opsz,wght].ttf"
    return File(hashlib.sha256(path.read_bytes()).hexdigest(), "Inter Italic", path)
