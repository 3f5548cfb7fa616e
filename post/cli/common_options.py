"""Takes the options of every command (--debug, --verbose, --log FILE) from a command line, wherever they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from post.errors import JobError

_LOG, _FLAGS, _END = "--log", ("--debug", "--verbose"), "--"


@dataclass(frozen=True, slots=True)
class CommonOptions:
    """debug: the traceback of an error is shown; verbose: records go to stderr; log: the file they go to, or None."""

    debug: bool = False
    verbose: bool = False
    log: Path | None = None

    @property
    def logs(self) -> bool:
        """Says whether anything is logged."""
        return self.verbose or self.log is not None


def split_common(words: Sequence[str]) -> tuple[list[str], CommonOptions]:
    """Returns the command line without these options, and the options.

    What follows `--` is left as it is. Raises JobError where --log has no file.
    """
    rest: list[str] = []
    flags = set[str]()
    log: Path | None = None
    coming = iter(words)
    for word in coming:
        name, equals, value = word.partition("=")
        if word == _END:
            rest += [word, *coming]
        elif word in _FLAGS:
            flags.add(word)
        elif name == _LOG:
            log = _log_file(value if equals else next(coming, ""))
        else:
            rest.append(word)
    return rest, CommonOptions("--debug" in flags, "--verbose" in flags, log)


def _log_file(value: str) -> Path:
    if not value or value.startswith("-"):
        raise JobError(
            "no file is named", where=_LOG, expected=f"{_LOG} FILE", got=repr(value) if value else None
        )
    return Path(value)
