"""Plots a film's sound on one time axis: waveform, cuts, voice, room tone, loudness, and how beds give way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from post.deliver.check import MeasuredFilm
from post.deliver.sound.account import duck_words, sound_account
from post.report.plots.duck_plot import DuckPlot, PlotSpan, duck_plot
from post.report.plots.loudness_plot import WIDTH, LoudnessPlot, loudness_plot
from post.report.plots.waveform import waveform
from post.values import Rendition, Span
from post.values.array import Array

WAVE_HEIGHT, GAP = 84, 30  # of the waveform, and between lanes


@dataclass(frozen=True, slots=True)
class DuckLane:
    """A lane with how a stem gives way. y: of its top."""

    y: float
    duck: DuckPlot


@dataclass(frozen=True, slots=True)
class SoundPlot:
    """All lanes of a film's sound, top down: the waveform, its loudness, then each stem that gives way.

    wave: SVG points; voice, tone: where there is voice, and where room tone fills a gap; cuts: x of each;
    loudness_y: of that lane's top; height: of all.
    """

    wave: str
    wave_height: int
    voice: tuple[PlotSpan, ...]
    tone: tuple[PlotSpan, ...]
    cuts: tuple[float, ...]
    loudness: LoudnessPlot
    loudness_y: float
    ducks: tuple[DuckLane, ...]
    width: int
    height: float


def sound_plot(pcm: Array, measured: MeasuredFilm, rendition: Rendition) -> SoundPlot:
    """Returns the plot of a finished film's sound. pcm: as it decodes, (samples, channels) float."""
    mix, notes = rendition.mix, measured.notes
    length = max(len(pcm), 1)
    account = sound_account(measured, rendition) or {"ducks": []}
    curve = loudness_plot(pcm, mix.rate_hz, mix.loudness_lufs)
    top, lanes = float(WAVE_HEIGHT + GAP + curve.height), list[DuckLane]()
    for note, told in zip(notes.ducks, account["ducks"], strict=True):
        plot = duck_plot(note, length, WIDTH, duck_words(told))
        lanes.append(DuckLane(top + GAP, plot))
        top += GAP + plot.height
    clock = rendition.format.clock
    edges = (clock.samples(shot.span.first, mix.rate_hz) for shot in rendition.shots[1:])
    voice = dict.fromkeys(span for note in notes.ducks for span in note.passages)
    return SoundPlot(
        waveform(pcm, WIDTH, WAVE_HEIGHT),
        WAVE_HEIGHT,
        _stretches(voice, length),
        _stretches(notes.tone, length),
        tuple(round(edge / length * WIDTH, 1) for edge in edges),
        curve,
        WAVE_HEIGHT + GAP,
        tuple(lanes),
        WIDTH,
        top,
    )


def _stretches(spans: Iterable[Span], length: int) -> tuple[PlotSpan, ...]:
    return tuple(
        PlotSpan(round(span.first / length * WIDTH, 1), max(0.5, round(len(span) / length * WIDTH, 1)))
        for span in spans
    )
