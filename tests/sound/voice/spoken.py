"""Synthesises something like speech: a voice with formants that says syllables, with pauses between phrases."""

from __future__ import annotations

import numpy as np
from scipy.signal import lfilter

from post.values.array import Array
from post.values.time import Span

# Formants in Hz of a, e, i, o and u as men say them. Source: Peterson and Barney, JASA 24, 1952.
VOWELS = ((730, 1090, 2440), (530, 1840, 2480), (270, 2290, 3010), (570, 840, 2410), (300, 870, 2240))
WIDTHS = (80, 110, 160)
SYLLABLE_S, GAP_S = 0.17, 0.05


def spoken(seconds: float, rate: int, *, pitch_hz: float = 120.0, seed: int = 1) -> Array:
    """Returns syllables without a pause, (samples,) float64, peaks near 0.5."""
    random = np.random.default_rng(seed)
    made = np.zeros(round(seconds * rate))
    at, step = 0, round((SYLLABLE_S + GAP_S) * rate)
    while at < len(made):
        said = _syllable(random, rate, pitch_hz)[: len(made) - at]
        made[at : at + len(said)] += said
        at += step
    return np.asarray(0.5 * made / max(1e-9, float(np.abs(made).max())))


def phrases(
    seconds: float, rate: int, spans: tuple[tuple[float, float], ...]
) -> tuple[Array, tuple[Span, ...]]:
    """Returns a voice that speaks between the times given in seconds, (samples, 1) float32, and their spans."""
    made = np.zeros((round(seconds * rate), 1), np.float32)
    where = tuple(Span(round(first * rate), round(stop * rate)) for first, stop in spans)
    for number, each in enumerate(where):
        made[each.first : each.stop, 0] = spoken(len(each) / rate, rate, seed=number + 1)
    return made, where


def _syllable(random: np.random.Generator, rate: int, pitch_hz: float) -> Array:
    samples = round(SYLLABLE_S * rate)
    n = np.arange(samples) / samples
    pitch = pitch_hz * random.uniform(0.85, 1.2) * (1 + 0.12 * np.sin(np.pi * n) - 0.1 * n)
    phase = np.cumsum(pitch / rate)
    pulses = np.diff(np.floor(phase), prepend=0.0) + 0.01 * random.standard_normal(samples)
    for hz, width in zip(VOWELS[random.integers(len(VOWELS))], WIDTHS, strict=True):
        radius = np.exp(-np.pi * width / rate)
        turn = -2 * radius * np.cos(2 * np.pi * hz * random.uniform(0.95, 1.05) / rate)
        pulses = lfilter([1 + turn + radius**2], [1, turn, radius**2], pulses)
    voiced = pulses * np.sin(np.pi * n) ** 0.6
    hiss = np.diff(random.standard_normal(samples + 1)) * np.exp(-((n / 0.12) ** 2))
    return np.asarray(voiced / np.abs(voiced).max() + 0.15 * hiss / np.abs(hiss).max())
