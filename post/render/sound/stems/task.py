"""Makes the stems of one film's sound: mixes them, and packs each as a Broadcast Wave file of 24 bits."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np

from post.render.sound.stems.broadcast_wave import WaveText, wave_head
from post.render.sound.stems.pack import MIX, PackWriter
from post.render.sound.stems.quantise import STEPS, common_gain_db, is_heard, packed, quantised
from post.sound import Loudness, mix_down
from post.sound.buses import STEMS, Buses
from post.sound.channels import speakers_of
from post.sound.meter import Meter
from post.step_log import StepLog
from post.takes.sound.decode import read_sound
from post.values import File, Sound, StemsOrder, digest, from_plain
from post.values.array import Array

log = logging.getLogger(__name__)


def make(data: Any, files: Mapping[str, Path], path: Path) -> None:
    """Renders a StemsOrder (as plain data) to a pack of Broadcast Wave files at `path`: the task that an engine runs.

    files: where each source file is, by its SHA-256. Raises SourceError if a source cannot be read.
    """
    order = from_plain(StemsOrder, data, files)
    steps = StepLog(log, samples=order.mix.length)
    buses = mix_down(order.mix, _read, apart=True, scratch=path.parent).buses
    steps.done("stems: mixed", events=len(order.mix.events))
    with path.open("wb") as file:
        write_pack(order, stems_with_sound(buses), file)
    steps.done("stems: written")


def write_pack(order: StemsOrder, stems: Mapping[str, Array], file: IO[bytes]) -> None:
    """Writes stems to an open file as a pack, with their sum.

    stems: by name, (samples, channels) float32 each, in the order in which they are added up.
    """
    sounds = list(stems.values())
    gain_db = common_gain_db(sounds)
    with PackWriter(file) as pack:
        for number, name in [*enumerate(stems), (-1, MIX)]:
            loudness = _measured(sounds, number, (gain_db, order.mix.rate_hz))
            head = wave_head(
                _text(order, name, gain_db),
                (order.mix.length, order.mix.channels, order.mix.rate_hz),
                loudness,
            )
            levels = (gain_db, loudness.integrated_lufs, loudness.true_peak_dbtp)
            pack.add(name, _file(head, quantised(sounds, number, gain_db)), levels)


def stems_with_sound(buses: Buses) -> dict[str, Array]:
    """Returns each stem that is heard at 24 bits, by name, (samples, channels) float32; a silent "clip" if none is."""
    named = {name.stem for name, _ in buses.each()}
    found = {stem: sound for stem in STEMS if stem in named and is_heard(sound := buses.stem(stem))}
    return found or {STEMS[0]: buses.stem(STEMS[0])}


def _measured(sounds: list[Array], number: int, how: tuple[float, int]) -> Loudness:
    """Returns what a file of the pack measures. how: its gain in dB, and its rate."""
    gain_db, rate_hz = how
    meter = Meter(rate_hz, speakers_of(sounds[0].shape[1]))
    for block in quantised(sounds, number, gain_db):
        meter.add(block.astype(np.float32) / np.float32(STEPS))
    return meter.read()


def _file(head: bytes, blocks: Iterator[Array]) -> Iterator[bytes]:
    yield head
    size = 0
    for part in packed(blocks):
        size += len(part)
        yield part
    if size % 2:
        yield b"\0"


def _text(order: StemsOrder, name: str, gain_db: float) -> WaveText:
    lowered = f"; all stems at {gain_db:g} dB, so that none clips" if gain_db else ""
    what = "the mix, the sum of its stems" if name == MIX else f"stem {name}"
    return WaveText(
        track=name,
        description=f"{what}, before master gain and limiter{lowered}; unsigned, for the mixer",
        originator=order.tool,
        reference=digest(order)[:32],
        project=order.title,
        rate=order.rate,
    )


def _read(file: File, sound: Sound, rate_hz: int) -> Array:
    return read_sound(file.here, sound, rate_hz)
