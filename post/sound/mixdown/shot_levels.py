"""Measures how loud each shot's own sound is while it is laid, so that people are told of shots that differ much."""

from __future__ import annotations

from post.sound.meter import Meter
from post.sound.pcm import split_blocks
from post.sound.stages import CLIP
from post.sound.varispeed import Fetch
from post.values.plan import Mix, ShotLoudnessNote, SoundEvent
from post.values.speakers import BY_COUNT

LEAST_S = 0.4  # a block of BS.1770: a shorter sound has no loudness
BLOCK_S = 1.0


class ShotLevels:
    """The loudness of the shots' own sounds in one mix. A film with one such sound has nothing to compare."""

    def __init__(self, plan: Mix) -> None:
        self._plan = plan
        self._compared = sum(event.role == CLIP for event in plan.events) > 1
        self._notes = list[ShotLoudnessNote]()

    def measure(self, event: SoundEvent, read: Fetch) -> None:
        """Measures what is heard of an event in the film, without its fades. read: gives samples first..stop-1 of it.

        It is measured from the same samples whatever was laid before: no result depends on the order of events.
        """
        rate_hz = self._plan.rate_hz
        first, stop = max(0, -event.at), min(event.length, self._plan.length - event.at)
        if not self._compared or event.role != CLIP or stop - first < LEAST_S * rate_hz:
            return
        meter = Meter(rate_hz, BY_COUNT[self._plan.channels], peaks=False)
        for a, b in split_blocks(stop - first, round(BLOCK_S * rate_hz)):
            meter.add(read(first + a, first + b))
        lufs = meter.integrated()
        if lufs is not None:
            note = ShotLoudnessNote(event.file.sha256, event.at, event.length, round(lufs, 2))
            self._notes.append(note)

    def notes(self) -> tuple[ShotLoudnessNote, ...]:
        """Returns the loudness of each, in the order of the film; () where there are not two of them."""
        found = sorted(self._notes, key=lambda note: (note.at, note.sha256))
        return tuple(found) if len(found) > 1 else ()
