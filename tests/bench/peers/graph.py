"""Makes the same film with one FFmpeg graph, as an FFmpeg expert would write it to use few CPU seconds.

    graph.py RECIPE.json OUT.mp4
    graph.py RECIPE.json OUT.mkv frames      only its finished frames, lossless: its own floor encodes them

Two passes over the sound (measure, then gain to target and a limiter at 192 kHz), one over the picture:
16-bit planar RGB, a 65-node .cube looked up tetrahedrally, Gaussian grain, label and
title as small stills decoded once. It does not check what it made, and it does not sign.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

Recipe = dict[str, Any]
TO_RGB = "zscale=matrixin=709:rangein=limited,format=gbrp16le"
# 0.83 codes of white noise. Ours is 1.2 codes at mid grey and 0.5 in bright areas, and coarser: the two films do not
# cost the same to encode, so each is compared with a floor of its own frames.
GRAIN = 2
TO_YUV = "zscale=matrix=709:range=limited,format=yuv420p"


def main(recipe_path: str, out: str, what: str = "film") -> None:
    recipe: Recipe = json.loads(Path(recipe_path).read_text())
    if what == "frames":
        only = ["-filter_complex", picture(recipe), "-map", "[film]", "-t", str(recipe["seconds"])]
        run(recipe, *only, "-c:v", "ffv1", out)
        return
    gain_db = recipe["loudness_lufs"] - measured_lufs(recipe)
    graph = f"{picture(recipe)};{mix(recipe)},{levelled(recipe, gain_db)}[sound]"
    # Two threads each: as many as the machine has, and as Answerprint has workers.
    run(
        recipe, "-filter_complex_threads", "2", "-filter_complex", graph, "-map", "[film]", "-map", "[sound]",
        "-c:v", "libx264", "-preset", recipe["preset"], "-crf", recipe["crf"], "-threads", "2",
        "-color_primaries", "1", "-color_trc", "1", "-colorspace", "1", "-color_range", "1",
        "-c:a", "aac", "-b:a", "384k", "-t", str(recipe["seconds"]), "-movflags", "+faststart", out,
    )  # fmt: skip


def measured_lufs(recipe: Recipe) -> float:
    graph = f"{mix(recipe)},ebur128[sound]"
    told = run(recipe, "-vn", "-filter_complex", graph, "-map", "[sound]", "-f", "null", "-")
    found = re.findall(r"I:\s+(-?[\d.]+) LUFS", told)
    return float(found[-1])


def mix(recipe: Recipe) -> str:
    """Returns the filter for the clips' sounds, one after the other, with music under them."""
    end = recipe["seconds"]
    music = f"[2:a]aloop=-1:size=2e9,atrim=end={end},volume={recipe['music_gain_db']}dB[m]"
    return f"[0:a][1:a]concat=n=2:v=0:a=1[c];{music};[c][m]amix=2:normalize=0:duration=first"


def levelled(recipe: Recipe, gain_db: float) -> str:
    limit = 10 ** (recipe["true_peak_dbtp"] / 20)
    raised, back = "aresample=192000", "aresample=48000"
    return f"volume={gain_db:.2f}dB,{raised},alimiter=limit={limit:.4f}:level=0:attack=5:release=50,{back}"


def picture(recipe: Recipe) -> str:
    title, label = recipe["title"], recipe["label"]
    graded = f"{TO_RGB},lut3d=file={recipe['cube']}:interp=tetrahedral,{TO_YUV}"
    grain = f"noise=c0s={GRAIN}:c0f=t"
    shown = f"between(t,{title['come_s']},{title['gone_s']})"
    fades = (
        f"fade=in:st={title['come_s']}:d={title['fade_s']}:alpha=1,"
        f"fade=out:st={title['gone_s'] - title['fade_s']}:d={title['fade_s']}:alpha=1"
    )
    return (
        f"[0:v][1:v]concat=n=2,{graded},{grain}[graded];"
        f"[3:v]format=yuva420p[label];"
        f"[graded][label]overlay={label['left']}:{label['top']}[labelled];"
        f"[4:v]format=yuva420p,loop=-1:1,setpts=N/24/TB,{fades}[title];"
        f"[labelled][title]overlay={title['left']}:{title['top']}:enable='{shown}':shortest=1[film]"
    )


def run(recipe: Recipe, *arguments: str) -> str:
    inputs = [*recipe["clips"], recipe["music"], recipe["label"]["png"], recipe["title"]["png"]]
    opened = [word for path in inputs for word in ("-threads", "1", "-i", path)]
    command = [recipe["ffmpeg"], "-hide_banner", "-nostats", "-nostdin", "-y", *opened, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stderr


if __name__ == "__main__":
    main(*sys.argv[1:])
