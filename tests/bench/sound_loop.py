"""Measures the loop that sets loudness and true peak by the decoded sound: 12 real mixes, speed, and memory. JSON.

    python -m tests.bench.sound_loop mixes [NAME..] against two passes of FFmpeg's loudnorm, at four bitrates of AAC
    python -m tests.bench.sound_loop speed          two minutes of 8 stems, by processor time
    python -m tests.bench.sound_loop hour [CODEC]   an hour in stereo: the most memory at once

The sources are those of shared media, which ANSWERPRINT_MEDIA names. Each mix is speech over music over ambience.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from post.render.sound import codec as coded
from post.render.sound import make, read_notes
from post.sound import measure, mix
from post.takes.sound.decode import read_sound
from post.values import Mix, plain
from post.values.array import Array
from tests.bench.sound_mixes import (
    CEILING_DBTP,
    COFFEE,
    CONGRATS,
    KBPS,
    MIXES,
    PIGEONS,
    STEMS,
    Media,
    MixPart,
    planned,
    said,
)
from tests.bench.sound_parts import timed_parts
from tests.sound.tones import RATE, ffmpeg

WITHIN_LU = 0.1


def mixes(*names: str) -> dict[str, Any]:
    """Returns, for each mix and bitrate, what decodes after our loop, and after loudnorm and the same encoder.

    names: of the mixes, all without them. Each row is printed to stderr as it comes.
    """
    media, rows = Media(), list[dict[str, Any]]()
    for name in names or MIXES:
        seconds, target, parts = MIXES[name]
        plan = planned(media, parts, seconds, target)
        mixed = mix(plan, lambda file, sound, rate_hz: read_sound(file.here, sound, rate_hz))
        normalised, kind = loudnorm(mixed, target)
        given = measure(mixed, RATE)
        for kbps in KBPS:
            each = replace(plan, bitrate=kbps * 1000)
            row: dict[str, Any] = {"mix": name, "seconds": seconds, "target_lufs": target, "kbps": kbps}
            row |= {"mixed_lufs": rounded(given.integrated_lufs), "mixed_dbtp": rounded(given.true_peak_dbtp)}
            row["ours"] = ours(each, media.files())
            row["loudnorm"] = met(coded_and_decoded(normalised, each), target) | {"kind": kind}
            rows.append(row)
            sys.stderr.write(json.dumps(row) + "\n")
            sys.stderr.flush()
    return summed(rows)


def summed(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Returns rows with the figures of each way over all of them: how many meet, and the errors of their loudness."""
    ways = dict[str, Any]()
    for way in ("ours", "loudnorm"):
        errors = [abs(row[way]["lufs"] - row["target_lufs"]) for row in rows]
        peaks = [row[way]["dbtp"] for row in rows]
        ways[way] = {
            "meet": sum(row[way]["meets"] for row in rows),
            "worst_lu": rounded(max(errors)), "mean_lu": rounded(sum(errors) / len(errors)),
            "highest_dbtp": rounded(max(peaks)), "mean_dbtp": rounded(sum(peaks) / len(peaks)),
        }  # fmt: skip
    encodes = sum(row["ours"]["encodes"] for row in rows) / len(rows)
    return {"of": len(rows), **ways, "mean_encodes": rounded(encodes), "rows": rows}


def ours(plan: Mix, files: dict[str, Path]) -> dict[str, Any]:
    """Returns what a film's sound measures that the product made, and how it was levelled."""
    assert plan.loudness_lufs is not None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sound.mov"
        make(plain(plan), files, path)
        note = read_notes(path).level
        found = met(coded.decode_sound(path, plan.length), plan.loudness_lufs)
    gains = {"gain_db": note.gain_db, "reduction_db": note.reduction_db, "slow_db": note.slow_db}
    return found | {name: rounded(value) for name, value in gains.items()} | {"encodes": note.passes}


