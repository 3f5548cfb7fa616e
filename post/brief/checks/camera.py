"""Measures how fast and which way the camera moves, and how much moves at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from post.brief.footage import Footage
from post.brief.found import Limit, asks, blind, judged
from post.job.brief.motion_checks import CameraCheck, DirectionCheck, MotionCheck
from post.measure.cuts import Cuts
from post.measure.fact import Unmeasured
from post.measure.film.camera import CameraMoves
from post.measure.motion import ClipMotion
from post.values.array import Array
from provenance.policy.check import CheckOutcome

# Of what shows motion, how much has to move with the camera, in the usual frame, for its movement to be known. Real and
# generated clips have .69 and more; noise has both 0 and 1.
LEAST_SHARE = 0.5
SMOOTH_S = 0.5  # a camera's path is smoothed over this: what is left is shake
WAYS = ("pan", "tilt", "zoom", "roll")


@dataclass(frozen=True, slots=True)
class Paths:
    """The camera's path over footage as it is shown. steps: by way, what it moves from each frame to the next, (n,);
    share: of the steps, (n,); rate: steps a second; at: the frame of the file before each step, (n,)."""

    steps: dict[str, Array]
    share: Array
    rate: float
    at: Array


def camera_paths(footage: Footage) -> list[Paths] | Unmeasured:
    """Returns the camera's path in each shot of footage, as it is shown: at the speed of the cut."""
    found = footage.value("camera", CameraMoves)
    if isinstance(found, Unmeasured):
        return found
    cuts = footage.value("cuts", Cuts)
    edges = [0, *(cuts.frames if isinstance(cuts, Cuts) else ()), footage.picture.length]
    places, rate = footage.shown
    whole = {name: np.concatenate([[0.0], np.cumsum(getattr(found, name))]) for name in WAYS}
    share = np.concatenate([[1.0], found.share]) if found.share else np.ones(1)
    grid = np.arange(len(whole["pan"]), dtype=np.float64)
    made = []
    for first, stop in pairwise(edges):
        inside = places[(places > first - 0.5) & (places < stop - 0.5)].clip(first, stop - 1)
        if len(inside) < 2:
            continue
        steps = {name: np.diff(np.interp(inside, grid, path)) for name, path in whole.items()}
        after = np.minimum(np.ceil(inside[1:]).astype(int), len(share) - 1)
        made.append(Paths(steps, share[after], rate, inside[:-1]))
    return made or Unmeasured("it has no two frames of one shot")


def judge_camera(check: CameraCheck, footage: Footage) -> CheckOutcome:
    """Judges the camera's speed over windows of time, and its shake."""
    limits = {name: getattr(check, name) for name in (*WAYS, "shake")}
    required = ", ".join(f"{name} {most:g}" for name, most in limits.items() if most is not None)
    paths = camera_paths(footage)
    if isinstance(paths, Unmeasured):
        return blind(paths, required)
    units = {"pan": "% a second", "tilt": "% a second", "zoom": "% a second", "roll": "degrees a second"}
    found = [
        _fastest(paths, name, units[name], limits[name], check.seconds, footage)
        for name in WAYS
        if limits[name] is not None
    ]
    if check.shake is not None:
        found.append(_shakiest(paths, check.shake, footage))
    share = float(np.median(np.concatenate([each.share for each in paths])))
    told = judged(found, f"{100 * share:.0f} % of what shows motion moves with the camera")
    if share < LEAST_SHARE:
        return asks(f"most of the picture does not move as one; {told.found}", told.required, told.evidence)
    return told


