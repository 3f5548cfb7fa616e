"""Measures the speed and accuracy of sound: our meter and FFmpeg's, the limiter, varispeed, stretch. JSON on stdout.

    python -m tests.bench.sound [SECONDS]

CPU seconds are the least of three rounds, taken in turns, so that a busy machine affects both alike. From FFmpeg's
time, the time to read the same file and do nothing is subtracted.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from post.sound import limit, measure
from post.sound.kept_pitch.stretch import stretch
from post.sound.meter import integrated
from post.sound.true_peak import true_peak_dbtp
from post.sound.varispeed import Path as Along
from post.sound.varispeed import play
from post.values import SpeedKey, TimeMap
from post.values.array import Array
from tests.sound.tones import RATE, ffmpeg, noise, second_opinion, sequence, spliced, tapered, tone

ROUNDS = 3
CASES: dict[str, tuple[tuple[tuple[float, float], ...], float]] = {
    "3341-1": (((-23, 20),), -23),
    "3341-2": (((-33, 20),), -33),
    "3341-3": (((-36, 10), (-23, 60), (-36, 10)), -23),
    "3341-4": (((-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)), -23),
    "3341-5": (((-26, 20), (-20, 20.1), (-26, 20)), -23),
}


def main(seconds: float = 120) -> None:
    found = {"meter": meter(seconds), "limiter": limiter(seconds)}
    json.dump(found | {"varispeed": varispeed(), "retimed": retimed()}, sys.stdout, indent=1)
    sys.stdout.write("\n")


def meter(seconds: float) -> dict[str, Any]:
    """Returns CPU seconds of our meter and of FFmpeg's ebur128 for the same PCM, and their errors."""
    pcm = programme(seconds)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "programme.f32"
        path.write_bytes(pcm.tobytes())
        ways: dict[str, Callable[[], object]] = {
            "ours": lambda: integrated(pcm, RATE),
            "ours_with_peak": lambda: measure(pcm, RATE),
            "reading": lambda: filtered(path, "anull"),
            "ffmpeg": lambda: filtered(path, "ebur128"),
            "ffmpeg_with_peak": lambda: filtered(path, "ebur128=peak=true"),
        }
        cpu = least(ways)
    ffmpegs = {name: cpu[name] - cpu["reading"] for name in ("ffmpeg", "ffmpeg_with_peak")}
    return {
        "seconds": seconds,
        "cpu_s": {name: round(value, 3) for name, value in (cpu | ffmpegs).items()},
        "ratio": round(cpu["ours"] / ffmpegs["ffmpeg"], 2),
        "ratio_with_peak": round(cpu["ours_with_peak"] / ffmpegs["ffmpeg_with_peak"], 2),
        "worst_error_lu": errors(),
        "worst_peak_error_db": peak_errors(),
    }


def errors() -> dict[str, float]:
    """Returns the worst error in integrated loudness over Tech 3341 cases 1 to 5, and in M over case 13."""
    ours, theirs = list[float](), list[float]()
    for parts, expected in CASES.values():
        pcm = sequence(*parts)
        ours.append(abs((integrated(pcm, RATE) or 0) - expected))
        theirs.append(abs(second_opinion(pcm, RATE)[0] - expected))
    bursts = [measure(sequence((None, i * 0.02), (-23, 0.4), (None, 1)), RATE) for i in range(20)]
    momentary = max(abs((read.max_momentary_lufs or 0) + 23) for read in bursts)
    return {"ours": round(max(ours), 4), "ffmpeg": round(max(theirs), 4), "ours_case_13": round(momentary, 4)}


def peak_errors() -> dict[str, float]:
    """Returns the worst error over Tech 3341 cases 15 to 23 (+0.2 / -0.4 dB are allowed)."""
    tones = [(4, 0.5, 0, -6), (4, 0.5, 45, -6), (6, 0.5, 60, -6), (8, 0.5, 67.5, -6), (4, 1.41, 45, 3)]
    cases = [
        (tapered(tone(20 * np.log10(height), 1, hz=RATE / part, degrees=phase)), dbtp)
        for part, height, phase, dbtp in tones
    ]
    cases += [(spliced(offset), 0) for offset in range(4)]
    ours = [(true_peak_dbtp(pcm) or 0) - dbtp for pcm, dbtp in cases]
    theirs = [second_opinion(pcm, RATE)[2] - dbtp for pcm, dbtp in cases]
    return {name: round(max(found, key=abs), 3) for name, found in (("ours", ours), ("ffmpeg", theirs))}


def limiter(seconds: float) -> dict[str, float]:
    """Returns CPU seconds of limiting a programme 6 dB too loud, and what remains above the ceiling."""
    pcm = programme(seconds)
    pcm *= np.float32(10 ** ((5 - (true_peak_dbtp(pcm) or 0)) / 20))
    cpu = least({"limit": lambda: limit(pcm, RATE, -1)})["limit"]
    held, reduction_db = limit(pcm, RATE, -1)
    over = (true_peak_dbtp(held) or 0) + 1
    return {"cpu_s": round(cpu, 3), "over_ceiling_db": round(over, 4), "reduction_db": round(reduction_db, 2)}


