"""The buses of a mix: one for each stem, and for each way in which sounds of it give way to the voice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from post.values.array import Array
from post.values.plan import Duck, SoundEvent

# In this order they are added up, so that the sum is the same whatever was made first.
STEMS = ("clip", "dialogue", "voice", "music", "ambience", "effects")
VOICES = ("voice", "dialogue")  # what others give way to


@dataclass(frozen=True, slots=True)
class BusName:
    """What is on a bus: a stem's sounds that give way to the voice in one way, None for not at all."""

    stem: str
    duck: Duck | None = None


class Buses:
    """The sound of a mix before it is added up, bus by bus, (length, channels) float32 each. A bus is made when it is
    first asked for."""

    def __init__(self, length: int, channels: int) -> None:
        self.length, self.channels = length, channels
        self._buses: dict[BusName, Array] = {}

    def of(self, event: SoundEvent) -> Array:
        """Returns the bus of an event."""
        return self.bus(BusName(event.stem, event.duck))

    def bus(self, name: BusName) -> Array:
        """Returns a bus; a silent one if nothing is on it yet."""
        if name not in self._buses:
            self._buses[name] = np.zeros((self.length, self.channels), np.float32)
        return self._buses[name]

    def each(self) -> Iterator[tuple[BusName, Array]]:
        """Yields every bus, stem after stem, those that are not ducked first."""
        yield from sorted(self._buses.items(), key=_place)

    def stem(self, stem: str) -> Array:
        """Returns the sum of a stem's buses."""
        total = np.zeros((self.length, self.channels), np.float32)
        for name, bus in self.each():
            if name.stem == stem:
                total += bus
        return total

    def total(self) -> Array:
        """Returns the sum of all buses."""
        total = np.zeros((self.length, self.channels), np.float32)
        for _, bus in self.each():
            total += bus
        return total


def _place(row: tuple[BusName, Array]) -> tuple[int, float, float]:
    name, _ = row
    duck = name.duck or Duck(0.0)
    return STEMS.index(name.stem), duck.below_db, duck.dip_db
