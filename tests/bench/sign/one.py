"""Measures one way of signing, in a process that does nothing else.

python -m tests.bench.sign.one WAY FILM WORK ROUNDS        JSON on stdout
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import c2pa  # noqa: F401  loaded before anything is timed

from post.values.claim import GENERATED
from provenance import manifest
from provenance.claim.build import Assertion, Claim
from provenance.manifest import SignOptions, SignRequest
from provenance.signing import keyring
from provenance.trust import lists

MB = 1_000_000


def measured(film: Path, work: Path, way: str, rounds: int) -> dict[str, Any]:
    """Returns elapsed and CPU seconds of hashing and of signing, for each round; and memory."""
    signer = keyring.load_signer(work)
    data = {
        "allActionsIncluded": True,
        "actions": [{"action": "c2pa.created", "digitalSourceType": GENERATED}],
    }
    claim = Claim(film.name, "bench", "1", (Assertion("c2pa.actions.v2", data),))
    order = SignRequest(claim, (), signer, lists.join_pem(lists.read_own_root(work)))
    out = work / "signed.mp4"
    before = held()
    taken = []
    for _ in range(rounds):
        out.unlink(missing_ok=True)
        hashing = timed(lambda: _hash(film))
        signing = timed(lambda: manifest.sign_film(film, out, order, SignOptions(copying=way == "copy")))
        taken.append({"sha256": hashing, "sign": signing})
    peak = held()
    assert manifest.read(out, order.anchors_pem).state == "Trusted"
    return {"rounds": taken, "before_mb": round(before), "peak_mb": round(peak)}


def _hash(film: Path) -> None:
    with film.open("rb") as source:
        hashlib.file_digest(source, "sha256")


def timed(work: Callable[[], object]) -> dict[str, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return {
        "wall_s": round(time.perf_counter() - wall, 4),
        "cpu_s": round(time.process_time() - cpu, 4),
    }


def held() -> float:
    """Returns this process's peak memory in MB. ru_maxrss would start at that of its parent."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / MB
    raise SystemExit("only Linux reports peak memory")


if __name__ == "__main__":
    print(json.dumps(measured(Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[1], int(sys.argv[4]))))
