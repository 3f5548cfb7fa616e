"""Makes the pairs to match: pictures of many scenes, split by scene, and views that overlap more or less.

Pictures ship with scikit-image and, where ANSWERPRINT_MEDIA is set, come from the shared clips. A scene is
whatever shows the same thing: both clips made from one prompt, both pictures of a stereo pair.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np

from post.measure.match.frames import read_clip, smaller_rgb
from post.measure.stills import read_still
from post.takes.probe import probe
from post.values.array import Array

Half = Literal["fit", "held-out"]
View = Literal["same", "overlap", "disjoint", "unrelated"]
VIEWS: tuple[View, ...] = ("same", "overlap", "disjoint", "unrelated")
STILLS = ("astronaut", "coffee", "chelsea", "rocket")
# Medical and astronomical pictures are left out: nobody edits them together.
CLIPS = (
    "ai_clips/cogvideox_1.mp4", "ai_clips/cogvideox_3.mp4", "ai_clips/diffsynth_office.mp4",
    "ai_clips/diffsynth_toon_dog_mpeg4.mp4", "ai_clips/fasthunyuan_hiker.mp4",
    "ai_clips/heygen_avatar_a_362x380.mp4", "ai_clips/longcat_vc_motorcycle_480sq.mp4",
    "ai_clips/ltx2_couple_dialogue.mp4", "ai_clips/ltx2_dog_snow.mp4", "ai_clips/ltx2_guitar_teacher.mp4",
    "ai_clips/ltx2_official_student.mp4", "ai_clips/ltx2_pigeons_768x512.mp4",
    "ai_clips/matrixgame2_forest.mp4", "ai_clips/moviegen_penguins_5s.mp4", "footage/bbb_trailer_720p_mp3.mp4",
    "footage/bikes_street_272p.mp4", "footage/marathon_400p_2997.mp4", "footage/phone_dog_1080p_vfr.mp4",
    "footage/rio_drone_720p.mp4", "footage/sam2_blocks_topdown.mp4", "footage/sam2_dog_courtyard.mp4",
    "footage/sam2_juggle_grass.mp4", "c2pa/video1_no_manifest.mp4",
)  # fmt: skip
# Shares of the clip: the first and the last of one shot (bbb, bikes and rio cut; these do not cross a cut).
SHOTS: dict[str, tuple[float, float]] = {
    "bbb_trailer_720p_mp3": (0.30, 0.32), "bikes_street_272p": (0.02, 0.1), "rio_drone_720p": (0.05, 0.3),
}  # fmt: skip
WHOLE_SHOT = (0.1, 0.9)
# Scenes are listed by name, so that a missing or added scene moves no other one to the other half: constants must
# never be judged on the scenes they were tuned on.
HALVES: dict[Half, tuple[str, ...]] = {
    "fit": (
        "astronaut", "bikes_street_272p", "coffee", "cogvideox_3", "diffsynth_toon_dog_mpeg4",
        "heygen_avatar_a_362x380", "ltx2_couple_dialogue", "ltx2_guitar_teacher", "ltx2_pigeons_768x512",
        "matrixgame2_forest", "moviegen_penguins_5s", "rio_drone_720p", "sam2_blocks_topdown",
        "sam2_juggle_grass",
    ),
    "held-out": (
        "bbb_trailer_720p_mp3", "chelsea", "cogvideox_1", "diffsynth_office", "fasthunyuan_hiker",
        "longcat_vc_motorcycle_480sq", "ltx2_dog_snow", "ltx2_official_student", "marathon_400p_2997",
        "motorcycle", "phone_dog_1080p_vfr", "rocket", "sam2_dog_courtyard", "video1_no_manifest",
    ),
}  # fmt: skip
# Used only by `calibrate`: further stills, and further shots of the fit half's clips, at a share of each.
FURTHER_STILLS = (
    "c2pa/Firefly_tabby_cat.jpg", "c2pa/car-es-Ps-Cr.jpg", "c2pa/cawg_extra_field.jpg",
    "c2pa/truepic-20230212-camera.jpg", "grain/still_canon_iso100_1280x960.jpg",
)  # fmt: skip
FURTHER_SHOTS = {
    "footage/bikes_street_272p.mp4": (0.5, 0.7, 0.9), "footage/rio_drone_720p.mp4": (0.95,),
}  # fmt: skip
OVERLAP, GAP = 0.1, 0.02  # of the picture's width


@dataclass(frozen=True, eq=False)
class Scene:
    """first, second: (height, width, 3) float32 R'G'B', two moments or eyes; the same where there is one."""

    name: str
    first: Array
    second: Array
    half: Half


