"""The buses of a mix: one for each stem, and for each way in which sounds of it give way to the voice.

A bus is float32. One that is longer than LONGEST_IN_MEMORY lies in a scratch file, which has no name and goes with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

import numpy as np

from post.sound.pcm import gain_factor, split_blocks
from post.sound.scratch import LET_GO, let_go
from post.values.array import Array
from post.values.plan import Duck, SoundEvent

# In this order they are added up, so that the sum is the same whatever was made first.
STEMS = ("clip", "dialogue", "voice", "music", "ambience", "effects")
VOICES = ("voice", "dialogue")  # what others give way to
LONGEST_IN_MEMORY = 128 << 20  # bytes of one bus: six minutes of stereo at 48 kHz
BLOCK = 1 << 18


@dataclass(frozen=True, slots=True)
class BusName:
    """What is on a bus: a stem's sounds that give way to the voice in one way, None for not at all."""

    stem: str
    duck: Duck | None = None


ALL = BusName("all")  # the only bus of a mix whose stems are not kept apart


class Buses:
    """The sound of a mix before it is added up, bus by bus, (length, channels) float32 each. A bus is made when it is
    first asked for.

    apart: a bus for every stem and ducking, else one for all; sends: what events send to the room is kept, beside each
    bus, else nothing is sent; scratch: folder for scratch files, None for the system's.
    """

    def __init__(
        self,
        length: int,
        channels: int,
        *,
        apart: bool = True,
        sends: bool = False,
        scratch: Path | None = None,
    ) -> None:
        self.length, self.channels = length, channels
        self._apart, self._sending, self._scratch = apart, sends, scratch
        self._buses: dict[BusName, Array] = {}
        self._sends: dict[BusName, Array] = {}
        self._written = 0

    def name_of(self, event: SoundEvent) -> BusName:
        """Returns the name of an event's bus."""
        return BusName(event.stem, event.duck) if self._apart else ALL

    def of(self, event: SoundEvent) -> Array:
        """Returns the bus of an event."""
        return self.bus(self.name_of(event))

    def bus(self, name: BusName) -> Array:
        """Returns a bus; a silent one if nothing is on it yet."""
        if name not in self._buses:
            self._buses[name] = self.array()
        return self._buses[name]

    def add(self, event: SoundEvent, first: int, sound: Array) -> None:
        """Adds sound of an event to its bus, and to what that bus sends to the room if the event sends.

        first: sample of the film at which it starts; sound: (samples, channels). What is outside the film is left out.
        """
        self._let_go(sound.nbytes)
        add_at(self.of(event), first, sound)
        if self._sending and event.shape.send_db is not None:
            name = self.name_of(event)
            if name not in self._sends:
                self._sends[name] = self.array()
            add_at(self._sends[name], first, sound * gain_factor(event.shape.send_db))

    def _let_go(self, added: int) -> None:
        """Counts what is written, and lets go of buses in files before they fill the memory."""
        self._written += added
        if self._written > LET_GO:
            self._written = 0
            for bus in (*self._buses.values(), *self._sends.values()):
                let_go(bus)

    def array(self, length: int | None = None) -> Array:
        """Returns silence of that many samples, None for as many as a bus has, in the channels of a bus."""
        return silence(self.length if length is None else length, self.channels, self._scratch)

    def each(self) -> Iterator[tuple[BusName, Array]]:
        """Yields every bus, stem after stem, those that are not ducked first."""
        yield from sorted(self._buses.items(), key=_place)

    def take_sends(self) -> Iterator[tuple[BusName, Array]]:
        """Yields what each bus sends to the room, in the order of `each`, and forgets it."""
        for name in sorted(self._sends, key=_order):
            yield name, self._sends.pop(name)

    def stem(self, stem: str) -> Array:
        """Returns the sum of a stem's buses. Where the stem has one bus, that is the sum: do not write to it."""
        return self._sum([bus for name, bus in self.each() if name.stem == stem])

    def total(self) -> Array:
        """Returns the sum of all buses. Where there is one bus, that is the sum: do not write to it."""
        return self._sum([bus for _, bus in self.each()])

    def _sum(self, buses: list[Array]) -> Array:
        if len(buses) == 1:
            return buses[0]
        total = self.array()
        for first, stop in split_blocks(self.length, BLOCK):
            for bus in buses:
                total[first:stop] += bus[first:stop]
            self._let_go(4 * (stop - first) * self.channels * len(buses))
        let_go(total)
        return total


def add_at(bus: Array, first: int, sound: Array) -> None:
    """Adds sound to a bus from its sample `first` on; what is before or after the bus is left out."""
    heard_from, heard_to = max(0, -first), min(len(sound), len(bus) - first)
    if heard_to > heard_from:
        bus[first + heard_from : first + heard_to] += sound[heard_from:heard_to]


def silence(length: int, channels: int, scratch: Path | None = None) -> Array:
    """Returns zeros, (length, channels) float32: in memory, or in a scratch file if they are long."""
    if 4 * length * channels <= LONGEST_IN_MEMORY:
        return np.zeros((length, channels), np.float32)
    # A file that is made longer is all zeros by POSIX and by Windows, and its pages are on no disk until written.
    with TemporaryFile(dir=scratch) as file:
        file.truncate(4 * length * channels)
        return np.memmap(file, np.float32, "r+", shape=(length, channels)).view(np.ndarray)


def _place(row: tuple[BusName, Array]) -> tuple[int, float, float]:
    return _order(row[0])


def _order(name: BusName) -> tuple[int, float, float]:
    duck = name.duck or Duck(0.0)
    return (STEMS.index(name.stem) if name.stem in STEMS else -1), duck.below_db, duck.dip_db
