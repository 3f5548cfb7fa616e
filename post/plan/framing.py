"""Chooses what a crop keeps, and judges what it cuts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from post.job.model import Cut, Deliver, Focus, Job
from post.measure.attention.sights import Sights
from post.measure.subjects import Subject, Subjects
from post.picture.reframe import Reframe
from post.plan.camera.follow import Followed, follow
from post.values import Framed, Shot, Window
from post.values.array import Array
from post.values.media import Fact
from post.values.warning import JobWarning

AUTO = "auto"
CROPS = 0.985  # a crop that leaves out less than this is not seen
# Of a subject's upper part, what may lie beside the crop; of the picture's height, what may be cut off its top; of the
# subject's height, what may be cut off below: people are framed by the waist.
MOST_BESIDE, MOST_ABOVE, MOST_BELOW = 0.12, 0.03, 0.5
MOST_LOST = 0.5  # of what counts in a shot, beside a window that follows it
STEPS = 100  # places of a crop that are tried
TO_CENTRE = 0.05  # of what counts: what the edge of the source must gain over its centre
MARGIN = 3  # of the parts of a profile: a subject wants room beside it


def wants_subjects(cut: Cut, deliver: Deliver, shown: tuple[Fraction, int]) -> bool:
    """Returns whether a deliverable crops a shot. shown: width and height of its source, in square pixels."""
    window = _fitted(cut.reframe, deliver).window(shown, deliver.width, deliver.height)
    return window.width < CROPS or window.height < CROPS


def crops_of(job: Job, shots: Sequence[Shot], facts: Mapping[str, Mapping[str, Fact]]) -> Iterator[Framed]:
    """Yields each crop of each shot, deliverable by deliverable. facts: by take, then by measure."""
    for deliver in job.deliver:
        for cut, shot in zip(job.cut, shots, strict=True):
            if shot.take.picture.kind == "made":  # it is made at the film's size
                continue
            _, framed, _ = frame_shot(cut, shot, deliver, facts.get(cut.take, {}), job.clock.rate)
            if framed is not None:
                yield framed


def frame_shot(
    cut: Cut, shot: Shot, deliver: Deliver, facts: Mapping[str, Fact], rate: Fraction
) -> tuple[Reframe, Framed | None, tuple[Window, ...]]:
    """Returns how a shot is cropped for a deliverable; what that cuts, None where nothing is cropped; and the window of
    each of its frames where it moves. rate: frames a second of the film.

    The shot's own focus comes before the deliverable's; without either it is the centre.
    """
    size = deliver.width, deliver.height
    reframe, shown = _fitted(cut.reframe, deliver), shot.take.picture.shown
    found = facts["subjects"].value if "subjects" in facts else None
    subjects = found if isinstance(found, Subjects) else Subjects(())
    asked = cut.focus or deliver.focus
    followed = _follow(asked, reframe.window(shown, *size), shot, facts, rate)
    if followed is not None:
        focus = followed.focus
        reframe = replace(reframe, focus_x=focus[0], focus_y=focus[1], path=followed.path)
    elif asked == AUTO:
        focus = choose_focus(subjects, reframe.window(shown, *size))
        reframe = replace(reframe, focus_x=focus[0], focus_y=focus[1])
    elif not isinstance(asked, str):
        reframe = replace(reframe, focus_x=asked[0], focus_y=asked[1])
    window = reframe.window(shown, *size)
    if window.width >= CROPS and window.height >= CROPS:
        return reframe, None, ()
    lost, side = judge_crop(subjects, window) if followed is None else _judge_way(followed)
    how = AUTO if asked == AUTO else "given" if asked else "centre"
    focus = (reframe.focus_x, reframe.focus_y)
    better = choose_focus(subjects, window) if lost and how != AUTO else focus
    framed = Framed(shot.name, deliver.name, cut.where, how, focus, lost, side, better, reframe.path)
    return reframe, framed, () if followed is None or followed.still else followed.windows


def _follow(
    asked: Focus, window: Window, shot: Shot, facts: Mapping[str, Fact], rate: Fraction
) -> Followed | None:
    """Returns how a crop that is asked to be `auto` follows its shot; None where it does not."""
    found = facts["sights"].value if "sights" in facts else None
    inside = max(window.width, window.height) <= 1 and min(window.width, window.height) < CROPS
    if asked != AUTO or not isinstance(found, Sights) or not found.looks or not inside:
        return None
    return follow(shot, window, found, rate)


def _judge_way(followed: Followed) -> tuple[float, str]:
    """Returns what a window that follows loses of what counts, where that is most of it; (0.0, "") elsewhere."""
    lost = 1 - followed.kept
    return (round(lost, 2), "beside it") if lost > MOST_LOST else (0.0, "")


def _fitted(reframe: Reframe, deliver: Deliver) -> Reframe:
    return replace(reframe, fit=deliver.fit) if deliver.fit else reframe


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


def crop_warnings(crops: Iterable[Framed], films: Mapping[str, str] | None = None) -> Iterator[JobWarning]:
    """Yields a warning for each crop that cuts what stands out in its shot: once for films that crop it alike.

    films: what the film of each deliverable is called, where it is not called as the deliverable is.
    """
    alike: dict[tuple[str, ...], list[str]] = {}
    for each in crops:
        if each.lost:
            told = (each.shot, each.where, f"{each.lost:.0%} {each.side}", _better(each))
            alike.setdefault(told, []).append((films or {}).get(each.rendition, each.rendition))
    for (shot, where, got, fix), names in alike.items():
        crop, cut = ("crops", "cuts") if len(names) == 1 else ("crop", "cut")
        what = f"{', '.join(names)} {crop} it, and {cut} what stands out in it"
        yield JobWarning("crop-cuts", what, got, fix, f"shot {shot}", where, films=tuple(names))


def _better(framed: Framed) -> str:
    if framed.how == AUTO or framed.better == framed.focus:
        return "no crop of this shape keeps it whole; `fit: fit` shows all of it"
    return f"try `focus: auto`, which is [{framed.better[0]:g}, {framed.better[1]:g}] here, or `fit: fit`"