def _fastest(
    paths: Sequence[Paths], name: str, unit: str, most: float | None, seconds: float, footage: Footage
) -> Limit:
    worst, frame, stop = 0.0, footage.span.first, footage.span.first + 1
    for path in paths:
        steps = path.steps[name]
        window = max(1, min(round(seconds * path.rate), len(steps)))
        speeds = np.abs(np.convolve(steps, np.ones(window), "valid")) * path.rate / window
        at = int(np.argmax(speeds))
        if speeds[at] > worst:
            ends = path.at[at], path.at[min(at + window, len(path.at) - 1)]
            worst, frame, stop = float(speeds[at]), int(min(ends)), int(max(ends)) + 1
    return Limit(name, worst, unit, None, most, (footage.seconds(frame, stop),), frame)


def _shakiest(paths: Sequence[Paths], most: float, footage: Footage) -> Limit:
    """Returns how far the camera is from its own smooth path, root mean square, in the worst shot."""
    worst, frame, stop = 0.0, footage.span.first, footage.span.first + 1
    for path in paths:
        window = max(3, round(SMOOTH_S * path.rate)) | 1
        if len(path.at) < window:
            continue
        tracks = np.stack([np.cumsum(path.steps[name]) for name in ("pan", "tilt")])
        smooth = np.stack([np.convolve(each, np.ones(window) / window, "valid") for each in tracks])
        inner = tracks[:, window // 2 : window // 2 + smooth.shape[1]]
        off = float(np.sqrt(((inner - smooth) ** 2).sum(0).mean()))
        if off > worst:
            worst, frame, stop = off, int(path.at.min()), int(path.at.max()) + 1
    return Limit("shake", worst, "% of the width", None, most, (footage.seconds(frame, stop),), frame)


def judge_direction(check: DirectionCheck, footage: Footage) -> CheckOutcome:
    """Judges which way the camera goes over each shot of footage, by the way that it goes furthest."""
    required = f"the camera {'stands' if check.way == 'still' else f'goes {check.way}'}"
    paths = camera_paths(footage)
    if isinstance(paths, Unmeasured):
        return blind(paths, required)
    names = {"pan": ("right", "left"), "tilt": ("up", "down"), "zoom": ("in", "out")}
    ways, worst_share = list[str](), 1.0
    for path in paths:
        seconds = len(path.at) / path.rate
        speeds = {name: float(path.steps[name].sum()) / seconds for name in names}
        name = max(speeds, key=lambda each: abs(speeds[each]))
        way = "still" if abs(speeds[name]) < check.least_percent else names[name][speeds[name] < 0]
        ways.append(f"{way} ({abs(speeds[name]):.1f} % a second)")
        worst_share = min(worst_share, float(np.median(path.share)))
    bad = [each for each in ways if not each.startswith(f"{check.way} ")]
    frame = footage.span.first
    at = (footage.seconds(frame, footage.span.stop),)
    told = f"the camera's way is {', '.join(dict.fromkeys(bad or ways))}"
    evidence = f"{100 * worst_share:.0f} % of what shows motion moves with the camera"
    if worst_share < LEAST_SHARE:
        return asks(f"most of the picture does not move as one; {told}", required, evidence)
    return CheckOutcome("fail" if bad else "pass", told, required, evidence, at, frame=frame)


def judge_motion(check: MotionCheck, footage: Footage) -> CheckOutcome:
    """Judges the path of the usual pixel in a second, the camera's movement with it."""
    found = footage.value("motion", ClipMotion)
    if isinstance(found, Unmeasured):
        return blind(found, "how much moves")
    cuts = footage.value("cuts", Cuts)
    at = set(cuts.frames) if isinstance(cuts, Cuts) else set[int]()
    steps = [
        path
        for frame, path in enumerate(found.moved, start=1)
        if frame not in at and footage.span.first < frame < footage.span.stop
    ]
    if not steps:
        return blind("it has no two frames of one shot", "how much moves")
    places, rate = footage.shown
    # What a shot shows of a take passes at the speed of the cut.
    speed = float(np.abs(np.diff(places)).mean()) * rate if len(places) > 1 else rate
    return judged(
        [Limit("the usual pixel moves", speed * float(np.mean(steps)), "% a second", check.least, check.most)]
    )
