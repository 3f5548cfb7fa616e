"""Measures how much of other clips a learnt house crushes: pixels that showed something, and are black or white then.

    python -m tests.bench.crush

Houses are learnt from films with bars, fades and cards, and their look is laid over one frame a second of clips that
they were not learnt from. Writes bench-crush.json.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from post.measure.film.style import measure_style
from post.measure.match.frames import read_clip
from post.picture.colour.look import Look
from post.plan.house_from_film import learn_look
from post.takes.probe import probe
from post.values.array import Array
from post.values.colour import BT709
from post.values.ycbcr import luma_of
from tests.bench import write_json

FILMS = (
    "footage/bbb_trailer_720p_mp3.mp4",
    "footage/bikes_street_272p.mp4",
    "footage/chaplin_filmscan_360p.mp4",
)
CLIPS = (
    "ai_clips/ltx2_dog_snow.mp4", "ai_clips/moviegen_penguins_5s.mp4", "ai_clips/ltx2_couple_dialogue.mp4",
    "ai_clips/diffsynth_office.mp4", "ai_clips/matrixgame2_forest.mp4", "ai_clips/cogvideox_3.mp4",
    "ai_clips/fasthunyuan_hiker.mp4", "ai_clips/longcat_vc_motorcycle_480sq.mp4", "footage/sam2_dog_courtyard.mp4",
    "footage/rio_drone_720p.mp4",
)  # fmt: skip
# Luma of full code. A pixel within them shows something; one beyond is lost.
SHOWN, LOST = (0.02, 0.98), (0.005, 0.995)
MOST = 0.005  # of all pixels


def crushed(look: Look, frames: list[Array]) -> float:
    """Returns the share of pixels that showed something and show nothing after the look."""
    before = np.concatenate([frame.reshape(-1, 3)[::7] for frame in frames]).astype(np.float64)
    levels = [luma_of(rgb, BT709) for rgb in (before, np.clip(look.colour(before), 0, 1))]
    shown = (levels[0] > SHOWN[0]) & (levels[0] < SHOWN[1])
    return float((shown & ((levels[1] <= LOST[0]) | (levels[1] >= LOST[1]))).mean())


def main() -> int:
    media = Path(os.environ["ANSWERPRINT_MEDIA"])
    clips = {name: probe(media / name, name).picture for name in CLIPS}
    frames = {
        name: read_clip(media / name, picture, range(0, picture.length, 24))
        for name, picture in clips.items()
    }
    rows: dict[str, dict[str, float]] = {}
    for film in FILMS:
        look = learn_look(measure_style([media / film])).look
        rows[film] = {name: crushed(look, shown) for name, shown in frames.items()}
        worst = max(rows[film], key=lambda name: rows[film][name])
        print(
            f"{film}: at most {rows[film][worst]:.3%} of a clip's pixels ({worst}), asked {MOST:.1%}",
            flush=True,
        )
    write_json(Path("bench-crush.json"), {"asked": MOST, "crushed": rows})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
