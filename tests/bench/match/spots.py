"""Measures how far the shots of a spot are apart, before and after they are matched.

A spot is 4 to 6 takes of as many models or cameras, all of one half of the scenes, drawn by a fixed seed; its hero is
the first. Figures are measured in CIE Lab, on other pixels than the balance looks at, and by other code.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from post.measure.match import (
    Decision,
    MeasuredFigures,
    ShotFrames,
    When,
    decide_spot,
    decide_spot_by_figures,
    find_transfer,
    frames_of,
)
from post.takes.probe import probe
from post.values.array import Array
from post.values.shot_figures import ShotFigures
from post.values.time import Span
from tests.bench.match.scenes import SHOTS, Half

SEED, SPOTS, FEWEST, MOST = 20261129, 12, 4, 6
FIGURES = ("exposure", "contrast", "neutral", "saturation")
# Who made each take: two of one maker are never in one spot. Clips of one prompt are of one half.
MAKERS: Mapping[Half, Mapping[str, str]] = {
    "fit": {
        "ai_clips/cogvideox_3": "cogvideox", "ai_clips/diffsynth_toon_dog_mpeg4": "diffsynth",
        "ai_clips/heygen_avatar_a_362x380": "heygen", "ai_clips/ltx2_couple_dialogue": "ltx2",
        "ai_clips/ltx2_guitar_768x512": "ltx2", "ai_clips/ltx2_guitar_student": "ltx2",
        "ai_clips/ltx2_guitar_teacher": "ltx2", "ai_clips/ltx2_pigeons_768x512": "ltx2",
        "ai_clips/matrixgame2_forest": "matrixgame2", "ai_clips/moviegen_penguins_5s": "moviegen",
        "footage/bikes_street_272p": "bikes", "footage/rio_drone_720p": "rio",
        "footage/sam2_blocks_topdown": "blocks", "footage/sam2_juggle_grass": "juggle",
    },
    "held-out": {
        "ai_clips/cogvideox_1": "cogvideox", "ai_clips/diffsynth_office": "diffsynth",
        "ai_clips/fasthunyuan_hiker": "hunyuan", "ai_clips/longcat_vc_motorcycle_480sq": "longcat",
        "ai_clips/ltx2_dog_snow": "ltx2", "ai_clips/ltx2_official_student": "ltx2",
        "ai_clips/ltx2_official_teacher": "ltx2", "c2pa/video1_no_manifest": "phone",
        "footage/bbb_trailer_720p_mp3": "bbb", "footage/marathon_400p_2997": "marathon",
        "footage/phone_dog_1080p_vfr": "android", "footage/sam2_dog_courtyard": "courtyard",
    },
}  # fmt: skip
# Where greys stand: the densest place of a*, b* nearer to the axis than AXIS, and the median within CROWD of it.
AXIS, CROWD, SMOOTH, LEAST_GREYS = 15.0, 5.0, 2.5, 0.15
REACH, BINS = 24.0, 48
TILE = 240
JUDGED = 3  # one frame in so many


@dataclass(frozen=True, eq=False)
class Spot:
    """One spot. names: of its takes, the hero first; before, after: a frame of each; figures: (takes, 5) of each
    take before and after: L*, its deviation, a*, b*, C*."""

    names: tuple[str, ...]
    before: Sequence[Array]
    after: Sequence[Array]
    figures: tuple[Array, Array]
    decisions: tuple[Decision, ...]

    @property
    def falls(self) -> Array:
        """Returns (4,): the share by which the spread of each of FIGURES falls; nan where it has none.

        Greys are compared over the takes that have some on both sides: one that loses or gains its axis has moved
        nothing nearer.
        """
        axes = np.where(np.isnan(self.figures[0] + self.figures[1]), np.nan, 0)
        before, after = (spread(rows + axes) for rows in self.figures)
        return 1 - after / before


def spots(half: Half, seed: int = SEED) -> tuple[tuple[str, ...], ...]:
    """Returns the takes of each spot of a half."""
    draw, makers = np.random.default_rng(seed), MAKERS[half]
    names = sorted(set(makers.values()))
    found: list[tuple[str, ...]] = []
    while len(found) < SPOTS:
        chosen = draw.permutation(names)[: draw.integers(FEWEST, MOST + 1)]
        takes = tuple(
            str(draw.choice([n for n, of in sorted(makers.items()) if of == name])) for name in chosen
        )
        found += [takes] if takes not in found else []
    return tuple(found)


@cache
def frames(name: str) -> tuple[Array, ...]:
    """Returns frames of one shot of a take, as the matcher reads them."""
    path = Path(os.environ["ANSWERPRINT_MEDIA"]) / f"{name}.mp4"
    picture = probe(path, path.stem).picture
    first, last = SHOTS.get(path.stem, (0.0, 1.0))
    span = Span(int(first * picture.length), max(int(last * picture.length), int(first * picture.length) + 1))
    return tuple(frames_of(ShotFrames(path, picture, span)))


def matched(names: tuple[str, ...], when: When, house: ShotFigures | None = None) -> Spot:
    """Returns a spot with its takes matched to the first, or all of them to the figures of a house."""
    targets = [frames(name) for name in (names if house else names[1:])]
    whens = [when] * len(targets)
    if house:
        decisions: list[Decision | None] = [
            *decide_spot_by_figures(targets, MeasuredFigures(house, 1.0), whens)
        ]
    else:
        transfers = [_transfer(name, names[0], when) for name in names[1:]]
        decisions = [None, *decide_spot(targets, frames(names[0]), whens, transfers)]
    before = [frames(name)[::JUDGED] for name in names]
    after = [[_graded(rgb, made) for rgb in each] for each, made in zip(before, decisions, strict=True)]
    rows = tuple(np.array([shot_lab(shot) for shot in side]) for side in (before, after))
    middle = ([shot[len(shot) // 2] for shot in side] for side in (before, after))
    made = tuple(each for each in decisions if each)
    return Spot(names, next(middle), next(middle), (rows[0], rows[1]), made)


@cache
def _transfer(name: str, hero: str, when: When) -> Decision:
    return find_transfer(frames(name), frames(hero), when)


def _graded(rgb: Array, decision: Decision | None) -> Array:
    """Returns a frame after a decision's stage, in 8 bits as a film has it."""
    if decision is None:
        return rgb
    out = decision.stage.colour(rgb.reshape(-1, 3).astype(np.float64)).reshape(rgb.shape)
    return np.asarray(np.rint(np.clip(out, 0, 1) * 255) / 255, np.float32)


