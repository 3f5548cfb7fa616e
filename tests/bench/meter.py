"""Measures what a meter costs, and what it reads: ours, libebur128, FFmpeg's ebur128, pyloudnorm. JSON on stdout.

    python -m tests.bench.meter [SECONDS]

All read the same PCM in the same process: CPU seconds are the least of three rounds, taken in turns. libebur128 is read
through pyebur128 and FFmpeg through PyAV. A peer that is not installed is left out. pyloudnorm has no true peak.
`held` is how many figures of the conformance kit (post/measure/meter_kit, 48 kHz) a meter reads within tolerance, of
those it reads at all.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import av
import numpy as np

from post.measure.meter_kit import kit_cases, read_case
from post.sound import measure
from post.sound.meter import integrated
from post.values.array import Array
from post.values.speakers import BY_COUNT
from tests.bench.sound import programme
from tests.sound.meter.libebur128 import measure_with_libebur128
from tests.sound.tones import RATE

ROUNDS = 3
FRAME = 1 << 16
QUICK_S = 10


def main(seconds: float = 120) -> None:
    pcm = programme(seconds)
    cpu = _least(_ways(pcm))
    reading = cpu.pop("pyav_reading")
    for name in ("ffmpeg", "ffmpeg_with_peak"):
        cpu[name] -= reading
    found: dict[str, Any] = {
        "seconds": seconds,
        "cpu_s": {name: round(value, 3) for name, value in cpu.items()},
    }
    found["ratio"] = {
        name: round(cpu["ours_with_peak" if "peak" in name else "ours"] / value, 2)
        for name, value in cpu.items()
        if not name.startswith("ours")
    }
    if seconds > QUICK_S:
        found["held"] = held()
    json.dump(found, sys.stdout, indent=1)
    sys.stdout.write("\n")


def _ways(pcm: Array) -> dict[str, Callable[[], object]]:
    ways: dict[str, Callable[[], object]] = {
        "ours": lambda: integrated(pcm, RATE),
        "ours_with_peak": lambda: measure(pcm, RATE),
        "pyav_reading": lambda: _filtered(pcm, "anull", ""),
        "ffmpeg": lambda: _filtered(pcm, "ebur128", ""),
        "ffmpeg_with_peak": lambda: _filtered(pcm, "ebur128", "peak=true"),
    }
    if find_spec("pyebur128"):
        ways["libebur128"] = lambda: _libebur128(pcm, peaks=False)
        ways["libebur128_with_peak"] = lambda: _libebur128(pcm, peaks=True)
    if find_spec("pyloudnorm"):
        ways["pyloudnorm"] = lambda: import_module("pyloudnorm").Meter(RATE).integrated_loudness(pcm)
    return ways


def held() -> dict[str, str]:
    """Returns how many figures of the kit each meter reads within tolerance: of ours, and of libebur128."""
    ours, theirs = list[bool](), list[bool]()
    for case in kit_cases():
        pcm = case.make(RATE)
        read = read_case(case, pcm, RATE)
        ours += [each.holds(read[each.figure]) for each in case.expected]
        if find_spec("pyebur128"):
            other = measure_with_libebur128(pcm, RATE, case.speakers)
            theirs += [
                each.holds(getattr(other, each.figure))
                for each in case.expected
                if hasattr(other, each.figure)
            ]
    counted = {"ours": ours, "libebur128": theirs}
    return {name: f"{sum(found)} of {len(found)}" for name, found in counted.items() if found}


def _libebur128(pcm: Array, *, peaks: bool) -> None:
    """Reads integrated loudness and range, and the true peak; the library's loudest windows need a reading a hop."""
    peer = import_module("pyebur128")
    modes = peer.MeasurementMode
    more = modes.MODE_TRUE_PEAK if peaks else 0
    state = peer.R128State(pcm.shape[1], RATE, modes.MODE_I | modes.MODE_LRA | more)
    state.add_frames(np.ascontiguousarray(pcm, np.float32).reshape(-1), len(pcm))
    peer.get_loudness_global(state)
    peer.get_loudness_range(state)


def _filtered(pcm: Array, name: str, options: str) -> None:
    """Passes sound through a filter of FFmpeg's, through PyAV."""
    assert pcm.shape[1] == len(BY_COUNT[2])
    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=RATE, format="flt", layout="stereo", time_base=Fraction(1, RATE))
    graph.link_nodes(source, graph.add(name, options or None), graph.add("abuffersink")).configure()
    for first in range(0, len(pcm), FRAME):
        part = np.ascontiguousarray(pcm[first : first + FRAME], np.float32)
        frame = av.AudioFrame.from_ndarray(part.reshape(1, -1), format="flt", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE, first, Fraction(1, RATE)
        graph.push(frame)
        _drain(graph)
    graph.push(None)
    _drain(graph)


def _drain(graph: Any) -> None:
    while True:
        try:
            graph.pull()
        except (av.BlockingIOError, av.EOFError):
            return


def _least(ways: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Returns the least CPU seconds of each way, rounds taken in turns."""
    rounds = [{name: _cpu_s(way) for name, way in ways.items()} for _ in range(ROUNDS)]
    return {name: min(each[name] for each in rounds) for name in ways}


def _cpu_s(way: Callable[[], object]) -> float:
    began = time.process_time()
    way()
    return time.process_time() - began


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
