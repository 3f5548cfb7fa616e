"""A room that sounds are sent to: noise that dies away, by convolution, unlike on every side.

A room's late answer is noise under an exponential (M. R. Schroeder, 1962); here it starts after the predelay. Each
pair of an input and an output has noise of its own, so the sides are unlike and the place of a sound is kept.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from post.sound.buses import Buses, add_at
from post.sound.channels import mix_matrix
from post.sound.shape.partitioned import convolve
from post.values.array import Array
from post.values.plan import Room
from post.values.speakers import BY_COUNT

SEED = 14  # of the noise: every room of one size is the same room
LONGEST_DB = 75.0  # how far down the answer is cut off
END_FADE_S = 0.05  # at the end of the film
RUMBLE_HZ = 60.0  # below it, a room answers little
STEEP = 16  # how sharply the damped band begins: 48 dB down in half an octave
# Where the answer goes in each layout: to the sides; a centre keeps its words clear.
RETURNS = {1: (0,), 2: (0, 1), 6: (0, 1, 4, 5)}


def add_room(buses: Buses, room: Room, rate_hz: int) -> None:
    """Adds the room's answer to what each bus sends, to that bus. It is cut at the end of the film, with a fade."""
    for name, sent in buses.take_sends():
        add_answer(buses.bus(name), sent, room, rate_hz)


def add_answer(bus: Array, sent: Array, room: Room, rate_hz: int) -> None:
    """Adds the room's answer to sound that is sent to it, at its place in a bus: both (samples, channels) float32.

    Sent at 0 dB, noise below the damped band has the same power in the answer. Of 5.1, the stereo
    mix is sent. Silent blocks cost nothing.
    """
    channels = bus.shape[1]
    columns, late = list(RETURNS[channels]), round(room.predelay_ms * rate_hz / 1000)
    into = mix_matrix(BY_COUNT[channels], min(channels, 2)).astype(np.float32)
    answer = impulse_response(room, rate_hz, min(channels, 2), len(columns))
    for first, made in convolve(sent if channels <= 2 else sent @ into, answer):
        _fade_end(made, len(bus) - first - late, rate_hz)
        add_at(bus, first + late, _spread(made.T, columns, channels))


def _spread(part: Array, columns: list[int], channels: int) -> Array:
    """Returns the answer in all channels of a bus."""
    if len(columns) == channels:
        return part
    spread = np.zeros((len(part), channels), part.dtype)
    spread[:, columns] = part
    return spread


@lru_cache(maxsize=4)
def impulse_response(room: Room, rate_hz: int, inputs: int, outputs: int) -> Array:
    """Returns the room's answer to a click, without its predelay: (inputs, outputs, samples) float32.

    It falls by 60 dB in room.decay_s, above room.damping_hz in half of that.
    """
    taps = max(2, round(room.decay_s * LONGEST_DB / 60 * rate_hz))
    hz = np.fft.rfftfreq(taps, 1 / rate_hz)
    low = 1 / (1 + (hz / room.damping_hz) ** STEEP)
    rumble = (hz / RUMBLE_HZ) ** 4 / (1 + (hz / RUMBLE_HZ) ** 4)
    noise = np.fft.rfft(_noise(inputs * outputs, taps)) * rumble
    fall = 10 ** (-3 * np.arange(taps) / (room.decay_s * rate_hz))
    made = np.fft.irfft(noise * low, taps) * fall + np.fft.irfft(noise * (1 - low), taps) * fall**2
    # The power of an input comes back from all outputs together.
    made *= np.sqrt(1 / (outputs * np.sum(fall**2)))
    return np.asarray(made.reshape(inputs, outputs, taps), np.float32)


def _noise(rows: int, samples: int) -> Array:
    """Returns white noise of power 1, (rows, samples) float64: even from -1.73 to 1.73.

    Philox's raw words are the same on every machine and in every NumPy (NEP 19).
    """
    words = np.random.Philox(key=SEED).random_raw(rows * samples) >> np.uint64(11)
    return np.asarray((words.reshape(samples, rows).T / float(1 << 52) - 1) * np.sqrt(3))


def _fade_end(answer: Array, left: int, rate_hz: int) -> None:
    """Fades an answer, (channels, samples), to silence at the end of the film: `left` samples from its first."""
    fade = max(1, round(END_FADE_S * rate_hz))
    before = max(0, left - fade)
    if before < answer.shape[1]:
        run = (left - np.arange(before, answer.shape[1]) - 0.5) / fade
        answer[:, before:] *= np.sin(np.pi / 2 * np.clip(run, 0, 1)).astype(answer.dtype)
