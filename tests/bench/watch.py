"""Watches a folder that 200 files come into, and counts the films: of each good file exactly one.

    python -m tests.bench.watch [--seed N] [--kills N] [--quick]

Real clips (ANSWERPRINT_MEDIA): cut and made small, most of them; some as they lie in `odd`. They come whole, in parts
with pauses, under a name that is changed later, as copies, broken, and as halves that never end; some are moved. The
process is killed and started again meanwhile. Writes bench-watch.json. --quick: a fourth of the files.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import sys
import threading
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import av

from tests.bench import write_json
from tests.flow.commands import answerprint, start

TEMPLATE = """
schema: Job.2
title: "{clip}"
clock: 24
house: daylight
takes: {clip: sample.mp4}
cut: [{take: clip, length: 0.25s}]
deliver: [{preset: draft, name: wide, width: 160, height: 90, picture: {crf: 30, preset: ultrafast}}]
"""
CLIPS = (
    "ltx2_dog_snow", "moviegen_penguins_5s", "ltx2_guitar_student", "ltx2_official_teacher", "diffsynth_office",
    "longcat_vc_motorcycle_480sq",
)  # fmt: skip
ODD = (
    "12_dual_mono.mov", "12c_fcc.mp4", "24_fragmented.mp4", "27_240fps.mkv", "08_mirrored_selfie.mp4", "32_clean.ts",
    "06_h264_cut_opengop.mp4", "28_h264_bframes.avi",
)  # fmt: skip
# How many of each kind come.
KINDS = {"whole": 62, "parts": 20, "renamed": 10, "copy": 40, "moved": 10, "broken": 30, "stuck": 20}
EACH = 12  # frames of a cut


def cuts(media: Path, folder: Path, wanted: int) -> list[Path]:
    """Writes small clips of real frames, each of other frames, and returns their paths."""
    made, names = list[Path](), count()
    while len(made) < wanted:
        for clip in CLIPS:
            if len(made) == wanted:
                break
            path = folder / f"cut-{next(names)}.mp4"
            _cut(media / "ai_clips" / f"{clip}.mp4", path, len(made) // len(CLIPS))
            made.append(path)
    return made


def _cut(clip: Path, path: Path, first: int) -> None:
    with av.open(str(clip)) as source, av.open(str(path), "w") as target:
        stream = target.add_stream("libx264", Fraction(24), options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 160, 90, "yuv420p"
        for number, frame in enumerate(source.decode(video=0)):
            if number >= first + EACH:
                break
            if number >= first:
                small = frame.reformat(160, 90, "yuv420p")
                small.pts, small.time_base = number - first, Fraction(1, 24)
                target.mux(stream.encode(small))
        target.mux(stream.encode(None))


class Feeder:
    """Brings files into a folder, each in a thread of its own, at random moments of `lasts_s` seconds.

    good, bad: the SHA-256 of what is to become a film, and the names of what is to be set aside.
    """

    def __init__(self, folder: Path, dice: random.Random, lasts_s: float) -> None:
        self.folder, self.dice, self.lasts_s = folder, dice, lasts_s
        self.good, self.bad = set[str](), set[str]()
        self._threads = list[threading.Thread]()

    def whole(self, clip: Path, name: str) -> None:
        self._good(clip)
        self._later(0.8, lambda: shutil.copyfile(clip, self.folder / name))

    def copy(self, clip: Path, name: str) -> None:
        self._later(1, lambda: shutil.copyfile(clip, self.folder / name))

    def parts(self, clip: Path, name: str, then: str = "") -> None:
        """Copies a file in four parts with pauses; renames it to `then` at the end."""
        self._good(clip)

        def feed() -> None:
            data, path = clip.read_bytes(), self.folder / name
            with path.open("wb") as out:
                for part in range(4):
                    out.write(data[len(data) * part // 4 : len(data) * (part + 1) // 4])
                    out.flush()
                    time.sleep(0.8)
            if then:
                path.rename(self.folder / then)

        self._later(0.8, feed)

    def moved(self, clip: Path, name: str, to: str) -> None:
        self._good(clip)

        def feed() -> None:
            shutil.copyfile(clip, self.folder / name)
            time.sleep(self.lasts_s / 4)
            if (self.folder / name).exists():
                (self.folder / name).rename(self.folder / to)

        self._later(0.6, feed)

    def broken(self, data: bytes, name: str) -> None:
        self.bad.add(name)
        self._later(1, lambda: (self.folder / name).write_bytes(data))

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        for thread in self._threads:
            thread.join()

    def _good(self, clip: Path) -> None:
        self.good.add(hashlib.sha256(clip.read_bytes()).hexdigest())

    def _later(self, share: float, work: Callable[[], object]) -> None:
        wait_s = self.dice.uniform(0, self.lasts_s * share)

        def run() -> None:
            time.sleep(wait_s)
            work()

        self._threads.append(threading.Thread(target=run))


def _plan(feeder: Feeder, clips: list[Path], odd: list[Path], kinds: dict[str, int]) -> int:
    """Gives the feeder all that it brings; returns how many files that are."""
    fresh, files = iter(clips), count()
    first = [next(fresh) for _ in range(kinds["whole"])]
    for number, clip in enumerate((*first, *odd)):
        feeder.whole(clip, f"whole-{number}-{next(files)}{clip.suffix}")
    for _ in range(kinds["parts"]):
        feeder.parts(next(fresh), f"parts-{next(files)}.mp4")
    for _ in range(kinds["renamed"]):
        feeder.parts(next(fresh), f"reel-{(n := next(files))}.mp4.part", f"reel-{n}.mp4")
    for _ in range(kinds["moved"]):
        feeder.moved(next(fresh), f"here-{(n := next(files))}.mp4", f"there-{n}.mp4")
    for number in range(kinds["copy"]):
        feeder.copy(first[number % len(first)], f"again-{next(files)}.mp4")
    for number in range(kinds["broken"]):
        data = first[number % len(first)].read_bytes()
        dirty = feeder.dice.randbytes(len(data))
        feeder.broken(
            (dirty, b"no film", b"", data[:40] + dirty[40:])[number % 4], f"broken-{next(files)}.mp4"
        )
    for number in range(kinds["stuck"]):
        data = first[number % len(first)].read_bytes()
        feeder.broken(data[: len(data) * (1 + number % 8) // 10], f"stuck-{next(files)}.mp4")
    return next(files)


def _measured(home: Path, media: Path, seed: int, kills: int, part: int) -> dict[str, Any]:
    folder, out, events = home / "in", home / "out", home / "events"
    (made := home / "made").mkdir()
    folder.mkdir()
    (home / "template.yaml").write_text(TEMPLATE)
    kinds = {kind: number // part for kind, number in KINDS.items()}
    odd = [media / "odd" / name for name in ODD][:: 1 if part == 1 else 4]
    clips = cuts(media, made, sum(kinds[kind] for kind in ("whole", "parts", "renamed", "moved")))
    shutil.copyfile(clips[0], home / "sample.mp4")
    feeder = Feeder(folder, random.Random(seed), 60 / part)
    files = _plan(feeder, clips, odd, kinds)
    words = ("watch", folder, "--job", home / "template.yaml", "-o", out, "--store", home / "store", "--settle", "1",
             "--interval", "0.2", "--patience", "6", "--events", str(events))  # fmt: skip
    feeder.start()
    for _ in range(kills):
        running = start(home, *words)
        time.sleep(feeder.dice.uniform(5, 40 / part))
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
    running = start(home, *words)
    feeder.join()
    running.send_signal(signal.SIGTERM)
    running.wait()
    last = answerprint(home, *words[:-2], "--once", "--json")
    again = answerprint(home, *words[:-2], "--once", "--json")
    return _counted(feeder, files, out, folder, (events, json.loads(last.out), json.loads(again.out)), kills)


def _counted(
    feeder: Feeder, files: int, out: Path, folder: Path, told: tuple[Path, Any, Any], kills: int
) -> dict[str, Any]:
    events, last, again = told
    rows = [json.loads(line) for line in events.read_text().splitlines()]
    finished = [row for row in rows if row["event"] == "finished"]
    finished += [row for row in last["items"] if row["state"] == "finished"]
    times = Counter(row["sha256"] for row in finished)
    films = sorted(out.glob("*/wide.mp4"))
    verified = [answerprint(folder.parent, "verify", film, "--json").code for film in films[::10]]
    aside = {path.name for path in (folder / "failed").iterdir() if not path.name.endswith(".json")}
    return {
        "files": files,
        "kills": kills,
        "good": len(feeder.good),
        "films": len(films),
        "good_without_a_film": len(feeder.good - set(times)),
        "finished_twice": sorted(sha for sha, number in times.items() if number > 1),
        "finished_that_are_not_good": len(set(times) - feeder.good),
        "bad": len(feeder.bad),
        "bad_not_set_aside": sorted(feeder.bad - aside),
        "good_set_aside": sorted(aside - feeder.bad),
        "verified": {"films": len(verified), "codes": sorted(set(verified))},
        "made_by_one_more_run": again["finished"],
    }


def main(arguments: list[str]) -> int:
    parser = ArgumentParser(description="A watched folder, counted.")
    parser.add_argument("--seed", type=int, default=15)
    parser.add_argument("--kills", type=int, default=2)
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args(arguments)
    media = Path(os.environ["ANSWERPRINT_MEDIA"])
    with TemporaryDirectory() as home:
        result = _measured(Path(home), media, given.seed, given.kills, 4 if given.quick else 1)
    print(json.dumps(result, indent=1))
    write_json(Path("bench-watch.json"), result)
    wrong = ("good_without_a_film", "finished_twice", "finished_that_are_not_good", "bad_not_set_aside",
             "good_set_aside", "made_by_one_more_run")  # fmt: skip
    return int(any(result[each] for each in wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
