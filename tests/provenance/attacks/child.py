"""Verifies files in a process of its own with closed sockets, and prints one JSON line for each.

python -m tests.provenance.attacks.child FOLDER    every file of a folder, by name
"""

from __future__ import annotations

import json
import resource
import socket
import sys
from pathlib import Path
from typing import Any, NoReturn

from post.errors import AnswerprintError
from provenance.verify import verify
from tests.made.work import count_calls


def main(folder: Path) -> None:
    close_sockets()
    for path in sorted(folder.iterdir()):
        print(json.dumps(told(path)), flush=True)


def close_sockets() -> None:
    """Makes every use of a socket fail from here on, loopback included."""

    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise AssertionError("a verifier asked for a socket")

    socket.socket.__init__ = refuse  # type: ignore[method-assign]  # that is the point
    socket.create_connection = refuse


def told(path: Path) -> dict[str, Any]:
    """Returns the result of verifying, how many functions it called, and the peak memory of the process so far."""
    row: dict[str, Any] = {
        "name": path.name,
        "crash": "",
        "integrity": "unreadable",
        "exit_code": 6,
        "findings": [],
    }

    def look() -> None:
        try:
            report = verify(path, ())
            row.update(integrity=report.integrity, exit_code=report.exit_code)
            row["findings"] = [found.code for found in report.findings]
        except AnswerprintError as exc:
            row["findings"] = [str(exc)]
        except Exception as exc:  # noqa: BLE001 - any crash is what the test looks for
            row["crash"] = repr(exc)

    return row | {"calls": count_calls(look), "peak_mb": peak_mb()}


def peak_mb() -> float:
    """Returns the peak memory of this process in MB. `getrusage` starts with that of the parent process."""
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (each for each in status.read_text().splitlines() if each.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(Path(sys.argv[1]))
