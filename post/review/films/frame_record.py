"""Reads a film once for its review: a hash of each decoded frame and of its sound, thumbnails and a waveform."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from PIL import Image

from post.atomic import replacing, write_whole
from post.errors import SourceError
from post.render.frame_hashes import hash_frame, hash_picture, hash_sound
from post.render.proxy import make_proxy
from post.render.sound.codec import decode_blocks
from post.takes.open_picture import open_picture
from post.takes.probe import probe
from post.takes.still import read_stills
from post.values import Picture, Take
from post.values.array import Array

THUMBNAILS, COLUMNS, THUMBNAIL_AREA = 100, 10, 160 * 90
PEAKS = 2000  # columns of the waveform
STILL_AREA = 3840 * 2160


@dataclass(frozen=True, slots=True)
class FilmFacts:
    """What a film is, before its frames are read. rate: frames a second; samples: of its sound, 0 for none; playable: a
    browser plays the file itself; timecode: of the first frame as the file says it, "" for none."""

    frames: int
    rate: Fraction
    width: int
    height: int
    samples: int
    codec: str
    playable: bool
    timecode: str


@dataclass(frozen=True, slots=True)
class FrameRecord:
    """What was read of a film. frame_hashes: SHA-256 of each frame, one after the other; sound_hashes: of the samples
    under each frame, empty without sound. Both are those that approvals bind to."""

    frame_hashes: bytes
    sound_hashes: bytes


def look_at(path: Path) -> FilmFacts:
    """Returns what a film is. Raises SourceError for what is no film."""
    take = probe(path, path.name)
    picture = take.picture
    wide, high = picture.shown
    samples = take.sound.samples if take.sound else 0
    timecode = next((value for key, value in take.tags if key.lower() == "timecode"), "")
    return FilmFacts(
        picture.length, picture.grid.rate, round(wide), high, samples, picture.codec, is_playable(path, take),
        timecode[:40],
    )  # fmt: skip


def is_playable(path: Path, take: Take) -> bool:
    """Says whether every browser plays a film itself, with one frame for each of its grid."""
    picture, sound = take.picture, take.sound
    plain = picture.codec == "h264" and picture.pixel_format == "yuv420p" and picture.depth == 8
    even = (
        not picture.variable and picture.length == picture.decoded and picture.start == 0 and picture.upright
    )
    heard = sound is None or (sound.codec in ("aac", "mp3") and not sound.beside and sound.channels <= 6)
    return plain and even and heard and path.suffix in (".mp4", ".mov")


def record_film(path: Path, folder: Path) -> FrameRecord:
    """Reads all of a film, and writes thumbnails.jpg, thumbnails.json and waveform.json into a folder.

    Raises SourceError where it cannot be decoded to its end.
    """
    take = probe(path, path.name)
    picture, sound = take.picture, take.sound
    hashes = hash_picture(path)
    if len(hashes) != picture.length:
        hashes = _on_grid(path, picture)
    heard = hash_sound(path, picture.grid, sound.rate_hz, picture.length) if sound else ()
    _write_thumbnails(path, picture, folder)
    _write_waveform(path, take, folder)
    return FrameRecord(bytes.fromhex("".join(hashes)), bytes.fromhex("".join(heard)))


def write_proxy(path: Path, out: Path) -> None:
    """Writes a film that browsers play, with the same frame numbers. Raises SourceError for a damaged film."""
    take = probe(path, path.name)
    with replacing(out) as file:
        make_proxy(path, take.picture, take.sound, Path(file.name))


def write_still(path: Path, number: int, out: Path) -> None:
    """Writes a frame of a film as PNG, upright, in square pixels. Raises SourceError where it cannot be read."""
    take = probe(path, path.name)
    if not 0 <= number < take.picture.length:
        raise SourceError(
            "has no such frame", where=path.name, expected=f"below {take.picture.length}", got=number
        )
    [(_, image)] = read_stills(path, take.picture, [number], STILL_AREA)
    with replacing(out) as file:
        image.save(file, "PNG")


def _on_grid(path: Path, picture: Picture) -> tuple[str, ...]:
    """Returns the hash of each frame of the grid, where a film has no constant rate."""
    with open_picture(path, picture) as reader:
        return tuple(hash_frame(reader.frame(number)) for number in range(picture.length))


def _write_thumbnails(path: Path, picture: Picture, folder: Path) -> None:
    count = min(THUMBNAILS, picture.length)
    shown = [(2 * part + 1) * picture.length // (2 * count) for part in range(count)]
    stills = [image for _, image in read_stills(path, picture, shown, THUMBNAIL_AREA)]
    width, height = stills[0].size
    sheet = Image.new("RGB", (width * min(COLUMNS, count), height * -(-count // COLUMNS)))
    for place, image in enumerate(stills):
        sheet.paste(image, (place % COLUMNS * width, place // COLUMNS * height))
    with replacing(folder / "thumbnails.jpg") as file:
        sheet.save(file, "JPEG", quality=80)
    about = {"width": width, "height": height, "columns": COLUMNS, "frames": shown}
    write_whole(folder / "thumbnails.json", json.dumps(about))


def _write_waveform(path: Path, take: Take, folder: Path) -> None:
    """Writes the lowest and highest sample of each column, in hundredths of full scale, which fill the picture's
    length."""
    low, high, samples = list[int](), list[int](), 0
    if take.sound is not None:
        blocks = [np.zeros((2, 0), np.float32)]
        blocks += [
            np.stack([each.min(axis=1), each.max(axis=1)]) for each in decode_blocks(path) if len(each)
        ]
        ends = np.concatenate(blocks, axis=1)
        samples = ends.shape[1]
        seconds = take.picture.grid.seconds(take.picture.length)
        shown = max(1, round(seconds * take.sound.rate_hz))
        edges = np.linspace(0, shown, min(PEAKS, shown) + 1).astype(int)[:-1]
        starts = edges[edges < samples]
        if len(starts):
            low = _hundredths(np.minimum.reduceat(ends[0, :shown], starts))
            high = _hundredths(np.maximum.reduceat(ends[1, :shown], starts))
    rate_hz = take.sound.rate_hz if take.sound else 0
    about = {"samples": samples, "rate_hz": rate_hz, "low": low, "high": high}
    write_whole(folder / "waveform.json", json.dumps(about))


def _hundredths(values: Array) -> list[int]:
    return [int(each) for each in np.rint(np.clip(values, -1, 1) * 100)]