def shot_lab(shot: Sequence[Array]) -> Array:
    """Returns (5,): the median over a shot's frames of L*, its deviation, a* and b* of greys, and C*."""
    rows = np.array([frame_lab(rgb) for rgb in shot])
    found = np.median(rows, axis=0)
    greys = rows[~np.isnan(rows[:, 2]), 2:4]
    found[2:4] = np.median(greys, axis=0) if 2 * len(greys) >= len(rows) else np.nan
    return np.asarray(found)


def frame_lab(rgb: Array) -> Array:
    """Returns (5,): the median of L*, its standard deviation, a* and b* of greys (nan where there are too few), and
    the mean of C*. rgb: (height, width, 3) R'G'B', 0..1."""
    from skimage.color import rgb2lab

    light, a, b = rgb2lab(rgb[1::3, 1::3].astype(np.float64)).reshape(-1, 3).T
    return np.array([np.median(light), light.std(), *_axis(light, a, b), np.hypot(a, b).mean()])


def _axis(light: Array, a: Array, b: Array) -> tuple[float, float]:
    import cv2

    seen = (light > 20) & (light < 90)
    edges = np.linspace(-REACH, REACH, BINS + 1)
    crowd = np.histogram2d(a[seen], b[seen], [edges, edges])[0]
    middle = (edges[1:] + edges[:-1]) / 2
    far = np.hypot(middle[:, None], middle[None]) >= AXIS
    crowd = np.where(far, 0, cv2.GaussianBlur(crowd, (0, 0), SMOOTH))
    row, column = np.unravel_index(crowd.argmax(), crowd.shape)
    near = seen & (np.hypot(a - middle[row], b - middle[column]) < CROWD)
    if near.mean() < LEAST_GREYS:
        return np.nan, np.nan
    return float(np.median(a[near])), float(np.median(b[near]))


def spread(rows: Array) -> Array:
    """Returns (4,): the standard deviation of each of FIGURES over the takes of a spot, (takes, 5)."""
    greys = rows[~np.isnan(rows[:, 2]), 2:4]
    neutral = float(np.hypot(*greys.std(0))) if len(greys) > 1 else np.nan
    return np.array([rows[:, 0].std(), rows[:, 1].std(), neutral, rows[:, 4].std()])


def report(half: Half, found: Sequence[Spot]) -> str:
    """Returns a line for each spot, and what the bench is about: the median and the worst fall of each figure."""
    falls = np.array([spot.falls for spot in found])
    lines = [f"{half} half: fall of the spread in per cent: {', '.join(FIGURES)}; methods"]
    for spot, fall in zip(found, falls, strict=True):
        methods = " ".join(f"{made.method[0]}{100 * made.strength:.0f}" for made in spot.decisions)
        row = " ".join(f"{100 * each:5.0f}" for each in fall)
        lines.append(f"  {row}   {methods}   {' '.join(Path(name).name for name in spot.names)}")
    for word, value in (("median", np.nanmedian(falls, 0)), ("least", np.nanmin(falls, 0))):
        lines.append(f"  {' '.join(f'{100 * each:5.0f}' for each in value)}   {word}")
    return "\n".join(lines)


def sheet(spot: Spot) -> Image.Image:
    """Returns a picture of a spot: its takes before, and below them after."""
    wide = len(spot.names) * TILE
    out = Image.new("RGB", (wide, 2 * TILE + 16), "black")
    draw = ImageDraw.Draw(out)
    for column, name in enumerate(spot.names):
        for row, side in enumerate((spot.before, spot.after)):
            picture = Image.fromarray(np.rint(side[column] * 255).astype(np.uint8))
            picture.thumbnail((TILE - 4, TILE - 4))
            out.paste(picture, (column * TILE, 16 + row * TILE))
        draw.text((column * TILE, 2), Path(name).name[:38], "white")
    return out
