"""Looks at takes whose crops follow what they show; what is seen is kept by the take's content."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from post.engine import Store
from post.errors import SourceError
from post.measure.attention.faces import face_finder
from post.measure.attention.sights import LOOKS, Sights, look_at, looked_size
from post.measure.subjects import FINDER
from post.prepare.kept_answer import kept_answer
from post.sound.voice import find_speech
from post.takes.decoded.orientation import upright_array
from post.takes.open_picture import open_picture
from post.takes.sound.decode import read_sound
from post.values import File, Picture, Span, Take
from post.values.array import Array

LOOKS_A_SECOND = 5
VOICE_HZ = 16000  # rate at which a take is heard: speech is found at it
LOUD = 95  # percentile of the loudness of speech that counts as 1


@dataclass(frozen=True, slots=True)
class SightQuestion:
    """Everything that the answer depends on: its digest is its key.

    finders: the versions of what looks, of what stands out and of what finds faces; spans: the frames that are used.
    """

    file: File
    picture: Picture
    finders: tuple[str, ...]
    spans: tuple[Span, ...]


def sights_of(take: Take, spans: tuple[Span, ...], keep: Store | None) -> Sights:
    """Returns what is seen in the frames of a take; nothing where they cannot be decoded, which is said later.

    spans: the frames that are used, in order and apart.
    """
    finders = (str(LOOKS), str(FINDER), face_finder())
    question = SightQuestion(take.file, take.picture, finders, spans)
    try:
        return kept_answer(keep, question, Sights, partial(_seen, take, spans))
    except SourceError:
        return Sights(())


def _seen(take: Take, spans: Sequence[Span]) -> Sights:
    closer = partial(_closer, take)
    found = [look for span in spans for look in look_at(_pictures(take, span), closer).looks]
    if not any(len(look.faces) > 1 for look in found):
        return Sights(tuple(found))
    voices = _voices(take, [look.at for look in found])
    return Sights(tuple(replace(look, voice=voice) for look, voice in zip(found, voices, strict=True)))


def _pictures(take: Take, span: Span) -> Iterator[tuple[int, Array, bool]]:
    """Yields each frame's number, its small picture, and whether to look at it. Only where there is sound are others
    than those that are looked at of use."""
    picture = take.picture
    every = max(1, round(picture.grid.rate / LOOKS_A_SECOND))
    heard = take.sound is not None and not take.sound.silent
    numbers = span if not picture.stands_still else Span(0, 1)
    wanted = [number for number in numbers if heard or (number - span.first) % every == 0]
    for number, rgb in small_frames(take, wanted):
        yield number, rgb, (number - span.first) % every == 0


def small_frames(take: Take, numbers: Iterable[int]) -> Iterator[tuple[int, Array]]:
    """Yields frames of a take by their numbers, in order: (number, (height, width, 3) uint8 R'G'B', upright, of the
    size that is looked at). Raises SourceError where they cannot be decoded."""
    picture = take.picture
    size = looked_size(*(float(side) for side in picture.shown))
    size = (size[1], size[0]) if picture.rotation % 180 else size
    with open_picture(take.file.here, picture) as reader:
        for number in numbers:
            small = reader.frame(number).reformat(width=size[0], height=size[1], format="rgb24")
            yield number, np.ascontiguousarray(upright_array(small.to_ndarray(), picture))


def _closer(take: Take, number: int) -> Array:
    """Returns the luma of a frame, upright, of the size at which rows of letters are found."""
    from post.measure.attention.type_lines import SIDE

    picture = take.picture
    scale = SIDE / min(float(side) for side in picture.shown)
    wide, high = (max(2, round(float(side) * scale)) for side in picture.shown)
    if picture.rotation % 180:
        wide, high = high, wide
    with open_picture(take.file.here, picture) as reader:
        grey = reader.frame(number).reformat(width=wide, height=high, format="gray")
        return np.ascontiguousarray(upright_array(grey.to_ndarray(), picture))


def _voices(take: Take, numbers: Sequence[int]) -> list[float]:
    """Returns how loud a take is at frames, 0 to 1."""
    if take.sound is None or take.sound.silent:
        return [0.0] * len(numbers)
    samples = np.asarray(read_sound(take.file.here, take.sound, VOICE_HZ), np.float32)
    return voice_at(samples, [float(take.picture.grid.seconds(number)) for number in numbers])


def voice_at(samples: Array, seconds: Sequence[float]) -> list[float]:
    """Returns how loud speech is from each time on, until the next look, 0 to 1. samples: of VOICE_HZ.

    Music and noise count for nothing: hands that play move with them as mouths do with speech.
    """
    pcm = samples.reshape(len(samples), -1)
    spoken = np.zeros(len(pcm), np.float32)
    for span in find_speech(pcm, VOICE_HZ):
        spoken[span.first : span.stop] = pcm[span.first : span.stop].mean(axis=1)
    length = VOICE_HZ // LOOKS_A_SECOND
    parts = [spoken[first : first + length] for first in (int(each * VOICE_HZ) for each in seconds)]
    powers = [float(np.sqrt(np.mean(part**2))) if len(part) else 0.0 for part in parts]
    heard = [power for power in powers if power > 0]
    loud = float(np.percentile(heard, LOUD)) if heard else 0.0
    return [round(min(power / loud, 1.0), 3) if loud > 1e-4 else 0.0 for power in powers]
