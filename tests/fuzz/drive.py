"""Does with a file what the product does. Called in a worker, by name."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from post.cli.findings import lines
from post.errors import AnswerprintError, SourceError
from post.job.model import TakeRef
from post.measure import measure_file
from post.measure.match import open_any
from post.picture.bug import Bug
from post.picture.colour.lut_file import open_lut
from post.picture.type import FontSpec, TextSpec, set_type
from post.picture.type.face import with_fallback
from post.prepare.sources import take_of
from post.printable import printable
from post.stage_knobs import make
from post.takes.conform import Framer
from post.takes.open_picture import open_picture
from post.takes.probe import probe, probe_sound_file
from post.takes.sound.decode import read_sound, read_sound_file
from post.values.colour import Format
from post.values.media import File, Take
from post.values.plan import Window
from post.values.time import Clock
from provenance.ingest import inspect
from provenance.report import conformance_json
from provenance.rubric import conformance, signals
from provenance.trust.lists import read_list
from provenance.verify import examine
from provenance.verify.reviewer.page import render_page
from tests.fuzz.seeds import ROOTS, SOUNDS

MEASURED = 30_000  # bytes: measuring a longer clip takes seconds though it is whole
MOST_FRAMES = 60
FILM = Format(128, 72, Clock(Fraction(24)), 24)
WHOLE = Window(Fraction(0), Fraction(0), Fraction(1), Fraction(1))
TEXTS = ("Salt fi 12%", "سلام", "नमस्ते", "😀")
COLOURS = np.linspace(-0.5, 1.5, 300).reshape(-1, 3)


def drive_take(path: Path) -> None:
    """Opens a take, measures it, and decodes its frames and its sound."""
    if path.suffix in SOUNDS:
        read_sound_file(path, probe_sound_file(path).rate_hz)
        measure_file(path)
        return
    try:
        take = take_of(TakeRef("it", path, "job.yaml:1"), ())
    except AnswerprintError:
        take = probe(path, "it")  # also where its credentials cannot be read
    with suppress(SourceError):
        _decode(path, take)
    if take.sound:
        with suppress(SourceError):
            read_sound(path, take.sound, 48000)
    if path.stat().st_size <= MEASURED:
        measure_file(path)


def _decode(path: Path, take: Take) -> None:
    with open_picture(path, take.picture) as reader:
        framer = Framer(take.picture, WHOLE, FILM)
        for number in range(min(take.picture.length, MOST_FRAMES)):
            with suppress(SourceError):
                frame = reader.frame(number)
                if number % 10 == 0:
                    framer.frame(frame)
        reader.frame(take.picture.length - 1)


def drive_still(path: Path) -> None:
    """Opens a still as a take and as a reference for matching, and a PNG as a logo too; reads its credentials."""
    with suppress(AnswerprintError):
        inspect(path, ())
    with suppress(SourceError):
        _decode(path, probe(path, "it"))
    if path.suffix != ".png":
        open_any(path)
        return
    with suppress(SourceError):
        open_any(path)
    logo = make("bug", {"image": _file(path)})
    assert isinstance(logo, Bug)
    logo.draw(FILM)


def drive_lut(path: Path) -> None:
    """Opens a table and applies it, outside 0..1 too."""
    assert np.isfinite(open_lut(_file(path))(COLOURS)).all(), "values that are not finite"


def drive_font(path: Path) -> None:
    """Sets words of three scripts and an emoji in a font, and draws them. Raises a fault where it can set none."""
    cuts = with_fallback(FontSpec(_file(path), 48))
    faults = []
    for text in TEXTS:
        try:
            coverage = set_type(TextSpec(text, 900, 3), cuts).ink.coverage
            assert 0 <= coverage.min() <= coverage.max() <= 1, "coverage outside 0..1"
        except AnswerprintError as fault:
            faults.append(fault)
    if len(faults) == len(TEXTS):
        raise faults[0]


def drive_verify(path: Path) -> None:
    """Verifies a file, and makes everything that can be printed of it: lines, JSON, crJSON, rubrics and the page."""
    roots = path.with_name(ROOTS)
    done = examine(path, (read_list(roots),) if roots.exists() else ())
    active = done.reading.manifests[0] if done.reading.manifests else None
    rows = [
        conformance_json(conformance.check(active, full) if active else None, full)
        for full in conformance.BY_NAME.values()
    ]
    more = {
        "rubrics": [
            *rows,
            {"rubric": signals.NAME, "signals": list(signals.read_signals(active) if active else ())},
        ]
    }
    data = {**done.report.plain(), **more}
    printable("\n".join(lines(data))).encode()
    for each in (data, done.reading.crjson):
        json.dumps(each)
    render_page(done, more).encode()


Driver = Callable[[Path], None]
DRIVERS: dict[str, Driver] = {
    "take": drive_take,
    "still": drive_still,
    "lut": drive_lut,
    "font": drive_font,
    "verify": drive_verify,
}
IN_A_WORKER = (
    "take",
    "still",
    "lut",
    "font",
)  # the command verify has none: what ends one would end the program


@dataclass(frozen=True, slots=True)
class Used:
    """What a process has used. cpu_s: processor seconds; memory: bytes held now; most: since the last time."""

    process: int
    cpu_s: float
    memory: int
    most: int


def used() -> Used:
    """Returns what this process has used, and begins to measure its memory anew."""
    if sys.platform != "linux":  # other systems say only the most ever
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return Used(os.getpid(), time.process_time(), most, most)
    rows = dict(row.split(":", 1) for row in Path("/proc/self/status").read_text().splitlines())
    now, most = (int(rows[name].split()[0]) * 1024 for name in ("VmRSS", "VmHWM"))
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text(
            "5"
        )  # VmHWM starts from what is held now; proc_pid_clear_refs(5)
    return Used(os.getpid(), time.process_time(), now, most)


def _file(path: Path) -> File:
    return File(hashlib.sha256(path.read_bytes()).hexdigest(), path.name, path)
