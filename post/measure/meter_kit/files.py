"""Writes the conformance kit for loudness meters as files, and compares another meter's readings with it."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import wave
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from post.errors import JobError, OutputError
from post.measure.meter_kit.cases import KitCase, kit_cases
from post.measure.meter_kit.read_case import read_case
from post.values.array import Array

EXPECTED, OURS, README = "expected.json", "answerprint.json", "README.txt"
BYTES = 3  # of a sample: 24 bits hold a tone at -72 dBFS with an error of -72 dB
SLOWEST_HZ, FASTEST_HZ = 32000, 192000
MOST_BYTES = 1 << 20  # of a file of readings

HOW = """A conformance kit for loudness meters
=====================================

Signals of EBU Tech 3341 (2023), cases 1 to 6 and 9 to 23, of Tech 3342 (2023), cases 1 to 4, and of the channels of
ITU-R BS.1770-5, computed from the parameters that the texts give. Cases 7 and 8 of Tech 3341 are programmes of the
EBU's and are not here.

Each WAV is 24-bit PCM; files of five and six channels are L R C Ls Rs and L R C LFE Ls Rs.
expected.json says for each file what a meter has to read:
  {"rate_hz": 48000, "cases": {"3341-01": {"file", "says", "speakers",
                                           "expected": [{"figure", "value", "below", "above"}]}}}
A reading may be `below` under and `above` over the value. min_momentary_lufs is the lowest momentary loudness of
windows that end at 1 s or later, min_short_term_lufs the lowest short-term loudness of those at 3 s or later.

Write what your meter reads into a file like answerprint.json, which has this project's own readings:
  {"rate_hz": 48000, "readings": {"3341-01": {"integrated_lufs": -23.0, "max_momentary_lufs": -23.0, ...}}}
and compare it:
  answerprint measure --kit-check YOURS.json
"""


@dataclass(frozen=True, slots=True)
class KitRow:
    """One reading beside what is expected. read: None where the file has none."""

    case: str
    figure: str
    value: float
    below: float
    above: float
    read: float | None
    holds: bool


def write_kit(folder: Path, rate_hz: int) -> dict[str, Any]:
    """Writes the kit into a new folder. Returns {"kit", "rate_hz", "cases", "bytes", "held", "missed"}; held and missed
    are of our meter's readings.

    Raises JobError for a rate that is too low or too high, OutputError where the folder exists.
    """
    if rate_hz not in range(SLOWEST_HZ, FASTEST_HZ + 1):
        raise JobError(
            "not a rate of the kit", where="--rate", expected=f"{SLOWEST_HZ} to {FASTEST_HZ} Hz", got=rate_hz
        )
    if folder.exists():
        raise OutputError("the folder exists", where=str(folder), fix="name another")
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        readings = _write(made, rate_hz)
        size = sum(path.stat().st_size for path in made.iterdir())
        os.rename(made, folder)  # noqa: PTH104  a folder that appears whole
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    rows = compare_readings(readings)
    held = sum(row.holds for row in rows)
    return {"kit": str(folder), "rate_hz": rate_hz, "cases": len(readings), "bytes": size, "held": held,
            "missed": len(rows) - held}  # fmt: skip


def check_kit(path: Path) -> dict[str, Any]:
    """Returns another meter's readings beside what is expected: {"rows", "held", "missed", "absent"}.

    absent: cases that it has no reading of. Raises JobError where the file is not one of readings.
    """
    rows = compare_readings(_readings_of(path))
    return {
        "rows": [asdict(row) for row in rows],
        "held": sum(row.holds for row in rows),
        "missed": sum(not row.holds and row.read is not None for row in rows),
        "absent": sum(row.read is None for row in rows),
    }


def compare_readings(readings: dict[str, dict[str, float | None]]) -> list[KitRow]:
    """Returns every reading that is expected, with what was read."""
    return [
        KitRow(case.name, each.figure, each.value, each.below, each.above, read, each.holds(read))
        for case in kit_cases()
        for each in case.expected
        for read in [readings.get(case.name, {}).get(each.figure)]
    ]


def kit_lines(data: dict[str, Any]) -> list[str]:
    """Returns what a person reads of either result."""
    if "kit" in data:
        done = f"{data['cases']} signals at {data['rate_hz']} Hz, {data['bytes'] / 1e6:.0f} MB: {data['kit']}"
        return [
            done,
            f"our meter reads {data['held']} of {data['held'] + data['missed']} figures within tolerance",
        ]
    rows = [
        f"{row['case']:12} {row['figure']:20} {'no reading' if row['read'] is None else format(row['read'], '.2f')}"
        f", expected {row['value']:g} (+{row['above']:g}, -{row['below']:g})"
        for row in data["rows"]
        if not row["holds"]
    ]
    return [*rows, f"{data['held']} held, {data['missed']} missed, {data['absent']} without a reading"]


def _write(folder: Path, rate_hz: int) -> dict[str, dict[str, float | None]]:
    """Writes every file of the kit. Returns our readings."""
    told, readings = dict[str, Any](), dict[str, dict[str, float | None]]()
    for case in kit_cases():
        whole = _quantised(case.make(rate_hz))
        _write_wav(folder / f"{case.name}.wav", whole, rate_hz)
        readings[case.name] = read_case(case, whole / float(1 << 23), rate_hz)
        told[case.name] = _told(case)
    (folder / EXPECTED).write_text(json.dumps({"rate_hz": rate_hz, "cases": told}, indent=1) + "\n")
    (folder / OURS).write_text(json.dumps({"rate_hz": rate_hz, "readings": readings}, indent=1) + "\n")
    (folder / README).write_text(HOW)
    return readings


def _told(case: KitCase) -> dict[str, Any]:
    expected = [asdict(each) for each in case.expected]
    return {
        "file": f"{case.name}.wav",
        "says": case.says,
        "speakers": list(case.speakers),
        "expected": expected,
    }


def _quantised(pcm: Array) -> Array:
    """Returns samples of 24 bits. Full scale is the largest of them."""
    most = (1 << 23) - 1
    return np.asarray(np.clip(np.rint(pcm * (1 << 23)), -most, most), np.int32)


def _write_wav(path: Path, whole: Array, rate_hz: int) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(whole.shape[1])
        file.setsampwidth(BYTES)
        file.setframerate(rate_hz)
        low = np.ascontiguousarray(whole, "<i4").view(np.uint8).reshape(-1, 4)
        file.writeframes(low[:, :BYTES].tobytes())


def _readings_of(path: Path) -> dict[str, dict[str, float | None]]:
    fix = f"see {README} of the kit"
    try:
        if path.stat().st_size > MOST_BYTES:
            raise JobError("not readings of the kit", where=str(path), expected="at most 1 MB", fix=fix)
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as exc:
        raise JobError(
            "not readings of the kit", where=str(path), expected="JSON", got=str(exc), fix=fix
        ) from exc
    readings = found.get("readings") if isinstance(found, dict) else None
    if not isinstance(readings, dict):
        raise JobError("not readings of the kit", where=str(path), expected='{"readings": {...}}', fix=fix)
    for case, figures in readings.items():
        if not isinstance(figures, dict) or not all(map(_is_reading, figures.values())):
            raise JobError(
                "not readings of a case",
                where=f"{path}: {case}",
                expected="numbers or null by figure",
                fix=fix,
            )
    return readings


def _is_reading(value: object) -> bool:
    return value is None or (
        isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e6
    )
