"""Measures the colours of the picture: banned ones by area and time, and how much of what is coloured is allowed."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from post.brief.footage import Footage, run_of
from post.brief.found import blind, figure
from post.job.brief.picture_checks import PaletteCheck
from post.measure.fact import Unmeasured
from post.values.array import Array
from post.values.brand.difference import ciede2000, lab
from post.values.claim import Box
from provenance.policy.check import CheckOutcome

COLOURED = 18.0  # CIELAB chroma from which a pixel is coloured, and not a grey with a tint
LEAST_COLOURED = 0.02  # of the picture: with less, it has no colours to judge


def judge_palette(check: PaletteCheck, footage: Footage) -> CheckOutcome:
    """Judges the colours of footage, on small pictures of its frames."""
    required = _required(check)
    thumbs = footage.thumbs
    if isinstance(thumbs, Unmeasured):
        return blind(thumbs, required)
    numbers, rgb = thumbs
    colours = lab(rgb)
    told = list[str]()
    for wanted in check.banned:
        seen, area, at = _area(colours, wanted, check, numbers, footage)
        told.append(f"{wanted} fills {figure(100 * area, '%')}")
        if seen is not None:
            first, stop = seen
            best = first + int(np.argmax(at[first:stop].mean((1, 2))))
            last = int(numbers[stop - 1]) + (int(numbers[1] - numbers[0]) if len(numbers) > 1 else 1)
            stretch = footage.seconds(int(numbers[first]), last)
            found = f"{wanted} fills {figure(100 * area, '%')} for {float(stretch[1] - stretch[0]):.2f} s"
            box = _box(at[best], footage)
            return CheckOutcome(
                "fail", found, required, _evidence(numbers), (stretch,), box, int(numbers[best])
            )
    share = _allowed(colours, check) if check.allowed else None
    if share is None:
        return CheckOutcome("pass", "; ".join(told) or "nothing is coloured", required, _evidence(numbers))
    near, worst = share
    told.append(f"{figure(100 * near, '%')} of what is coloured is near an allowed colour")
    verdict = "fail" if 100 * near < check.coloured_percent else "pass"
    return CheckOutcome(
        "fail" if verdict == "fail" else "pass", "; ".join(told), required, _evidence(numbers),
        (footage.seconds(int(numbers[worst])),), frame=int(numbers[worst]),
    )  # fmt: skip


def _area(
    colours: Array, wanted: str, check: PaletteCheck, numbers: Array, footage: Footage
) -> tuple[tuple[int, int] | None, float, Array]:
    """Returns the longest run of frames in which a banned colour is seen for too long, None for none; its largest area,
    0..1; and where it is in each frame."""
    at = ciede2000(colours, _lab_of(wanted)) <= check.delta_e
    area = at.mean((1, 2))
    every = int(numbers[1] - numbers[0]) if len(numbers) > 1 else 1
    rate = footage.picture.grid.rate
    least = int(Fraction(str(check.seconds)) * rate / every) + 1
    runs = run_of(100 * area > check.area_percent, min(least, len(numbers)))
    longest = max(runs, key=lambda run: run[1] - run[0], default=None)
    return longest, float(area.max()), at


def _allowed(colours: Array, check: PaletteCheck) -> tuple[float, int] | None:
    """Returns the share of coloured pixels that are near an allowed colour, whatever its lightness, and the frame with
    the least; None where next to nothing is coloured."""
    coloured = np.hypot(colours[..., 1], colours[..., 2]) >= COLOURED
    if coloured.mean() < LEAST_COLOURED:
        return None
    near = np.zeros(coloured.shape, bool)
    for wanted in check.allowed:
        # Light and shade move lightness: a colour is compared at its own.
        target = np.broadcast_to(_lab_of(wanted), colours.shape).copy()
        target[..., 0] = colours[..., 0]
        near |= ciede2000(colours, target) <= check.delta_e
    counts = coloured.sum((1, 2))
    shares = np.where(counts > 0, (near & coloured).sum((1, 2)) / np.maximum(counts, 1), 1.0)
    return float((near & coloured).sum() / coloured.sum()), int(np.argmin(shares))


def _lab_of(colour: str) -> Array:
    return lab(np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255)


def _box(at: Array, footage: Footage) -> Box | None:
    """Returns the largest connected part of a picture that has the colour."""
    import cv2

    count, _, stats, _ = cv2.connectedComponentsWithStats(at.astype(np.uint8), connectivity=8)
    if count < 2:
        return None
    left, top, wide, high, _ = (int(each) for each in stats[1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))])
    height, width = at.shape
    return footage.box(left / width, top / height, (left + wide) / width, (top + high) / height)


def _required(check: PaletteCheck) -> str:
    banned = (
        f"{', '.join(check.banned)} (within {figure(check.delta_e)} dE2000) on up to "
        f"{figure(check.area_percent, '%')} of the picture, or for up to {figure(check.seconds, 's')}"
    )
    allowed = f"{figure(check.coloured_percent, '%')} of what is coloured near {', '.join(check.allowed)}"
    return "; ".join([*([banned] if check.banned else []), *([allowed] if check.allowed else [])])


def _evidence(numbers: Array) -> str:
    return f"{len(numbers)} frames, at 64 pixels of the longer side"
