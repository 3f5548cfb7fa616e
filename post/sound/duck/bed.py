"""A bed: a bus that gives way to the voice. It is measured, then changed in place."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from post.sound.duck.depth import PhraseLevels, stands_lower
from post.sound.duck.envelope import Envelope
from post.sound.duck.key import DuckKey
from post.sound.duck.speech_band import STEP, lead_of, speech_band
from post.sound.meter.gates import HOPS_A_SECOND
from post.sound.pcm import split_blocks
from post.sound.voice.hops import fetched_powers, hop_powers, hops_of
from post.values.array import Array
from post.values.plan import Duck
from post.values.time import Span

BLOCK = 1 << 14


class Bed:
    """A bus, (samples, channels) float32, and how it gives way to the voice."""

    def __init__(self, bus: Array, duck: Duck, rate_hz: int) -> None:
        self._bus, self._duck, self._rate_hz = bus, duck, rate_hz
        self._taken = np.float32(
            1 - 10 ** (-duck.dip_db / 20)
        )  # of the speech band, for a bell of that depth

    def levels(self, phrases: Sequence[Span], key: DuckKey) -> list[PhraseLevels]:
        """Returns the energies of the voice and of the bed in each phrase, over the hops with voice."""
        bus, rate_hz, samples = self._bus, self._rate_hz, len(self._bus)
        within = [hops_of([phrase], samples, rate_hz) & key.hops for phrase in phrases]

        def levels_of(dry: Array, dipped: Array) -> list[PhraseLevels]:
            return [
                PhraseLevels(
                    float(key.powers[each].sum()), float(dry[each].sum()), float(dipped[each].sum()),
                    int(each.sum()) / HOPS_A_SECOND,
                )
                for each in within
            ]  # fmt: skip

        if not self._duck.dip_db:
            powers = hop_powers(bus, rate_hz, key.hops)
            return levels_of(powers, powers)
        dipped = fetched_powers(self._dipped, bus.shape, rate_hz, key.hops)
        made = levels_of(dipped, dipped)
        # As it is, a bed is louder still: it is measured only where it may stand low enough without any ducking.
        if any(stands_lower(each.voice, each.dipped, self._duck.below_db) for each in made):
            return levels_of(hop_powers(bus, rate_hz, key.hops), dipped)
        return made

    def apply(self, envelope: Envelope) -> None:
        """Changes the bus; samples that the envelope does not move stay as they are."""
        # From the end: the speech band of a block is found from the samples before it, which must be as they were.
        for first, stop in reversed(list(split_blocks(len(self._bus), BLOCK))):
            part, steady = self._bus[first:stop], envelope.steady(first, stop)
            if steady is None:
                share, gain_db = envelope.share(first, stop)[:, None], envelope.gain_db(first, stop)[:, None]
                part -= self._band(first, stop) * (share * self._taken).astype(np.float32)
                part *= (10 ** (gain_db / 20)).astype(np.float32)
            elif any(steady):
                if steady[1]:
                    part -= self._band(first, stop) * np.float32(steady[1] * self._taken)
                part *= np.float32(10 ** (steady[0] / 20))

    def _dipped(self, first: int, stop: int) -> Array:
        return np.asarray(self._bus[first:stop] - self._taken * self._band(first, stop))

    def _band(self, first: int, stop: int) -> Array:
        """Returns the speech band of samples first..stop-1, found in steps on a grid of the whole bus."""
        lead = lead_of(self._rate_hz)
        start, end = first // STEP * STEP, -(-stop // STEP) * STEP
        given = self._bus[max(0, start - lead) : end]
        missing = (max(0, lead - start), max(0, end - len(self._bus)))
        if any(missing):
            given = np.pad(given, (missing, (0, 0)))
        return speech_band(given, self._rate_hz)[first - start : stop - start]
