"""Ten different clips: locked-off, dark, animated, 8 frames a second, of odd sizes, up to 1080 lines."""

from __future__ import annotations

import os
from pathlib import Path

CLIPS = {
    "ai_clips/cogvideox_1.mp4": 0,  # 8 frames a second
    "ai_clips/diffsynth_office.mp4": 0,  # dark
    "ai_clips/diffsynth_toon_dog_mpeg4.mp4": 0,  # 29 frames, drawn
    "ai_clips/fasthunyuan_hiker.mp4": 0,
    "ai_clips/heygen_avatar_a_362x380.mp4": 0,  # locked-off, small
    "ai_clips/ltx2_official_teacher.mp4": 0,  # flat walls
    "ai_clips/moviegen_penguins_5s.mp4": 0,  # 1904x1080
    "footage/bbb_trailer_720p_mp3.mp4": 240,  # animated
    "footage/rio_drone_720p.mp4": 0,  # sky
    "footage/sam2_blocks_topdown.mp4": 0,  # locked-off, dark
}
FRAMES = 96  # of each clip, from its first frame given here


def paths(given: list[str]) -> dict[Path, int]:
    """Returns clips and the first frame of each: the given ones, or the ten."""
    if given:
        return dict.fromkeys(map(Path, given), 0)
    root = Path(os.environ["ANSWERPRINT_MEDIA"])
    return {root / name: first for name, first in CLIPS.items()}
