"""The command line. Only here is anything printed, the environment read, or the process ended."""

from __future__ import annotations

import signal
import sys
from typing import NoReturn


def main() -> None:
    """The `answerprint` command."""
    # Imported late: a spawned worker imports this module too, and must stay small.
    from post.cli.app import run
    from post.cli.output import nobody_reads

    signal.signal(signal.SIGTERM, _ended)
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        nobody_reads()
    sys.exit(code)


def _ended(number: int, _: object) -> NoReturn:
    """A polite end, from a container or a service: what is half-written is cleared up on the way out."""
    sys.exit(128 + number)
