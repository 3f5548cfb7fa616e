"""Chooses what a crop keeps, and judges what it cuts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from post.job.model import Box, Cut, Deliver, Focus, Job
from post.knob import duration_seconds
from post.measure.attention.sights import Sights
from post.measure.subjects import Subjects
from post.picture.reframe import AUTO, Reframe
from post.plan.camera.crop_place import CROPS, choose_focus, judge_crop
from post.plan.camera.filling import MUST, Crop, fill_for, judge_way, kept_cut
from post.plan.camera.follow import Followed, follow
from post.plan.camera.keyed import follow_keys
from post.values import Clock, Framed, Shot, Window
from post.values.media import Fact
from post.values.warning import JobWarning

KEYS = "keys"  # how a crop goes whose focus is given by hand, time by time


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


def asked_focus(cut: Cut, deliver: Deliver) -> Focus:
    """Returns what is asked of a shot's focus in a deliverable: a point, "auto", "keys", or "" for the centre.

    The shot's own comes before the deliverable's. A crop that may be given up for a fill looks for the best one first.
    """
    if cut.focus_keys:
        return KEYS
    return cut.focus or deliver.focus or (AUTO if _fitted(cut.reframe, deliver).fill == AUTO else "")


def frame_shot(
    cut: Cut, shot: Shot, deliver: Deliver, facts: Mapping[str, Fact], rate: Fraction
) -> tuple[Reframe, Framed | None, tuple[Window, ...]]:
    """Returns how a shot is framed for a deliverable; what its crop cuts, None where nothing is cropped or filled for
    a reason; and the window of each of its frames where it moves. rate: frames a second of the film."""
    size = deliver.width, deliver.height
    crop, asked = _crop(cut, shot, deliver, facts, rate), asked_focus(cut, deliver)
    reframe = crop.reframe
    window = reframe.window(shot.take.picture.shown, *size)
    if window.width >= CROPS and window.height >= CROPS:
        return reframe, None, ()
    subjects, focus = _subjects(facts), (reframe.focus_x, reframe.focus_y)
    how = asked if isinstance(asked, str) and asked else "given" if asked else "centre"
    framed = Framed(shot.name, deliver.name, cut.where, how, focus, crop.lost, crop.side, focus, reframe.path)
    if reframe.fill == AUTO:
        filled = fill_for(crop, subjects, window)
        if filled is not None:
            framed = replace(framed, lost=0.0, side="", path="", fill=filled.ground, reason=filled.reason)
            return filled, framed, ()
        reframe = replace(reframe, fill="crop")
    if crop.lost and how != AUTO:
        framed = replace(framed, better=choose_focus(subjects, window))
    return reframe, framed, crop.windows


def _crop(cut: Cut, shot: Shot, deliver: Deliver, facts: Mapping[str, Fact], rate: Fraction) -> Crop:
    """Returns how a shot is cropped for a deliverable."""
    size, shown = (deliver.width, deliver.height), shot.take.picture.shown
    reframe, asked = _fitted(cut.reframe, deliver), asked_focus(cut, deliver)
    subjects, window = _subjects(facts), reframe.window(shown, *size)
    if asked == KEYS and max(window.width, window.height) <= 1:
        keys = [(duration_seconds(when, Clock(rate)), x, y) for when, x, y in cut.focus_keys]
        followed: Followed | None = follow_keys(shot, window, keys, rate, cut.keep)
    else:
        followed = _follow(asked, window, shot, (facts, cut.keep), rate)
    if followed is not None:
        x, y = followed.focus
        reframe = replace(reframe, focus_x=x, focus_y=y, path=followed.path)
        return Crop(reframe, *judge_way(followed), followed)
    if asked == AUTO:
        x, y = choose_focus(subjects, window)
        reframe = replace(reframe, focus_x=x, focus_y=y)
    elif not isinstance(asked, str):
        reframe = replace(reframe, focus_x=asked[0], focus_y=asked[1])
    window = reframe.window(shown, *size)
    cut_off = kept_cut(cut.keep, window)
    return Crop(reframe, *((cut_off, MUST) if cut_off else judge_crop(subjects, window)), keep=cut.keep)


def _subjects(facts: Mapping[str, Fact]) -> Subjects:
    found = facts["subjects"].value if "subjects" in facts else None
    return found if isinstance(found, Subjects) else Subjects(())


def _follow(
    asked: Focus, window: Window, shot: Shot, known: tuple[Mapping[str, Fact], Sequence[Box]], rate: Fraction
) -> Followed | None:
    """Returns how a crop that is asked to be `auto` follows its shot; None where it does not. known: what was measured
    of the take, and the boxes that must stay whole."""
    facts, keep = known
    found = facts["sights"].value if "sights" in facts else None
    inside = max(window.width, window.height) <= 1 and min(window.width, window.height) < CROPS
    if asked != AUTO or not isinstance(found, Sights) or not found.looks or not inside:
        return None
    return follow(shot, window, found, rate, keep)


def _fitted(reframe: Reframe, deliver: Deliver) -> Reframe:
    fitted = replace(reframe, fit=deliver.fit) if deliver.fit else reframe
    return replace(fitted, fill=deliver.fill) if deliver.fill else fitted


def framing_origins(framed: Framed, job: Job) -> Iterator[tuple[str, str, str]]:
    """Yields what was decided of a crop as `plan` lists it: (place in the job, value, why)."""
    number = [cut.name for cut in job.cut].index(framed.shot)
    if framed.fill:
        yield f"cut[{number}].fill ({framed.rendition})", framed.fill, f"auto: {framed.reason}"
    elif framed.how == AUTO:
        x, y = framed.focus
        value, why = framed.path or f"{x:g} {y:g}", "follows" if framed.path else "keeps most of"
        yield f"cut[{number}].focus ({framed.rendition})", value, f"auto: {why} what stands out"


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
        return "no crop of this shape keeps it whole; `fill: auto` shows all of it where that is so"
    return f"try `focus: auto`, which is [{framed.better[0]:g}, {framed.better[1]:g}] here, or `fit: fit`"
