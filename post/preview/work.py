"""Makes the parts of a preview in a worker: pieces of its picture, its sound, its contact sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from post.engine import Task
from post.engine.file_state import FileState
from post.picture.kernel import KernelSpec, Planes, new_planes, open_kernel, to_rgb, without_compiling
from post.preview.slots import PictureSlot, cut_piece
from post.render.fragment import encode_aac, encode_picture
from post.render.segment import draw
from post.render.worker_cache import drawing_quickly
from post.sound import mix_down
from post.sound.meter import integrated
from post.takes.sound.decode import read_sound
from post.values import BT709, File, Mix, Segment, Shot, Sound, Span, digest, from_plain, plain
from post.values.array import Array

MOST_TILES, ACROSS = 12, 3
TILE_AREA = 400 * 225
GAP, QUALITY = 6, 82
INTO_SHOT = 6  # frames: past a shot's first moment, and soon decoded
LOUDEST = 0.9  # of full scale: AAC overshoots by up to a decibel
_RUN = "post.preview.work:"


@dataclass(frozen=True, slots=True)
class SoundWork:
    """The sound of a preview: its digest is its key."""

    mix: Mix
    toolchain: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SheetWork:
    """A contact sheet: frames of the film, each with the part of a segment that draws it."""

    places: tuple[tuple[int, Segment], ...]
    toolchain: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FilePlaces:
    """Where a job's files are, by sha256, and how they were when they were hashed."""

    files: tuple[tuple[str, str], ...]
    states: tuple[FileState, ...]


def film_task(work: PictureSlot | SoundWork | SheetWork, places: FilePlaces, name: str) -> Task:
    """Returns the task that makes a part of a preview."""
    done = {PictureSlot: "make_picture", SoundWork: "make_sound", SheetWork: "make_sheet"}[type(work)]
    return Task(digest(work), _RUN + done, plain(work), places.files, name=name, states=places.states)


def get_ready() -> None:
    """Compiles what most previews are drawn with: 8 bits of 4:2:0 to the same."""
    open_kernel(KernelSpec(8, 8, "420", BT709, BT709)).get_ready()


def make_picture(data: Any, files: Mapping[str, Path], path: Path) -> None:
    """Writes the packets of a PictureSlot (as plain data). Raises as `post.render.segment.make`."""
    slot = from_plain(PictureSlot, data, files)
    film = replace(slot.pieces[0].format, length=len(slot.span))

    def shown(frame: int, planes: Planes) -> None:
        draw(next(piece for piece in slot.pieces if frame in piece.span), frame, planes)

    with drawing_quickly():
        path.write_bytes(encode_picture(shown, film, slot.span, slot.encoder).pack())


def make_sound(data: Any, files: Mapping[str, Path], path: Path) -> None:
    """Writes the packets of a SoundWork (as plain data): mixed as the film's, its loudness set by one gain."""
    mix = from_plain(SoundWork, data, files).mix
    pcm = (
        mix_down(mix, _read, scratch=path.parent).pcm if mix.events else np.zeros((mix.length, 2), np.float32)
    )
    path.write_bytes(encode_aac(pcm * _gain(pcm, mix), mix.rate_hz, mix.bitrate).pack())


def _gain(pcm: Array, mix: Mix) -> np.float32:
    """Returns the factor that brings a mix to its loudness, or as near as its peak allows."""
    peak = float(np.abs(pcm).max(initial=0))
    heard = integrated(pcm, mix.rate_hz) if mix.loudness_lufs is not None else None
    wanted = 1.0 if heard is None or mix.loudness_lufs is None else 10 ** ((mix.loudness_lufs - heard) / 20)
    return np.float32(min(wanted, LOUDEST / peak) if peak else wanted)


def _read(file: File, sound: Sound, rate_hz: int) -> Array:
    return read_sound(file.here, sound, rate_hz)


def sheet_places(shots: Sequence[Shot], slots: Sequence[PictureSlot]) -> tuple[tuple[int, Segment], ...]:
    """Returns a frame of each shot, up to a dozen, with what draws it."""
    pieces = [piece for slot in slots for piece in slot.pieces]
    every = max(1, -(-len(shots) // MOST_TILES))
    places = []
    for shot in shots[::every]:
        last = shot.span.stop - 1
        frame = min(shot.span.first + shot.transition + INTO_SHOT, last)
        found = next((piece for piece in pieces if frame in piece.span), None)
        if found is not None:
            places.append((frame, cut_piece(found, Span(frame, frame + 1))))
    return tuple(places)


def make_sheet(data: Any, files: Mapping[str, Path], path: Path) -> None:
    """Writes the contact sheet of a SheetWork (as plain data), a JPEG."""
    with drawing_quickly(), without_compiling():
        tiles = [_tile(segment, frame) for frame, segment in from_plain(SheetWork, data, files).places]
    width, height = tiles[0].size
    across = min(ACROSS if width >= height else 2 * ACROSS, len(tiles))
    down = -(-len(tiles) // across)
    sheet = Image.new("RGB", (across * (width + GAP) - GAP, down * (height + GAP) - GAP), "#161615")
    for number, tile in enumerate(tiles):
        row, column = divmod(number, across)
        sheet.paste(tile, (column * (width + GAP), row * (height + GAP)))
    file = BytesIO()
    sheet.save(file, "JPEG", quality=QUALITY)
    path.write_bytes(file.getvalue())


def _tile(segment: Segment, frame: int) -> Image.Image:
    film = segment.format
    planes = new_planes(film.height, film.width, film.depth, film.chroma)
    draw(segment, frame, planes)
    rgb = to_rgb(planes, film.depth, film.colour, film.chroma)
    picture = Image.fromarray(np.rint(np.clip(rgb, 0, 1) * 255).astype(np.uint8))
    share = min(1.0, (TILE_AREA / (film.width * film.height)) ** 0.5)
    return picture.resize((round(film.width * share), round(film.height * share)), Image.Resampling.LANCZOS)
