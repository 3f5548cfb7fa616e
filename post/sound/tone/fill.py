"""Fills the gaps of a film's sound with room tone."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from post.sound.pcm import gain_factor, split_blocks
from post.sound.stages import CLIP
from post.sound.tone.gaps import GapPart, HeardCells, split_gap
from post.sound.tone.model import ToneModel, model_tone
from post.sound.tone.noise import make_noise
from post.sound.varispeed import Fetch
from post.values.array import Array
from post.values.media import File
from post.values.plan import Mix, SoundEvent
from post.values.time import Span

FADE_S = 0.03  # over the edge of a gap, where a shot's own sound fades
CROSSED_S = 2.0  # from one room to another, at most
BLOCK = 1 << 16
BEFORE = 1 << 20  # samples of a tone before its first: filters look back

# What is done to an event's sound, in the channels of its file, on its way to the bus.
Shaped = Callable[[Fetch], Fetch]


@dataclass(frozen=True, slots=True)
class ToneStretch:
    """Room tone from the clip of one shot. event: the shot's sound; first, stop: samples of the film, with the fades;
    fade_in, fade_out: samples."""

    event: SoundEvent
    first: int
    stop: int
    fade_in: int
    fade_out: int


class FilmTone:
    """The room tone of one mix. It watches what is laid, learns the tone of each clip, and fills the gaps.

    A gap within a shot gets that shot's own tone. A gap between shots, where a shot has no sound, gets the tone of the
    shot before and crosses over to that of the shot after. Where a shot has no quiet part, the nearest one that has
    gives its tone. Where no shot of the film has any, the gap stays silent: no tone is invented.
    """

    def __init__(self, plan: Mix) -> None:
        self._plan = plan
        self._cells = HeardCells(plan.length, plan.rate_hz)
        self._models = dict[File, ToneModel]()
        self._shaped = dict[SoundEvent, Shaped]()

    def watched(self, event: SoundEvent, read: Fetch, shaped: Shaped) -> Fetch:
        """Returns a function that reads an event as `read` does, and notes where it is heard.

        shaped: what was done to it; the same is done to its tone.
        """
        self._shaped[event] = shaped
        return read if self._plan.tone is None else self._cells.watched(event, read)

    def learn(self, file: File, source: Array) -> None:
        """Learns the tone of a file that shots use. source: (samples, channels), as the file has it."""
        used = any(event.role == CLIP and event.file == file for event in self._plan.events)
        model = model_tone(source, self._plan.rate_hz) if used and self._plan.tone else None
        if model is not None:
            self._models[file] = model

    def stretches(self) -> list[ToneStretch]:
        """Returns the room tone of the film, in order of time."""
        if self._plan.tone is None or not self._models:
            return []
        shots = [event for event in self._plan.events if event.role == CLIP and event.file in self._models]
        shots.sort(key=lambda event: event.at)
        return [each for gap in self._cells.gaps() for each in self._faded(split_gap(gap, shots))]

    def _faded(self, owners: Sequence[GapPart]) -> Iterator[ToneStretch]:
        """Yields the tones of one gap with their fades: beyond the gap's ends, and across where two tones meet."""
        rate, end = self._plan.rate_hz, self._plan.length
        edge, longest = round(FADE_S * rate), round(CROSSED_S * rate)
        turns = [min(longest, len(a.span), len(b.span)) // 2 for a, b in pairwise(owners)]
        for part, before, after in zip(owners, [0, *turns], [*turns, 0], strict=True):
            first = part.span.first - (before or min(edge, part.span.first))
            stop = part.span.stop + (after or min(edge, end - part.span.stop))
            fades = 2 * before or part.span.first - first, 2 * after or stop - part.span.stop
            yield ToneStretch(part.event, first, stop, *fades)

    def fill(self) -> Iterator[tuple[SoundEvent, int, Array]]:
        """Yields what is to be added, block by block: (the event whose tone it is, first sample, samples)."""
        gain = np.float32(gain_factor(self._plan.tone.gain_db if self._plan.tone else 0.0))
        for each in self.stretches():
            read = self._shaped[each.event](_reader(self._models[each.event.file], _seed(each)))
            for first, stop in split_blocks(each.stop - each.first, BLOCK):
                tone = (read(first, stop) * _gains(each, first, stop) * gain).astype(np.float32)
                yield each.event, each.first + first, tone

    @property
    def filled(self) -> tuple[Span, ...]:
        """The gaps that are filled."""
        return tuple(self._cells.gaps()) if self.stretches() else ()


def _reader(model: ToneModel, seed: int) -> Fetch:
    """Returns a function that gives samples first..stop-1 of a tone, in the channels of its file; some before 0 too."""
    return lambda first, stop: make_noise(model.factors, first + BEFORE, stop + BEFORE, seed)


def _gains(each: ToneStretch, first: int, stop: int) -> Array:
    """Returns the gain of samples first..stop-1 of a stretch, (stop - first, 1) float32: equal-power fades."""
    middle = np.arange(first, stop) + 0.5
    rise = np.clip(middle / max(each.fade_in, 1), 0, 1) if each.fade_in else 1.0
    fall = np.clip((each.stop - each.first - middle) / max(each.fade_out, 1), 0, 1) if each.fade_out else 1.0
    gain = np.sin(np.pi / 2 * rise) * np.sin(np.pi / 2 * fall)
    return np.broadcast_to(gain, len(middle)).astype(np.float32)[:, None]


def _seed(each: ToneStretch) -> int:
    """Returns the seed of a stretch: by its file and its place, so that no two are alike."""
    text = f"room tone {each.event.file.sha256} {each.first}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big")
