"""Cuts trailers from shots, with all that trailers have, and says where their edits are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw

from post.takes.made.synthetic import ClipRecipe, make_clip
from post.takes.picture import PictureReader
from post.takes.probe import probe
from post.values.array import Array

SIZE = (640, 360)
RATE = Fraction(24)


@dataclass(frozen=True)
class Edit:
    """Where a shot starts; it counts as found within `within` frames: 1 at a cut, half the length of a fade."""

    at: int
    within: int = 1


@dataclass
class Trailer:
    """Frames, (height, width, 3) uint8, and where the shots after the first start. pictures: frames that show
    nothing but a shot in full."""

    frames: list[Array] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    pictures: set[int] = field(default_factory=set)

    def cut_to(self, shot: Sequence[Array]) -> None:
        """Appends a shot at a cut."""
        self._starts(Edit(len(self.frames)))
        self._append(shot, picture=True)

    def dissolve_to(self, shot: Sequence[Array], length: int) -> None:
        """Lays the first frames of a shot over the last frames before it."""
        first = len(self.frames) - length
        self._starts(Edit(first + length // 2, length // 2 + 1))
        for i in range(length):
            share = (i + 1) / (length + 1)
            mixed = self.frames[first + i] * (1 - share) + shot[i] * share
            self.frames[first + i] = np.rint(mixed).astype(np.uint8)
            self.pictures.discard(first + i)
        self._append(shot[length:], picture=True)

    def fade_to(self, shot: Sequence[Array], length: int, ground: int = 0, held: int = 3) -> None:
        """Fades to a plain tone, holds it, and fades the next shot in."""
        first = max(len(self.frames) - length, 0)
        for i in range(first, len(self.frames)):
            self._faded(i, self.frames[i], (len(self.frames) - i) / (length + 1), ground)
        self._append([np.full_like(shot[0], ground)] * held)
        self._starts(Edit(len(self.frames), length + 1))
        for i in range(length):
            self.frames.append(shot[i])
            self._faded(len(self.frames) - 1, shot[i], (i + 1) / (length + 1), ground)
        self._append(shot[length:], picture=True)

    def end(self, length: int, ground: int = 0) -> None:
        """Fades out."""
        for i in range(len(self.frames) - length, len(self.frames)):
            self._faded(i, self.frames[i], (len(self.frames) - i) / (length + 1), ground)

    def show_card(self, text: str, length: int, ground: int = 0, rolls: bool = False) -> None:
        """Shows lines of text on a plain ground. rolls: upward, as credits do. It is no shot."""
        for i in range(length):
            self.frames.append(card(text, ground, -2 * i if rolls else 0))

    def _starts(self, edit: Edit) -> None:
        if self.pictures:
            self.edits.append(edit)

    def _append(self, shot: Sequence[Array], *, picture: bool = False) -> None:
        if picture:
            self.pictures |= set(range(len(self.frames), len(self.frames) + len(shot)))
        self.frames += shot

    def _faded(self, at: int, frame: Array, share: float, ground: int) -> None:
        self.frames[at] = np.rint(frame * share + ground * (1 - share)).astype(np.uint8)
        self.pictures.discard(at)

    def letterboxed(self, ratio: float = 2.39) -> Trailer:
        """Returns it between bars."""
        width, height = SIZE
        bar = round((height - width / ratio) / 2)
        frames = [frame.copy() for frame in self.frames]
        for frame in frames:
            frame[:bar] = frame[height - bar :] = 0
        return Trailer(frames, self.edits, self.pictures)

    def write(self, path: Path) -> Path:
        """Writes it as H.264, as sites hand trailers out."""
        recipe = ClipRecipe(
            width=SIZE[0],
            height=SIZE[1],
            rate=RATE,
            frames=len(self.frames),
            gop=60,
            options=(("crf", "23"),),
        )
        return make_clip(path, recipe, lambda i: np.asarray(self.frames[i] / 255, np.float32))


def card(text: str, ground: int, shift: int = 0) -> Array:
    """Returns white or black text in the middle of a plain ground."""
    image = Image.new("RGB", SIZE, (ground,) * 3)
    ink = (240,) * 3 if ground < 128 else (15,) * 3
    draw = ImageDraw.Draw(image)
    draw.multiline_text(
        (SIZE[0] / 2, SIZE[1] / 2 + shift), text, ink, anchor="mm", align="center", font_size=26
    )
    return np.asarray(image)


def read_shot(path: Path, first: int, length: int) -> list[Array]:
    """Returns frames of a clip as RGB of the trailer's size, its middle cut out."""
    take = probe(path, path.stem)
    with PictureReader(path, take.picture) as reader:
        frames = (
            reader.frame(number).to_ndarray(format="rgb24") for number in range(first, take.picture.length)
        )
        return [_filled(frame) for frame in islice(frames, length)]


def _filled(frame: Array) -> Array:
    width, height = SIZE
    scale = max(width / frame.shape[1], height / frame.shape[0])
    size = (max(width, round(frame.shape[1] * scale)), max(height, round(frame.shape[0] * scale)))
    big = cv2.resize(frame, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    left, top = (size[0] - width) // 2, (size[1] - height) // 2
    return np.ascontiguousarray(big[top : top + height, left : left + width])


# Returns so many frames of the next shot.
Shots = Callable[[int], list[Array]]


def slow(next_shot: Shots) -> Trailer:
    """A drama's trailer: between bars, fades, dissolves, cards, credits that roll."""
    made = Trailer()
    made.show_card("A FILM FROM\nNOWHERE", 40)
    made.fade_to(next_shot(60), 16, held=8)
    made.cut_to(next_shot(40))
    made.dissolve_to(next_shot(60), 16)
    made.fade_to(next_shot(60), 14)
    made.cut_to(next_shot(30))
    made.show_card("This winter", 36)
    made.cut_to(next_shot(48))
    made.dissolve_to(next_shot(64), 24)
    made.fade_to(next_shot(56), 20, held=5)
    made.end(20)
    made.show_card("\n".join(f"Person {i}    did thing {i}" for i in range(18)), 96, rolls=True)
    return made.letterboxed()


def fast(next_shot: Shots) -> Trailer:
    """An action film's trailer: a montage of short shots, flashes, dips to white, cards on white."""
    made = Trailer()
    for length in (48, 30, 18, 12, 14, 20, 12, 26):
        made.cut_to(next_shot(length))
    flash = len(made.frames) - 10
    made.frames[flash] = made.frames[flash + 1] = np.full_like(made.frames[flash], 250)
    made.pictures -= {flash, flash + 1}
    made.fade_to(next_shot(40), 6, ground=255, held=2)
    made.show_card("FASTER", 20, ground=255)
    for length in (16, 12, 24, 12):
        made.cut_to(next_shot(length))
    made.dissolve_to(next_shot(36), 10)
    made.show_card("Only in cinemas\nMay 7", 48)
    return made


def judge(found: Sequence[int], edits: Sequence[Edit]) -> tuple[int, int]:
    """Returns how many of the edits were found, and how many were found where there is none."""
    left = sorted(found)
    hits = 0
    for edit in edits:
        near = [at for at in left if abs(at - edit.at) <= edit.within]
        if near:
            hits += 1
            left.remove(min(near, key=lambda at: abs(at - edit.at)))
    return hits, len(left)


def in_turn(shots: Sequence[Sequence[Array]]) -> Shots:
    """Returns what hands out the shots one after the other, over and over, never the same frames twice in a row."""

    def handed() -> Iterator[Sequence[Array]]:
        while True:
            yield from shots

    each = handed()
    return lambda length: list(next(each))[:length]
