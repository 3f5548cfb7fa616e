"""Measures what is heard at cuts of real clips: high-frequency power at the edit, and around it. JSON on stdout.

    python -m tests.bench.cuts [--quick]

ANSWERPRINT_MEDIA names the clips. Two halves of 30 cuts, each of clips of its own: constants of post.sound.edits were
chosen on the first. A cut goes from anywhere in one clip to anywhere in another, where both sound; every fifth joins
whole clips, which go on to neither side. Power above 2 kHz is taken in windows of 1, 2 and 5 ms within 5 ms of the
edit, and compared with the louder side's mean from 40 to 250 ms away. Real sound has attacks, and some are at a cut:
`sources` is what the two clips, uncut, reach in the same place, and `added` is how much louder the film is than what
is around it and than both sources.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from scipy.signal import butter, sosfilt

from post.sound import mix
from post.takes.probe import probe
from post.takes.sound.decode import read_sound
from post.values import Mix, SoundEvent, Take
from post.values.array import Array

RATE = 48000
HALVES = {
    "held in": (
        "ai_clips/ltx2_couple_dialogue", "ai_clips/ltx2_guitar_student", "ai_clips/ltx2_official_teacher",
        "footage/bbb_trailer_720p_mp3", "footage/sam2_dog_courtyard", "footage/phone_dog_1080p_vfr",
    ),
    "held out": (
        "ai_clips/ltx2_dog_snow", "ai_clips/ltx2_pigeons_768x512", "ai_clips/ltx2_official_student",
        "ai_clips/moviegen_penguins_5s", "footage/sam2_blocks_topdown", "footage/chaplin_filmscan_360p",
        "footage/smpte_bars_1080p25",
    ),
}  # fmt: skip
CUTS, SHOT_S, WHOLE_EVERY = 30, 0.6, 5
HIGH_HZ, WINDOWS_S = 2000, (0.001, 0.002, 0.005)
AT_S, NEAR_S, FAR_S = 0.005, 0.04, 0.25
ACCEPTED_DB = 6.0
FLOOR = 1e-12  # -120 dB
HEARD = 1e-3  # -60 dB
DECLICK_S = 0.005


@dataclass(frozen=True, slots=True)
class Cut:
    """From the end of one stretch of sound to the start of another: file, and where in it, in samples."""

    going: tuple[Take, int]
    coming: tuple[Take, int]


def main(arguments: list[str]) -> None:
    cuts = 5 if "--quick" in arguments else CUTS
    media = Path(os.environ["ANSWERPRINT_MEDIA"])
    found = {half: measured(media, names, cuts, seed) for seed, (half, names) in enumerate(HALVES.items())}
    json.dump(found, sys.stdout, indent=1)
    sys.stdout.write("\n")


def measured(media: Path, names: tuple[str, ...], cuts: int, seed: int) -> dict[str, Any]:
    """Returns one half's numbers in dB above the surroundings, of the worst window of each cut."""
    takes = [probe(media / f"{name}.mp4", name) for name in names]
    heard = {take.name: read_sound(take.file.here, take.sound, RATE) for take in takes if take.sound}
    drawn = draw(takes, heard, cuts, np.random.default_rng(seed))
    rows = [compare(cut, heard) for cut in drawn]
    for row in rows:
        for when in ("before", "after"):
            row[f"added_{when}"] = row[when] - max(0.0, row["sources"])
    table = {name: [row[name] for row in rows] for name in rows[0]}
    return {
        "cuts": len(rows),
        "clips": list(names),
        "median_db": {name: round(float(np.median(values)), 1) for name, values in table.items()},
        "worst_db": {name: round(max(values), 1) for name, values in table.items()},
        "over_6_db": {name: sum(value > ACCEPTED_DB for value in values) for name, values in table.items()},
        "rows": [{name: round(value, 1) for name, value in row.items()} for row in rows],
    }


