"""Silero VAD 6 in NumPy: how likely there is speech in each 32 ms of sound.

The network is small: a spectrum, four convolutions, a cell of 128 that remembers, a weighted sum. All but the cell is
computed for many windows at once, as products of matrices, in double precision. So what these products round, which
differs by machine and by number of threads, stays below 1e-12, and chances are rounded far above it.
Source: Silero Team, "Silero VAD", 2024, MIT, github.com/snakers4/silero-vad; its ONNX model gives the same within .01
(the wheel's weights have half its precision).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from post.caching import shared
from post.sound.voice.weights import read_voice_weights
from post.values.array import Array

RATE_HZ = 16000
WINDOW, CONTEXT = 512, 64  # samples that a chance is of, and those before them that it also hears
SPECTRUM, STEP, SPECTRA = 256, 128, 4
BINS, CELLS = 129, 128
STRIDES = (1, 2, 2, 1)
BLOCK = 256  # windows at a time: 8 s, and 16 MB
DECIMALS = 4


def speech_chances(pieces: Iterable[Array]) -> Array:
    """Returns how likely there is speech in each window of 512 samples, 0 to 1, (windows,) float64.

    pieces: mono sound at 16 kHz, full scale 1, one after the other, each (samples,). The last window is filled up with
    silence. A chance depends on all sound before it.
    """
    network = _network()
    before, cell, chances = np.zeros(CONTEXT), np.zeros((2, CELLS)), [np.zeros(0)]
    for block in _blocks(pieces):
        heard = np.concatenate([before, block])
        before = heard[-CONTEXT:]
        chances.append(network.run(heard, cell))
    return np.round(np.concatenate(chances), DECIMALS)


def _blocks(pieces: Iterable[Array]) -> Iterator[Array]:
    """Yields the same sound in blocks of whole windows, float64."""
    rest, size = np.zeros(0), BLOCK * WINDOW
    for piece in pieces:
        rest = np.concatenate([rest, piece])
        while len(rest) >= size:
            yield rest[:size]
            rest = rest[size:]
    if len(rest):
        yield np.pad(rest, (0, -len(rest) % WINDOW))


class _Network:
    """The weights, in the form that products of matrices take."""

    def __init__(self, weights: dict[str, Array]) -> None:
        self._spectrum = weights["stft.forward_basis_buffer"][:, 0].T.copy()
        self._layers = [
            # (3 * channels in, channels out), the three places of the kernel one after the other.
            (_kernel(weights[f"encoder.{n}.reparam_conv.weight"]), weights[f"encoder.{n}.reparam_conv.bias"], stride)
            for n, stride in enumerate(STRIDES)
        ]  # fmt: skip
        self._heard = weights["decoder.rnn.weight_ih"].T.copy()
        self._kept = weights["decoder.rnn.weight_hh"]
        self._bias = weights["decoder.rnn.bias_ih"] + weights["decoder.rnn.bias_hh"]
        self._last = weights["decoder.decoder.2.weight"], float(weights["decoder.decoder.2.bias"])

    def run(self, heard: Array, cell: Array) -> Array:
        """Returns the chance of each window. heard: the context and the windows behind it; cell: (output, memory) of
        the cell, which is changed."""
        windows = np.lib.stride_tricks.sliding_window_view(heard, CONTEXT + WINDOW)[::WINDOW]
        windows = np.concatenate([windows, windows[:, -2 : -2 - STEP // 2 : -1]], axis=1)
        parts = np.lib.stride_tricks.sliding_window_view(windows, SPECTRUM, axis=1)[:, ::STEP]
        waves = parts.reshape(-1, SPECTRUM) @ self._spectrum
        power = np.square(waves[:, :BINS]) + np.square(waves[:, BINS:])
        layer = np.sqrt(power).reshape(-1, SPECTRA, BINS)
        for kernel, bias, stride in self._layers:
            layer = _convolved(layer, kernel, bias, stride)
        outputs = self._remembered(layer[:, 0] @ self._heard + self._bias, cell)
        weight, over = self._last
        return _sigmoid(np.maximum(outputs, 0) @ weight + over)

    def _remembered(self, inputs: Array, cell: Array) -> Array:
        """Returns what the cell gives for each window, (windows, 128). Source: Hochreiter and Schmidhuber, 1997."""
        outputs = np.empty((len(inputs), CELLS))
        output, memory = cell
        for window, given in enumerate(inputs):
            sums = given + self._kept @ output
            gates = _sigmoid(sums)
            memory = gates[CELLS : 2 * CELLS] * memory + gates[:CELLS] * np.tanh(sums[2 * CELLS : 3 * CELLS])
            output = outputs[window] = gates[3 * CELLS :] * np.tanh(memory)
        cell[:] = output, memory
        return outputs


@shared(1)
def _network() -> _Network:
    return _Network(read_voice_weights())


def _kernel(weight: Array) -> Array:
    return np.ascontiguousarray(weight.transpose(2, 1, 0).reshape(-1, len(weight)))


def _convolved(layer: Array, kernel: Array, bias: Array, stride: int) -> Array:
    """Returns a layer, (windows, times, channels), convolved over time, and what is above 0 of it."""
    windows, _, channels = layer.shape
    padded = np.pad(layer, ((0, 0), (1, 1), (0, 0)))
    places = np.lib.stride_tricks.sliding_window_view(padded, 3, axis=1)[:, ::stride].transpose(0, 1, 3, 2)
    product = places.reshape(-1, 3 * channels) @ kernel
    return np.asarray(np.maximum(product + bias, 0).reshape(windows, -1, product.shape[1]))


def _sigmoid(values: Array) -> Array:
    return np.asarray(0.5 + 0.5 * np.tanh(values / 2))