def loudnorm(pcm: Array, target: float) -> tuple[Array, str]:
    """Returns sound after two passes of FFmpeg's loudnorm, linear if it can be, and whether it was."""
    given = ["-f", "f32le", "-ar", str(RATE), "-ac", "2", "-i", "-"]
    asked = f"loudnorm=I={target:g}:TP={CEILING_DBTP:g}:LRA=20:print_format=json"
    first = report(ffmpeg([*given, "-af", asked, "-f", "null", "-"], pcm.tobytes())[1])
    knowing = ":".join(
        f"measured_{name}={first[key]}"
        for name, key in (
            ("I", "input_i"),
            ("TP", "input_tp"),
            ("LRA", "input_lra"),
            ("thresh", "input_thresh"),
        )
    )
    second = f"{asked}:{knowing}:offset={first['target_offset']}:linear=true"
    raw = ["-ar", str(RATE), "-f", "f32le", "-"]
    made, said_of = ffmpeg([*given, "-af", second, *raw], pcm.tobytes())
    normalised = np.frombuffer(made, np.float32).reshape(-1, 2)[: len(pcm)]
    return normalised, str(report(said_of)["normalization_type"])


def report(text: str) -> dict[str, str]:
    """Returns the JSON that loudnorm writes among its messages."""
    found = re.findall(r"\{[^{}]*\}", text)
    read: dict[str, str] = json.loads(found[-1])
    return read


def coded_and_decoded(pcm: Array, plan: Mix) -> Array:
    """Returns sound after the product's encoder and decoder."""
    file = BytesIO()
    coded.encode_sound([pcm], plan, file)
    file.seek(0)
    return coded.decode_sound(file, len(pcm))


def met(pcm: Array, target: float) -> dict[str, Any]:
    """Returns what sound measures, and whether it meets its target and its ceiling."""
    heard = measure(pcm, RATE)
    lufs, dbtp = heard.integrated_lufs, heard.true_peak_dbtp
    assert lufs is not None
    assert dbtp is not None
    meets = abs(lufs - target) <= WITHIN_LU and dbtp <= CEILING_DBTP
    return {"lufs": rounded(lufs), "dbtp": rounded(dbtp), "meets": meets}


def speed(rounds: str = "3") -> dict[str, Any]:
    """Returns processor seconds of making two minutes of 8 stems: of the encodes themselves, and of all else.

    Each round is the loop as it ends by itself, then one in which the first attempt is refused, so that it takes two.
    """
    media = Media()
    plan = planned(media, STEMS, 120, -14)
    rows = [timed_round(plan, media.files(), passes) for _ in range(int(rounds)) for passes in (1, 2)]
    least = {
        f"least_s_of_{passes}_encodes": min(
            (r["beyond_encodes_s"] for r in rows if r["encodes"] == passes), default=None
        )
        for passes in (1, 2)
    }
    return {"stems": len(STEMS), "seconds": 120, "rounds": rows} | least


def timed_round(plan: Mix, files: dict[str, Path], passes: int) -> dict[str, Any]:
    """Returns the processor seconds of one mix, part by part. passes: see `timed_parts`."""
    with timed_parts(passes) as timer:
        found = ours_timed(plan, files)
    parts = {
        name: rounded(seconds) for name, seconds in sorted(timer.seconds.items(), key=lambda row: -row[1])
    }
    beyond = sum(seconds for name, seconds in timer.seconds.items() if name != "encode")
    return {"beyond_encodes_s": rounded(beyond), "encodes": timer.calls["encode"], "parts_s": parts} | found


def ours_timed(plan: Mix, files: dict[str, Path]) -> dict[str, Any]:
    """Makes the sound, and returns what its notes say."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sound.mov"
        make(plain(plan), files, path)
        note = read_notes(path).level
    return {"lufs": rounded(note.loudness_lufs), "dbtp": rounded(note.true_peak_dbtp)}


def hour(codec: str = "aac") -> dict[str, Any]:
    """Returns the most memory that making an hour in stereo takes, of music, ambience and 90 pieces of speech."""
    media, before = Media(), peak_mb()
    speech = (said(CONGRATS, at) for at in range(2, 3560, 40))
    plan = planned(media, (MixPart(COFFEE, 0, -10), MixPart(PIGEONS, 0, -15), *speech), 3600, -14, codec)
    found = ours_timed(plan, media.files())
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = rounded(used.ru_utime + used.ru_stime)
    return {"codec": codec, "peak_mb": peak_mb(), "before_mb": before, "cpu_s": cpu} | found


def peak_mb() -> int:
    """Returns the most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000


def rounded(value: float | None) -> float | None:
    """Returns a figure as it is printed."""
    return None if value is None else round(value, 3)


if __name__ == "__main__":
    ways: dict[str, Callable[..., dict[str, Any]]] = {"mixes": mixes, "speed": speed, "hour": hour}
    json.dump(ways[sys.argv[1]](*sys.argv[2:]), sys.stdout, indent=1)
    sys.stdout.write("\n")