def draw(takes: list[Take], heard: dict[str, Array], cuts: int, chance: np.random.Generator) -> list[Cut]:
    """Returns cuts between two clips that sound at the cut, drawn by chance."""
    length, drawn = round(SHOT_S * RATE), list[Cut]()
    while len(drawn) < cuts:
        one, other = (takes[at] for at in chance.permutation(len(takes))[:2])
        room, whole = len(heard[one.name]) - length, len(drawn) % WHOLE_EVERY == 0
        going = room if whole else int(chance.integers(0, room))
        coming = 0 if whole else int(chance.integers(0, len(heard[other.name]) - length))
        if whole or (sounds(heard[one.name], going + length) and sounds(heard[other.name], coming)):
            drawn.append(Cut((one, going), (other, coming)))
    return drawn


def sounds(pcm: Array, at: int) -> bool:
    """Returns whether anything is heard within 20 ms of a sample."""
    near = pcm[max(0, at - RATE // 50) : at + RATE // 50]
    return bool(np.sqrt(np.mean(near**2)) > HEARD)


def compare(cut: Cut, heard: dict[str, Array]) -> dict[str, float]:
    """Returns dB above the surroundings at one cut: without declick, with it, and of its sources, uncut."""
    length = round(SHOT_S * RATE)
    (one, going), (other, coming) = cut.going, cut.coming
    plain = film(cut, heard, 0.0)
    around = surroundings(plain, length)
    uncut = [uncut_at(heard[one.name], going + length), uncut_at(heard[other.name], coming)]
    return {
        "before": worst(plain, length) - around,
        "after": worst(film(cut, heard, DECLICK_S), length) - around,
        "sources": max(worst(pcm, length) for pcm in uncut) - around,
    }


def uncut_at(pcm: Array, at: int) -> Array:
    """Returns a clip around a sample, uncut; silent where it has not begun or has ended."""
    length = round(SHOT_S * RATE)
    return np.pad(pcm, ((length, length), (0, 0)))[at : at + 2 * length]


def film(cut: Cut, heard: dict[str, Array], declick_s: float) -> Array:
    """Returns a film of the two shots."""
    length = round(SHOT_S * RATE)
    events = [
        SoundEvent(
            take.file, "clip", take.sound, at=at, length=length, offset=Fraction(first, RATE), gain_db=0.0,
            declick=round(declick_s * RATE),
        )
        for at, (take, first) in ((0, cut.going), (length, cut.coming)) if take.sound
    ]  # fmt: skip
    names = {cut.going[0].file: cut.going[0].name, cut.coming[0].file: cut.coming[0].name}
    plan = Mix(tuple(events), RATE, 2, 2 * length, None, -1, "pcm_s24le", 0, ())
    return mix(plan, lambda file, _sound, _rate: heard[names[file]])


def powers(pcm: Array) -> Array:
    """Returns the power of high frequencies at each sample, of all channels."""
    high = sosfilt(butter(4, HIGH_HZ, "high", fs=RATE, output="sos"), pcm, axis=0)
    return np.asarray(np.square(high).sum(axis=1))


def surroundings(pcm: Array, at: int) -> float:
    """Returns the power around a sample, on the louder side, in dB."""
    power, start, far = powers(pcm), round(NEAR_S * RATE), round(FAR_S * RATE)
    around = max(power[at - far : at - start].mean(), power[at + start : at + far].mean())
    return float(10 * np.log10(around + FLOOR))


def worst(pcm: Array, at: int) -> float:
    """Returns the power at a sample, in dB, in the loudest window."""
    near = round(AT_S * RATE)
    power = powers(pcm)[at - near : at + near]
    sizes = [round(seconds * RATE) for seconds in WINDOWS_S]
    loudest = max(np.convolve(power, np.ones(size) / size, "valid").max() for size in sizes)
    return float(10 * np.log10(loudest + FLOOR))


if __name__ == "__main__":
    main(sys.argv[1:])
