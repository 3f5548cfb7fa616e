"""Decides in which frames a label shows: throughout, or for a while at first and again at intervals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from post.errors import JobError
from post.job.model import Timed
from post.knob import duration_frames
from post.picture.label import INITIAL, LEAST_DWELL_S, Label
from post.plan.layers import DrawnLayer
from post.values import Format, Span


def repeat_labels(layers: Sequence[DrawnLayer], film: Format) -> list[DrawnLayer]:
    """Returns the layers, a label that does not show throughout once for each time that it shows.

    Raises JobError for a label that shows too short a time to be read.
    """
    return [
        replace(layer, placement=replace(layer.placement, span=span))
        for layer in layers
        for span in _showings(layer, film)
    ]


def _showings(layer: DrawnLayer, film: Format) -> Iterator[Span]:
    whole, label = layer.placement.span, layer.timed.layer
    if not isinstance(label, Label) or label.show != INITIAL:
        yield whole
        return
    dwell = duration_frames(label.dwell, film.clock)
    every = duration_frames(label.every, film.clock)
    _check(layer.timed, label, (dwell, every), (whole, film))
    first = whole.first
    yield Span(first, min(first + dwell, whole.stop))
    while every and first + every + dwell <= whole.stop:
        first += every
        yield Span(first, first + dwell)


def _check(timed: Timed, label: Label, frames: tuple[int, int], shown: tuple[Span, Format]) -> None:
    """Raises JobError where the label shows too briefly. shown: the frames that it may show in, and the film."""
    (dwell, every), (whole, film) = frames, shown
    if len(whole) < LEAST_DWELL_S * film.clock.rate and len(whole) < film.length:
        raise JobError(
            "the label does not show for long enough",
            where=f"{timed.where}: label.length",
            expected=f"at least {LEAST_DWELL_S} s (GB 45438-2025)",
            got=f"{float(film.clock.seconds(len(whole))):.2f} s",
            fix="start it earlier, or leave `length` out: `dwell` says how long it shows",
        )
    if dwell < LEAST_DWELL_S * film.clock.rate:
        raise JobError(
            "the label does not show for long enough",
            where=f"{timed.where}: label.dwell",
            expected=f"at least {LEAST_DWELL_S} s (GB 45438-2025)",
            got=label.dwell,
            fix="let it show for longer, or throughout with `show: continuous`",
        )
    if 0 < every <= dwell:
        raise JobError(
            "the label would come again before it has gone",
            where=f"{timed.where}: label.every",
            expected=f"longer than its dwell of {label.dwell}",
            got=label.every,
            fix="use a longer time, or `show: continuous`",
        )
