"""Measures ungraded clips: the source of NORMAL and Shrinkage.content in `post.plan.house_from_film`.

    python -m tests.bench.learn [CLIP...]     default: the clips ANSWERPRINT_MEDIA has

Prints the median over clips of every number of NORMAL, and the standard deviation over clips, from which
Shrinkage.content is rounded. A clip counts once, whatever its length; all except the trailer are one shot each.
Shrinkage.grade and Shrinkage.least are choices: there are no graded pairs among the clips.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from post.measure.fact import Unmeasured
from post.measure.facts import facts_of
from post.measure.film.softness import Softness
from post.measure.tone import PERCENTS, Tone, measure_tone
from post.plan.house_from_film import CAST, COLOUR, NORMAL, NORMAL_EDGE_PCT, PALETTE, TONE
from post.takes.probe import probe
from post.values.array import Array

# Every second one, by name, of 24 clips from 24 models and cameras; the others are left for judging the result.
FIT = (
    "footage/bbb_trailer_720p_mp3.mp4",
    "ai_clips/cogvideox_1.mp4",
    "ai_clips/diffsynth_office.mp4",
    "ai_clips/heygen_avatar_a_362x380.mp4",
    "ai_clips/ltx2_couple_dialogue.mp4",
    "ai_clips/ltx2_guitar_768x512.mp4",
    "ai_clips/ltx2_guitar_teacher.mp4",
    "ai_clips/ltx2_official_teacher.mp4",
    "footage/marathon_400p_2997.mp4",
    "ai_clips/moviegen_penguins_5s.mp4",
    "footage/rio_drone_720p.mp4",
    "footage/sam2_dog_courtyard.mp4",
)
BANDS = ("darks", "mids", "lights")
OF_A_BAND = ("share", "cb", "cr", "chroma", "grey_cb", "grey_cr", "grey_share")


def main(names: Sequence[str]) -> int:
    root = Path(os.environ.get("ANSWERPRINT_MEDIA", "."))
    paths = [Path(name) for name in names] or [root / name for name in FIT]
    measured = [_measured(path) for path in paths]
    tones = [tone for tone, _ in measured if isinstance(tone, Tone)]
    print("\n".join(_levels(tones)), *_bands(tones), *_scatter(tones), sep="\n")
    edges = [soft.edge_pct for _, soft in measured if isinstance(soft, Softness)]
    print(f"edge_pct: {np.median(edges):.3f} (NORMAL_EDGE_PCT {NORMAL_EDGE_PCT:g}), of {len(edges)} clips")
    return 0


def _measured(path: Path) -> tuple[Tone | Unmeasured, object]:
    take = probe(path, path.stem)
    print(f"{path.name}", flush=True)
    softness = facts_of(path, take.picture, take.file.sha256, names=["softness"])["softness"].value
    return measure_tone(path, take.picture), softness


def _levels(tones: Sequence[Tone]) -> list[str]:
    found, normal = np.median(_of_levels(tones), axis=0), [level for _, level in NORMAL.levels]
    rows = zip(PERCENTS, found, normal, strict=True)
    return [f"level at {percent:g} %: {level:.3f} (NORMAL {held:g})" for percent, level, held in rows]


def _bands(tones: Sequence[Tone]) -> list[str]:
    rows = []
    for at, name in enumerate(BANDS):
        numbers = [
            f"{part} {np.median(_of_band(tones, at, part)):.3f} ({getattr(NORMAL.bands[at], part):g})"
            for part in OF_A_BAND
        ]
        rows.append(f"{name}: {', '.join(numbers)}")
    return [*rows, f"hues: {np.median([tone.hues for tone in tones]):.3f} ({NORMAL.hues:g})"]


def _scatter(tones: Sequence[Tone]) -> list[str]:
    """Returns the standard deviations over clips, pooled over the numbers of each Trust."""
    chroma = np.log(np.stack([_of_band(tones, at, "chroma") for at in range(3)], 1).clip(1e-3))
    found = {
        "TONE": (_of_levels(tones)[:, 1:-1], TONE),
        "CAST": (_of_bands(tones, ("grey_cb", "grey_cr")), CAST),
        "COLOUR": (chroma, COLOUR),
        "PALETTE": (_of_bands(tones, ("cb", "cr")), PALETTE),
    }
    return [
        f"{name}.content: {np.sqrt(values.var(axis=0, ddof=1).mean()):.3f} (held {trust.content:g})"
        for name, (values, trust) in found.items()
    ]


def _of_levels(tones: Sequence[Tone]) -> Array:
    return np.array([[level for _, level in tone.levels] for tone in tones])


def _of_band(tones: Sequence[Tone], at: int, part: str) -> Array:
    return np.array([getattr(tone.bands[at], part) for tone in tones])


def _of_bands(tones: Sequence[Tone], parts: Sequence[str]) -> Array:
    return np.stack([_of_band(tones, at, part) for at in range(3) for part in parts], 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
