"""Measures how many of a film's edits are found, and whether what is no picture is left out.

    python -m tests.bench.shots

Truth: for films from elsewhere, edits that people found by looking at every frame around each; for two trailers that
are cut here from real clips, the list that they are cut by. Writes bench-shots.json.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from post.measure.facts import facts_of
from post.measure.film import shots  # noqa: F401  declares the measure
from post.measure.film.shots import PictureShots
from post.takes.probe import probe
from tests.bench import write_json
from tests.made.trailer import RATE, Edit, Trailer, fast, in_turn, judge, read_shot, slow

# Of fades and dissolves: the middle, and half the length.
BY_HAND = {
    "footage/bbb_trailer_720p_mp3.mp4": (
        Edit(252, 14), Edit(349, 14), Edit(593), Edit(781, 14), Edit(864), Edit(900), Edit(988), Edit(1049),
        Edit(1122, 20),
    ),
    "footage/bikes_street_272p.mp4": (Edit(30), Edit(76), Edit(137), Edit(187), Edit(242)),
    "footage/rio_drone_720p.mp4": (Edit(275),),
}  # fmt: skip
SHOTS = (
    "ai_clips/ltx2_dog_snow.mp4", "ai_clips/moviegen_penguins_5s.mp4", "ai_clips/ltx2_couple_dialogue.mp4",
    "ai_clips/diffsynth_office.mp4", "footage/sam2_dog_courtyard.mp4", "ai_clips/matrixgame2_forest.mp4",
    "footage/sam2_juggle_grass.mp4", "footage/marathon_400p_2997.mp4", "ai_clips/ltx2_guitar_teacher.mp4",
    "footage/sam2_blocks_topdown.mp4",
)  # fmt: skip


def main() -> int:
    media = Path(os.environ["ANSWERPRINT_MEDIA"])
    rows = {}
    for name, edits in BY_HAND.items():
        rows[Path(name).stem] = judged(media / name, edits)
    sources = [read_shot(media / name, 0, 80) for name in SHOTS]
    with tempfile.TemporaryDirectory() as folder:
        for name, made in (("slow", slow(in_turn(sources))), ("fast", fast(in_turn(sources[::-1])))):
            path = made.write(Path(folder) / f"{name}.mp4")
            rows[name] = judged(path, made.edits) | left_out(path, made)
    for name, row in rows.items():
        print(f"{name:24} " + "  ".join(f"{what} {value}" for what, value in row.items()))
    write_json(Path("bench-shots.json"), rows)
    return 0


def pictures_of(path: Path) -> tuple[PictureShots, int]:
    take = probe(path, path.stem)
    found = facts_of(path, take.picture, take.file.sha256, names=["shots"])["shots"].value
    assert isinstance(found, PictureShots)
    return found, take.picture.length


def judged(path: Path, edits: tuple[Edit, ...] | list[Edit]) -> dict[str, object]:
    found, length = pictures_of(path)
    hits, wrong = judge([first for first, _ in found.shots(length)][1:], edits)
    return {"edits": len(edits), "found": hits, "wrong": wrong, "box": [round(side, 3) for side in found.box]}


def left_out(path: Path, made: Trailer) -> dict[str, object]:
    found, length = pictures_of(path)
    shown = {at for at in range(length) if found.shows_picture(at)}
    return {
        "seconds": float(length / RATE),
        "pictures lost": len(made.pictures - shown),
        "no pictures kept": len(shown - made.pictures),
    }


if __name__ == "__main__":
    raise SystemExit(main())
