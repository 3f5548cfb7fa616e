"""Reads a film once for its review: a hash of each decoded frame and of its sound, thumbnails and a waveform."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from post.atomic import replacing, write_whole
from post.errors import SourceError
from post.render.proxy import make_proxy
from post.render.sound.codec import decode_blocks
from post.takes.open_picture import open_picture
from post.takes.probe import probe
from post.takes.still import read_stills, show_frame
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
    """What was read of a film. frame_hashes: SHA-256 of each frame, one after the other; sound_hash: of its samples,
    "" without sound."""

    frame_hashes: bytes
    sound_hash: str


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
    hashes = _record_picture(path, take.picture, folder)
    peaks, sound_hash, samples = _peaks(path, take)
    rate_hz = take.sound.rate_hz if take.sound else 0
    about = {"samples": samples, "rate_hz": rate_hz, "low": peaks[0], "high": peaks[1]}
    write_whole(folder / "waveform.json", json.dumps(about))
    return FrameRecord(hashes, sound_hash)


def write_proxy(path: Path, out: Path) -> None:
    """Writes a film that browsers play, with the same frame numbers. Raises SourceError for a damaged film."""
    take = probe(path, path.name)
    with replacing(out) as file:
        make_proxy(path, take.picture, take.sound is not None, Path(file.name))


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


def _record_picture(path: Path, picture: Picture, folder: Path) -> bytes:
    count = min(THUMBNAILS, picture.length)
    shown = [(2 * part + 1) * picture.length // (2 * count) for part in range(count)]
    wide, high = (float(each) for each in picture.shown)
    height = max(1, round((THUMBNAIL_AREA * high / wide) ** 0.5))
    width = max(1, round(height * wide / high))
    sheet = Image.new("RGB", (width * min(COLUMNS, count), height * -(-count // COLUMNS)))
    hashes, places = list[bytes](), {number: place for place, number in enumerate(shown)}
    with open_picture(path, picture) as reader:
        for number in range(picture.length):
            frame = reader.frame(number)
            hashes.append(hash_frame(frame))
            if (place := places.get(number)) is not None:
                image = Image.fromarray(np.ascontiguousarray(show_frame(frame, picture)))
                small = image.resize((width, height), Image.Resampling.BOX)
                sheet.paste(small, (place % COLUMNS * width, place // COLUMNS * height))
    with replacing(folder / "thumbnails.jpg") as file:
        sheet.save(file, "JPEG", quality=80)
    about = {"width": width, "height": height, "columns": COLUMNS, "frames": shown}
    write_whole(folder / "thumbnails.json", json.dumps(about))
    return b"".join(hashes)


def hash_frame(frame: Any) -> bytes:
    """Returns the SHA-256 of a decoded frame: its pixel format and size, then all of its samples, without padding.

    frame: PyAV's VideoFrame.
    """
    found = hashlib.sha256(f"{frame.format.name} {frame.width}x{frame.height}\n".encode())
    found.update(np.ascontiguousarray(frame.to_ndarray()))
    return found.digest()


def _peaks(path: Path, take: Take) -> tuple[tuple[list[int], list[int]], str, int]:
    """Returns the lowest and highest sample of each column of the waveform, in hundredths of full scale; the SHA-256 of
    all samples, "" for none; and their count. The first column starts with the picture."""
    if take.sound is None:
        return ([], []), "", 0
    found, blocks, samples = hashlib.sha256(), list[Array](), 0
    for block in decode_blocks(path):
        found.update(np.ascontiguousarray(block))
        blocks.append(np.stack([block.min(axis=1), block.max(axis=1)]) if len(block) else np.zeros((2, 0)))
        samples += len(block)
    low, high = np.concatenate(blocks, axis=1)
    seconds = float(take.picture.grid.seconds(take.picture.length))
    shown = max(1, round(seconds * take.sound.rate_hz))
    edges = np.linspace(0, shown, min(PEAKS, shown) + 1).astype(int)[:-1]
    starts = edges[edges < samples]
    if not len(starts):
        return ([], []), found.hexdigest(), samples
    cut = slice(0, min(samples, shown))
    lowest = np.minimum.reduceat(low[cut], starts)
    highest = np.maximum.reduceat(high[cut], starts)
    return (_hundredths(lowest), _hundredths(highest)), found.hexdigest(), samples


def _hundredths(values: Array) -> list[int]:
    return [int(each) for each in np.rint(np.clip(values, -1, 1) * 100)]
