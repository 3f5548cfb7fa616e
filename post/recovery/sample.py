"""Samples a film for fingerprints and watermarks: decodes it once, only the frames they need, at fixed times."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from post.measure.frames import frame_of
from post.takes.decoded.orientation import square_pixels, upright_array
from post.takes.open_picture import open_picture
from post.takes.probe import probe
from post.values import Picture
from post.values.array import Array
from provenance.durable.fingerprint import SIDE, FilmSamples, sampling_step

# Whole frames kept for the watermark: several detect it better than one, up to about this many.
MARKED, MARKED_BYTES = 48, 64 << 20


@dataclass(frozen=True, slots=True, eq=False)
class SampledCopy:
    """A file that somebody wants identified. whole: some of its frames, (height, width) uint8 luma, upright."""

    sha256: str
    samples: FilmSamples
    whole: tuple[Array, ...]


def sample_copy(path: Path) -> SampledCopy:
    """Returns everything a copy can be identified by. Raises SourceError where it cannot be read as a film."""
    take = probe(path, path.name)
    picture = take.picture
    seen, kept = set(_numbers(picture)), set(_spread(picture))
    small, whole = [], []
    for number, luma in _lumas(path, picture, sorted(seen | kept)):
        if number in seen:
            small.append(_small(luma))
        if number in kept:
            whole.append(square_pixels(luma, picture))
    return SampledCopy(take.file.sha256, _viewing(small, picture), tuple(whole))


def sample_film(path: Path) -> FilmSamples:
    """Returns the samples for a film's fingerprints. Raises SourceError where it cannot be read."""
    picture = probe(path, path.name).picture
    return _viewing([_small(luma) for _, luma in _lumas(path, picture, _numbers(picture))], picture)


def _viewing(small: list[Array], picture: Picture) -> FilmSamples:
    seconds = float(picture.grid.seconds(picture.length))
    width, height = picture.shown
    # Where frames are further apart than samples, each frame is sampled once.
    step = max(sampling_step(seconds), seconds / len(small))
    return FilmSamples(np.stack(small), step, float(width / height), seconds)


def _numbers(picture: Picture) -> list[int]:
    """Returns the numbers of the frames at fixed times."""
    seconds, rate = float(picture.grid.seconds(picture.length)), float(picture.grid.rate)
    step = sampling_step(seconds)
    times = np.arange(max(1, int(np.ceil(seconds / step - 1e-9)))) * step
    return sorted({min(picture.length - 1, int(time * rate + 0.5)) for time in times})


def _lumas(path: Path, picture: Picture, numbers: list[int]) -> Iterator[tuple[int, Array]]:
    """Yields frames by number, as (height, width) uint8 luma, upright."""
    with open_picture(path, picture) as reader:
        for number in numbers:
            frame = frame_of(number, reader.frame(number), picture.colour.range)
            luma = frame.luma if frame.depth == 8 else (frame.luma >> (frame.depth - 8)).astype(np.uint8)
            yield number, upright_array(luma, picture)


def _small(luma: Array) -> Array:
    import cv2

    return np.asarray(cv2.resize(np.ascontiguousarray(luma), (SIDE, SIDE), interpolation=cv2.INTER_AREA))


def _spread(picture: Picture) -> list[int]:
    """Returns frames spread over the film, as many as the watermark needs and memory allows."""
    most = max(4, min(MARKED, MARKED_BYTES // (picture.width * picture.height)))
    at = np.linspace(0, picture.length - 1, min(most, picture.length)).round().astype(int)
    return [int(one) for one in at]
