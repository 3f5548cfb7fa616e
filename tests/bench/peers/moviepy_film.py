"""Makes the same film with moviepy 2 and the fastest NumPy that its per-frame functions allow.

    moviepy_film.py RECIPE.json FIRST LAST OUT.mp4           frames FIRST to LAST - 1 of the film
    moviepy_film.py RECIPE.json FIRST LAST OUT.mkv frames    only the same frames, lossless

The look is one table of all 2^24 colours, made beforehand, so that a frame costs one `take`; grain is a
window of a field made beforehand, scaled by green. Layers are moviepy's own. It does not limit the sound
to a true peak, check what it made, or sign.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from moviepy import (
    AudioFileClip,
    CompositeAudioClip,
    CompositeVideoClip,
    ImageClip,
    VideoFileClip,
    afx,
    concatenate_videoclips,
    vfx,
)

RATE = 24


def main(recipe_path: str, first: str, last: str, out: str, what: str = "film") -> None:
    recipe = json.loads(Path(recipe_path).read_text())
    film = concatenate_videoclips([VideoFileClip(path) for path in recipe["clips"]], method="chain")
    graded = film.transform(grade(recipe))
    label = still(recipe["label"]).with_duration(film.duration)
    come, gone, fade = (recipe["title"][key] for key in ("come_s", "gone_s", "fade_s"))
    title = still(recipe["title"]).with_start(come).with_duration(gone - come)
    title = title.with_effects([vfx.CrossFadeIn(fade), vfx.CrossFadeOut(fade)])
    music = AudioFileClip(recipe["music"]).with_effects([
        afx.AudioLoop(duration=film.duration),
        afx.MultiplyVolume(10 ** (recipe["music_gain_db"] / 20)),
    ])  # fmt: skip
    made = CompositeVideoClip([graded, label, title]).with_audio(CompositeAudioClip([film.audio, music]))
    excerpt = made.subclipped(int(first) / RATE, int(last) / RATE)
    if what == "frames":
        excerpt.without_audio().write_videofile(
            out, fps=RATE, codec="ffv1", pixel_format="yuv420p", logger=None
        )
        return
    excerpt.write_videofile(
        out, fps=RATE, codec="libx264", preset=recipe["preset"], ffmpeg_params=["-crf", recipe["crf"]],
        audio_codec="aac", audio_bitrate="384k", threads=2, logger=None,
        temp_audiofile=f"{out}.m4a",
    )  # fmt: skip


def still(layer: dict[str, Any]) -> Any:
    return ImageClip(layer["png"], transparent=True).with_position((layer["left"], layer["top"]))


def grade(recipe: dict[str, Any]) -> Callable[[Callable[[float], Any], float], Any]:
    table, field = np.load(recipe["table"]), np.load(recipe["field"])
    sigma = np.load(recipe["sigma"])

    def graded(frame_at: Callable[[float], Any], t: float) -> Any:
        frame = frame_at(t)
        height, width, _ = frame.shape
        index = frame[..., 0].astype(np.uint32)
        for channel in (1, 2):
            index <<= 8
            index |= frame[..., channel]
        out = table.take(index).view(np.uint8).reshape(height, width, 4)[..., :3]
        number = round(t * RATE)
        top, left = number * 37 % 64, number * 89 % 128
        window = field[top : top + height, left : left + width]
        # int8 noise of 32 steps a sigma, strength in 1/256 code: int16 holds 127 * 256.
        grain = (window * sigma[frame[..., 1]]) >> 13
        return np.clip(out + grain[..., None].astype(np.int16), 0, 255).astype(np.uint8)

    return graded


if __name__ == "__main__":
    main(*sys.argv[1:])
