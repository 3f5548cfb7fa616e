"""The command line. Only here is anything printed, the environment read, or the process ended."""

from __future__ import annotations

import sys


def main() -> None:
    """The `answerprint` command."""
    # Imported late: a spawned worker imports this module too, and must stay small.
    from post.cli.app import run

    sys.exit(run(sys.argv[1:]))
