"""Runs the verifier on randomly damaged films, for as long as asked.

    python -m tests.bench.fuzz [--minutes 10] [--seed 0] [--keep DIR]

Films are verified in a process of their own, so that a crash of a native library is found and reported. A seed
that breaks the law is printed with the reason, and its film is kept; the run then exits with 1. Films are signed
again in each run, so a seed alone does not reproduce one: the kept film does.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from tests.provenance.attacks.fuzzing import Law, spoilt

MOST_S = 5.0  # of processor time for one film


def main(arguments: list[str]) -> int:
    asked = _asked(arguments)
    asked.keep.mkdir(parents=True, exist_ok=True)
    seed, tried, spent, broken = asked.seed, 0, 0.0, 0
    while spent < 60 * asked.minutes:
        last = _child(seed, min(60.0, 60 * asked.minutes - spent), asked.keep)
        tried, broken = tried + last.tried, broken + last.broken
        seed, spent = last.seed + 1, spent + last.cpu_s
    print(f"{tried} films, {spent:.0f} CPU seconds, {broken} that broke the law")
    return 1 if broken else 0


@dataclass(frozen=True)
class Told:
    """How far a process got. seed: the last one it verified."""

    tried: int = 0
    seed: int = 0
    cpu_s: float = 0.0
    broken: int = 0


def _child(seed: int, seconds: float, keep: Path) -> Told:
    """Runs one process; returns how far it got. A process that dies counts as one broken seed; the next continues."""
    command = [sys.executable, "-m", "tests.bench.fuzz", "--child", "--seed", str(seed)]
    command += ["--minutes", str(seconds / 60), "--keep", str(keep)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    lines = done.stdout.splitlines()
    for line in lines:
        if not line.startswith("{"):
            print(line, flush=True)
    last = Told(**json.loads([line for line in lines if line.startswith("{")][-1]))
    if done.returncode == 0:
        return last
    crashed = int((keep / "seed").read_text())
    (keep / "now.mp4").rename(keep / f"crash-{crashed}.mp4")
    print(f"seed {crashed}: the process died with {done.returncode}", flush=True)
    return replace(last, seed=crashed, broken=last.broken + 1)


def _run(asked: Namespace) -> None:
    from provenance.signing import keyring
    from provenance.trust import lists
    from tests.provenance.attacks.spot import Spot
    from tests.provenance.made import House, Noise, finish, ingredient, vendor

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        house = House(keyring.load_signer(folder / "config"), lists.read_own_root(folder / "config"))
        made = vendor(Noise(2).write(folder / "raw.mp4"), folder / "generated.mp4", house)
        film = Spot(1, options={"movflags": "faststart"}).write(folder / "film.mp4")
        parts = [ingredient(made, credential="verified")]
        films = [
            finish(Noise(2).write(folder / "plain.mp4"), folder / "plain_signed.mp4", [], house),
            finish(film, folder / "film_signed.mp4", parts, house),
        ]
        _verify(asked, [path.read_bytes() for path in films], house)


def _verify(asked: Namespace, films: list[bytes], house: object) -> None:
    law, path = Law(films, MOST_S), asked.keep / "now.mp4"
    started, seed, broken = time.process_time(), asked.seed, 0
    _tell(seed, seed, started, broken)
    while time.process_time() - started < 60 * asked.minutes:
        path.write_bytes(spoilt(films, seed))
        (asked.keep / "seed").write_text(str(seed))
        if why := law.broken(path, house):  # type: ignore[arg-type]  # a House; its module is loaded late
            broken += 1
            path.rename(asked.keep / f"{seed}.mp4")
            print(f"seed {seed}: {why}", flush=True)
        seed += 1
        if seed % 100 == 0:
            _tell(asked.seed, seed, started, broken)
    _tell(asked.seed, seed, started, broken)


def _tell(first: int, seed: int, started: float, broken: int) -> None:
    told = Told(seed - first, seed - 1, time.process_time() - started, broken)
    print(json.dumps(asdict(told)), flush=True)


def _asked(arguments: list[str]) -> Namespace:
    parser = ArgumentParser(prog="python -m tests.bench.fuzz")
    parser.add_argument("--minutes", type=float, default=10, help="of CPU time")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--keep", type=Path, default=Path("build/fuzz"), help="where films that broke the law are kept"
    )
    parser.add_argument("--child", action="store_true", help="this process verifies")
    asked = parser.parse_args(arguments)
    if asked.child:
        _run(asked)
        sys.exit(0)
    return asked


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