@dataclass(frozen=True, eq=False)
class Pair:
    """clean: the target before it was graded; reference: what it is matched to."""

    view: View
    name: str
    clean: Array
    reference: Array


@cache
def scenes() -> tuple[Scene, ...]:
    """Returns every scene that is available here, by name."""
    found = sorted([*_stills(), *_clips()], key=lambda each: each[0])
    half_of = {name: half for half, names in HALVES.items() for name in names}
    return tuple(Scene(*each, half_of[each[0]]) for each in found)


@cache
def further_scenes() -> tuple[Scene, ...]:
    """Returns the scenes that `calibrate` uses besides the fit half; none without the shared clips.

    Their names are "clip@share" for shots.
    """
    root = os.environ.get("ANSWERPRINT_MEDIA")
    if not root:
        return ()
    stills = [Path(root) / name for name in FURTHER_STILLS]
    found = [(path.stem, smaller_rgb(read_still(path))) for path in stills]
    for name, shares in FURTHER_SHOTS.items():
        path = Path(root) / name
        picture = probe(path, path.stem).picture
        at = [round(share * (picture.length - 1)) for share in shares]
        frames = read_clip(path, picture, at)
        found += [(f"{path.stem}@{share}", rgb) for share, rgb in zip(shares, frames, strict=True)]
    return tuple(Scene(name, rgb, rgb, "fit") for name, rgb in found)


def pairs(half: Half) -> Iterator[Pair]:
    """Yields every pair of a half, view by view."""
    ours = [scene for scene in scenes() if scene.half == half]
    for n, scene in enumerate(ours):
        yield Pair("same", scene.name, scene.first, scene.first)
        yield from _overlapping(scene)
        yield from _disjoint(scene)
        yield from _unrelated(ours, n, (1, 3))


def further_unrelated() -> Iterator[Pair]:
    """Yields each scene of the fit half with five more that `pairs` does not pair it with, and each scene that only
    `calibrate` uses with five of all."""
    ours = [scene for scene in scenes() if scene.half == "fit"]
    for n in range(len(ours)):
        yield from _unrelated(ours, n, (2, 5, 6, 9, 11))
    both = [*further_scenes(), *ours]
    for n in range(len(further_scenes())):
        yield from _unrelated(both, n, (4, 7, 10, 13, 16))


def further_disjoint() -> Iterator[Pair]:
    for scene in further_scenes():
        yield from _disjoint(scene)


def _disjoint(scene: Scene) -> Iterator[Pair]:
    width = scene.first.shape[1]
    left, right = int(width * (0.5 - GAP)), int(width * (0.5 + GAP))
    yield Pair("disjoint", f"{scene.name} left", scene.first[:, :left], scene.first[:, right:])
    yield Pair("disjoint", f"{scene.name} right", scene.first[:, right:], scene.first[:, :left])


def _unrelated(ours: Sequence[Scene], n: int, steps: tuple[int, ...]) -> Iterator[Pair]:
    scene = ours[n]
    for other in (ours[(n + step) % len(ours)] for step in steps):
        yield Pair("unrelated", f"{scene.name} to {other.name}", scene.first, other.first)


def _overlapping(scene: Scene) -> Iterator[Pair]:
    width = scene.first.shape[1]
    left, right = int(width * (0.5 + OVERLAP / 2)), int(width * (0.5 - OVERLAP / 2))
    yield Pair("overlap", f"{scene.name} edge", scene.first[:, :left], scene.first[:, right:])
    if scene.second is not scene.first:
        yield Pair("overlap", f"{scene.name} later", scene.first, scene.second)


def _stills() -> Iterator[tuple[str, Array, Array]]:
    from skimage import data

    for name in STILLS:
        picture = _shown(getattr(data, name)())
        yield name, picture, picture
    left, right, _ = data.stereo_motorcycle()  # type: ignore[no-untyped-call]  # scikit-image has no types
    yield "motorcycle", _shown(left), _shown(right)


def _shown(codes: Array) -> Array:
    return smaller_rgb(codes[..., :3].astype(np.float32) / 255)


def _clips() -> Iterator[tuple[str, Array, Array]]:
    root = os.environ.get("ANSWERPRINT_MEDIA")
    for path in (Path(root) / name for name in CLIPS) if root else ():
        picture = probe(path, path.stem).picture
        at = [round(share * (picture.length - 1)) for share in SHOTS.get(path.stem, WHOLE_SHOT)]
        first, second = read_clip(path, picture, at)
        yield path.stem, first, second