def varispeed() -> dict[str, float]:
    """Returns CPU seconds of a ramp 1 -> 3 -> 0.5 over 8 s in stereo, and its noise on a 1 kHz tone."""
    keys = [(0, Fraction(1)), (2 * RATE, Fraction(3)), (5 * RATE, Fraction(1, 2))]
    along = Along(TimeMap(keys=tuple(SpeedKey(Fraction(at), speed, "smooth") for at, speed in keys)))
    source = np.repeat(tone(0, 20), 2, axis=1)
    padded = np.pad(source, ((RATE, RATE), (0, 0)))

    def ramp() -> Array:
        return play(along, lambda first, stop: padded[first + RATE : stop + RATE], 0, 8 * RATE)

    cpu = least({"ramp": ramp})["ramp"]
    wanted = np.sin(2 * np.pi * 1000 * along(np.arange(8.0 * RATE)) / RATE)[200:]
    error = ramp()[200:, 0] - wanted
    snr = 10 * np.log10(np.mean(wanted**2) / np.mean(error**2))
    return {"cpu_s": round(cpu, 3), "times_real_time": round(8 / cpu, 1), "snr_1k_db": round(float(snr), 1)}


def retimed() -> dict[str, dict[str, float]]:
    """Returns, for tape and for kept pitch, CPU seconds for a second of a ramp 1 -> 4 -> .35 in stereo, over 3 s; how
    far the worst of its clicks is from its place, in ms; and how much the level of a 440 Hz tone varies beside them.

    The tone of tape is not at 440 Hz: it has no such number.
    """
    speeds = [(0, Fraction(1)), (RATE * 3 // 2, Fraction(4)), (3 * RATE, Fraction(7, 20))]
    keys = tuple(SpeedKey(Fraction(at), speed, "smooth") for at, speed in speeds)
    along, n = Along(TimeMap(Fraction(RATE // 2), keys=keys)), np.arange(3.0 * RATE)
    clicks = np.arange(RATE // 20, 8 * RATE, RATE // 10)
    source = np.repeat(0.2 * np.sin(2 * np.pi * 440 * np.arange(9 * RATE) / RATE)[:, None], 2, axis=1)
    source[clicks] += 0.8
    padded = np.pad(source, ((RATE, RATE), (0, 0)))

    def fetch(first: int, stop: int) -> Array:
        return padded[first + RATE : stop + RATE]

    ways: dict[str, Callable[[], object]] = {
        "tape": lambda: play(along, fetch, 0, 3 * RATE),
        "keep": lambda: stretch(along, fetch, 0, 3 * RATE, RATE),
    }
    cpu, found = least(ways), dict[str, dict[str, float]]()
    passed = along(n)
    wanted = np.searchsorted(passed, clicks[(clicks > passed[300]) & (clicks < passed[-300])])
    for name, way in ways.items():
        made = np.asarray(way())[:, 0]
        near = np.abs(made[wanted[:, None] + np.arange(-240, 241)]).argmax(axis=1) - 240
        found[name] = {"cpu_s_a_second": round(cpu[name] / 3, 3)}
        found[name] |= {"worst_click_ms": round(float(np.abs(near).max()) / RATE * 1000, 3)}
    window = np.hanning(RATE // 25)
    level = np.abs(np.convolve(made * np.exp(-2j * np.pi * 440 * n / RATE), window / window.sum(), "valid"))
    found["keep"]["tone_varies"] = round(float(level.std() / level.mean()), 5)
    return found


def programme(seconds: float) -> Array:
    """Returns stereo noise that swells every 7 s and is silent every 20 s, to use the gates and the range."""
    pcm = noise(seconds)
    t = np.arange(len(pcm)) / RATE
    swell = (0.2 + 0.8 * np.sin(np.pi * t / 7) ** 2) * (t % 20 < 18)
    return pcm * swell.astype(np.float32)[:, None]


def filtered(path: Path, graph: str) -> None:
    raw = ["-f", "f32le", "-ar", str(RATE), "-ac", "2", "-i", str(path)]
    ffmpeg([*raw, "-af", graph, "-f", "null", "-"])


def least(ways: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Returns the least CPU seconds of each way, children included, rounds taken in turns."""
    rounds = [{name: cpu_s(way) for name, way in ways.items()} for _ in range(ROUNDS)]
    return {name: min(each[name] for each in rounds) for name in ways}


def cpu_s(way: Callable[[], object]) -> float:
    began = time.process_time() + _children_s()
    way()
    return time.process_time() + _children_s() - began


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
