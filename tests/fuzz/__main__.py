from __future__ import annotations

import os
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path

from tests.fuzz.drive import DRIVERS, IN_A_WORKER
from tests.fuzz.mutate import Whole, damaged
from tests.fuzz.seeds import ROOTS, whole_files
from tests.fuzz.watch import Ended, Tally, Watcher

TOLD_EVERY = 200  # cases


def main(arguments: list[str]) -> int:
    asked = _asked(arguments)
    os.environ.setdefault("SVT_LOG", "1")  # its encoder prints whatever it is asked
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        if asked.replay:
            return _replay(asked, folder)
        tally = _run(asked, folder)
    _tell(asked, tally)
    for said, count in sorted(tally.said.items(), key=lambda row: -row[1]):
        print(f"{count:7} {said}")
    return 1 if tally.findings else 0


def _run(asked: Namespace, folder: Path) -> Tally:
    made = folder / "made"
    made.mkdir()
    files = whole_files(asked.kind, made, asked.media)
    _place_roots(made / ROOTS, folder)
    tally, until = Tally(), time.monotonic() + 60 * asked.minutes
    with _watcher(asked, folder) as watcher:
        number = asked.first
        while time.monotonic() < until and number < asked.first + asked.cases:
            file = damaged(asked.kind, asked.seed, number, files)
            ended = watcher.run(file)
            tally.add(file.name, ended)
            _keep(asked, file, ended)
            number += 1
            if tally.cases % TOLD_EVERY == 0:
                _tell(asked, tally)
    return tally


def _replay(asked: Namespace, folder: Path) -> int:
    _place_roots(asked.replay.with_name(ROOTS), folder)
    with _watcher(asked, folder) as watcher:
        ended = watcher.run(Whole(asked.replay.name, asked.replay.read_bytes()))
    print(ended.said, ended.finding, f"{ended.cpu_s:.1f} s, {ended.memory >> 20} MB", sep="\n")
    return 1 if ended.finding else 0


def _watcher(asked: Namespace, folder: Path) -> Watcher:
    return Watcher(DRIVERS[asked.kind], folder, asked.kind in IN_A_WORKER)


def _place_roots(roots: Path, folder: Path) -> None:
    if roots.exists():
        (folder / ROOTS).write_bytes(roots.read_bytes())


def _keep(asked: Namespace, file: Whole, ended: Ended) -> None:
    """Keeps the file of a finding, and of a case that ended its worker, and says what was found."""
    if not ended.finding and not ended.died:
        return
    asked.keep.mkdir(parents=True, exist_ok=True)
    path = asked.keep / f"{asked.kind}-{asked.seed}-{file.name}"
    path.write_bytes(file.data)
    what = f"FINDING {ended.finding}" if ended.finding else f"death: {ended.said}"
    print(f"{path}: {what} ({ended.cpu_s:.1f} s)", flush=True)


def _tell(asked: Namespace, tally: Tally) -> None:
    print(
        f"{asked.kind}: {tally.cases} cases, {tally.findings} findings, {tally.deaths} workers died, "
        f"slowest {tally.slowest_s:.1f} s of CPU ({tally.slowest}), most memory {tally.memory >> 20} MB",
        flush=True,
    )


def _asked(arguments: list[str]) -> Namespace:
    parser = ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("kind", choices=DRIVERS)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--cases", type=int, default=1 << 40, help="at most so many")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=0, help="the number of the first case")
    media = os.environ.get("ANSWERPRINT_MEDIA")
    parser.add_argument(
        "--media", type=Path, default=Path(media) if media else None, help="a folder of real files"
    )
    parser.add_argument(
        "--keep", type=Path, default=Path("build/fuzz"), help="where files of findings are kept"
    )
    parser.add_argument("--replay", type=Path, help="drive this file only")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
