"""The command line. Only this code prints, reads the environment and ends the process."""

from __future__ import annotations

import signal
import sys
from typing import NoReturn

from post.cli.stopwatch import COMMAND
from post.cli.surroundings import in_some_folder, open_missing_streams


def main() -> None:
    """Runs the `answerprint` command."""
    open_missing_streams()
    # Imported late: a spawned worker imports this module too, and must stay small.
    from post.cli.early_pool import early_pool

    signal.signal(signal.SIGTERM, _ended)
    with in_some_folder(), early_pool(sys.argv[1:]):
        from post.cli.app import run

        code = run(sys.argv[1:], COMMAND)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        from post.cli.output import nobody_reads

        nobody_reads()
    sys.exit(code)


def _ended(number: int, _: object) -> NoReturn:
    """Ends the process when a container or a service asks it to; half-written files are removed on the way out."""
    sys.exit(128 + number)
