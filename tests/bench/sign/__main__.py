"""Compares the cost of signing with that of hashing: in one pass, and with the SDK's copy, for 200 MB and 1 GB.

    python -m tests.bench.sign [--quick] [--work DIR]

Every round hashes the film with hashlib and then signs it, all of it: the manifest sized, the film copied,
read back and hashed, signed, checked, written out to the disk. Each way runs in a process of its own;
its peak memory is given with its memory before. Ratios are of the best rounds; all rounds are in the JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench import write_json
from tests.bench.finish import machine
from tests.provenance.made import Noise
from tests.provenance.manifest.films import Parts

MB = 1_000_000
FILMS = {"200 MB": 200 * MB, "1 GB": 1000 * MB}
QUICK = {"20 MB": 20 * MB}
WAYS = ("one pass", "copy")
ROUNDS = {"one pass": 5, "copy": 2}
ASKED = {"wall, one pass over sha256": 2.0, "peak MB, one pass": 100}


def main(arguments: list[str]) -> None:
    asked = _asked(arguments)
    if asked.work:
        Path(asked.work).mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=asked.work or None) as scratch:
        work = Path(scratch)
        films = QUICK if asked.quick else FILMS
        found = {
            name: {way: apart(film(work, size), work, way) for way in WAYS} for name, size in films.items()
        }
    print(table(found))
    result = {"machine": machine(), "asked": ASKED, "found": {n: summary(rows) for n, rows in found.items()}}
    write_json(Path("bench-sign.json"), result | {"rounds": found})


def _asked(arguments: list[str]) -> Namespace:
    parser = ArgumentParser(prog="python -m tests.bench.sign")
    parser.add_argument("--work", default="", help="where films are made: a disk, not a memory file system")
    parser.add_argument("--quick", action="store_true", help="20 MB: shows that it runs")
    return parser.parse_args(arguments)


def film(work: Path, size: int) -> Path:
    """Returns a film with its index in front and its media padded to `size` bytes."""
    path = work / f"{size}.mp4"
    if path.exists():
        return path
    parts = Parts(Noise().write(work / "noise.mp4"))
    head = len(parts.ftyp) + len(parts.moov) + 8
    left = size - head - len(parts.media)
    with path.open("wb") as out:
        out.write(parts.ftyp + parts.index(head) + (8 + size - head).to_bytes(4) + b"mdat" + parts.media)
        while left > 0:
            left -= out.write(os.urandom(min(left, MB)))
    return path


def apart(film: Path, work: Path, way: str) -> dict[str, Any]:
    """Measures in a process of its own; returns the numbers. Raises CalledProcessError where it fails."""
    command = [sys.executable, "-m", "tests.bench.sign.one", way, film, work, ROUNDS[way]]
    done = subprocess.run([*map(str, command)], check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def best(rows: dict[str, Any], what: str, unit: str) -> float:
    return min(float(each[what][unit]) for each in rows["rounds"])


def summary(found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        way: {
            "wall over sha256": round(best(rows, "sign", "wall_s") / best(rows, "sha256", "wall_s"), 2),
            "cpu over sha256": round(best(rows, "sign", "cpu_s") / best(rows, "sha256", "cpu_s"), 2),
            "wall_s": best(rows, "sign", "wall_s"),
            "sha256_wall_s": best(rows, "sha256", "wall_s"),
            "peak_mb": rows["peak_mb"],
            "before_mb": rows["before_mb"],
        }
        for way, rows in found.items()
    }


def table(found: dict[str, dict[str, Any]]) -> str:
    lines = [f"{'':18}{'sha256 s':>10}{'sign s':>10}{'wall x':>8}{'cpu x':>8}{'peak MB':>9}{'before':>8}"]
    for name, ways in found.items():
        for way, row in summary(ways).items():
            lines.append(
                f"{name + ', ' + way:18}{row['sha256_wall_s']:10.3f}{row['wall_s']:10.3f}"
                f"{row['wall over sha256']:8.2f}{row['cpu over sha256']:8.2f}{row['peak_mb']:9}{row['before_mb']:8}"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    main(sys.argv[1:])
