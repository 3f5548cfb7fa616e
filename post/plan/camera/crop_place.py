"""Judges what a crop of one place cuts of what stands out, and finds the place that cuts least."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from post.measure.subjects import Subject, Subjects
from post.values import Window
from post.values.array import Array

CROPS = 0.985  # a crop that leaves out less than this is not seen
# Of a subject's upper part, what may lie beside the crop; of the picture's height, what may be cut off its top; of the
# subject's height, what may be cut off below: people are framed by the waist.
MOST_BESIDE, MOST_ABOVE, MOST_BELOW = 0.12, 0.03, 0.5
STEPS = 100  # places of a crop that are tried
TO_CENTRE = 0.05  # of what counts: what the edge of the source must gain over its centre
MARGIN = 3  # of the parts of a profile: a subject wants room beside it


def choose_focus(subjects: Subjects, window: Window) -> tuple[float, float]:
    """Returns the focus that keeps most of what counts, for all views of a clip together; the centre where nothing
    stands out. window: of the crop's size, wherever it lies."""
    return (
        _best([subject.across for view in subjects.views for subject in view], float(window.width)),
        _best([subject.down for view in subjects.views for subject in view], float(window.height)),
    )


def _best(profiles: Sequence[tuple[float, ...]], share: float) -> float:
    if share >= CROPS or not profiles:
        return 0.5
    profile = _with_margin(np.sum(profiles, axis=0))
    starts = np.linspace(0, 1 - share, STEPS + 1)
    kept = _within(profile, starts, starts + share) / profile.sum()
    worth = kept - TO_CENTRE * np.abs(starts / (1 - share) * 2 - 1)
    return round(float(starts[int(np.argmax(worth))]) + share / 2, 2)


def _with_margin(profile: Array) -> Array:
    """Returns a profile spread over MARGIN parts either way."""
    wide = 2 * MARGIN + 1
    return np.asarray(np.convolve(profile, np.ones(wide) / wide, "same"))


def _within(profile: Array, first: Array, stop: Array) -> Array:
    """Returns the sums of a profile from shares of its length to others."""
    running = np.concatenate([[0.0], np.cumsum(profile)])
    edges = np.linspace(0, 1, len(running))
    return np.asarray(np.interp(stop, edges, running) - np.interp(first, edges, running))


def judge_crop(subjects: Subjects, window: Window) -> tuple[float, str]:
    """Returns the largest share of a subject that a crop cuts, and the side where it does; (0.0, "") for none.

    A subject counts as cut if it is in more than half of the views.
    """
    cuts = [_worst(view, window) for view in subjects.views]
    found = sorted((cut for cut in cuts if cut[0]), reverse=True)
    if 2 * len(found) <= len(cuts):
        return 0.0, ""
    lost, side = found[len(found) // 2]
    return round(lost, 2), side


def _worst(view: Sequence[Subject], window: Window) -> tuple[float, str]:
    found = [cut for subject in view for cut in (_beside(subject, window), _above(subject, window)) if cut[0]]
    return max(found, default=(0.0, ""))


def _beside(subject: Subject, window: Window) -> tuple[float, str]:
    """Returns how much of a subject's upper part lies beside a crop, and on which side most of it does."""
    if window.width >= CROPS:
        return 0.0, ""
    profile = np.array(subject.upper)
    left, right = float(window.left), float(window.left + window.width)
    off = _within(profile, np.array([0.0, right]), np.array([left, 1.0])) / profile.sum()
    lost = float(off.sum())
    return (lost, "on the left" if off[0] >= off[1] else "on the right") if lost > MOST_BESIDE else (0.0, "")


def _above(subject: Subject, window: Window) -> tuple[float, str]:
    """Returns how much of a subject's height is cut off its top, or below where that is more than half of it."""
    if window.height >= CROPS:
        return 0.0, ""
    height = subject.bottom - subject.top
    above = float(window.top) - subject.top
    below = subject.bottom - float(window.top + window.height)
    if above > MOST_ABOVE:
        return min(above / height, 1.0), "at the top"
    return (min(below / height, 1.0), "at the bottom") if below > MOST_BELOW * height else (0.0, "")
