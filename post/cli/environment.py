"""Reads the environment, here and nowhere else: where this user's files are, and what this machine has."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from post.api.settings import usual_config, usual_store
from post.errors import JobError

# Columns of a terminal. A timeline is not legible in fewer, and lines of text not in more.
NARROWEST, WIDEST = 60, 120


class Environment:
    """What the environment says, each part when it is asked for: few commands need all of it."""

    @property
    def config(self) -> Path:
        """The folder of keys and settings. Raises JobError if this user has none."""
        return _folder("ANSWERPRINT_CONFIG", usual_config)

    @property
    def store(self) -> Path:
        """The folder of results kept between runs. Raises JobError if this user has none."""
        return _folder("ANSWERPRINT_STORE", usual_store)

    @property
    def terminal(self) -> bool:
        """Says whether stderr is a terminal."""
        return sys.stderr.isatty()

    @property
    def asks(self) -> bool:
        """Says whether somebody sits at a terminal who can be asked for a passphrase."""
        return sys.stdin.isatty() and sys.stderr.isatty()

    @property
    def columns(self) -> int:
        """How wide lines for people are: as the terminal, or COLUMNS, within bounds; 80 where there is none."""
        return min(max(shutil.get_terminal_size((80, 24)).columns, NARROWEST), WIDEST)


def read_environment() -> Environment:
    """Returns the folders that ANSWERPRINT_CONFIG and ANSWERPRINT_STORE name, or else the platform's own.

    Linux: ~/.config/answerprint and ~/.cache/answerprint/store, or below XDG_CONFIG_HOME and XDG_CACHE_HOME;
    macOS: below ~/Library; Windows: below %LOCALAPPDATA%.
    """
    return Environment()


def _folder(variable: str, usual: Callable[[str], Path]) -> Path:
    """Returns the folder that a variable names, or else the usual one."""
    if named := os.environ.get(variable):
        return Path(named)
    try:
        return usual(f"set HOME, or set {variable} to a folder of your own")
    except JobError as fault:
        home = os.environ.get("HOME") or "none"
        raise JobError(
            fault.what, where=fault.where, expected=fault.expected, got=home, fix=fault.fix
        ) from fault


def text_argument(given: str, option: str) -> str:
    """Returns a text of the command line as it was typed: a locale such as C leaves its letters undecoded.

    Raises JobError where it is not UTF-8 either. option: named in the error.
    """
    try:
        given.encode()
    except UnicodeEncodeError:
        try:
            return os.fsencode(given).decode()
        except UnicodeError:
            fix = "set the locale of this terminal, such as LANG=C.UTF-8"
            raise JobError("not UTF-8 text", where=option, got=given, fix=fix) from None
    return given


def pin(key: str) -> str | None:
    """Returns the PIN of the token that holds a key: ANSWERPRINT_PIN_<KEY>, or ANSWERPRINT_PIN for any key.

    It is never an argument: every process of the machine can read those.
    """
    own = "".join(letter if letter.isalnum() else "_" for letter in key.upper())
    return os.environ.get(f"ANSWERPRINT_PIN_{own}") or os.environ.get("ANSWERPRINT_PIN")


def passphrase(key: str) -> str:
    """Returns the passphrase of a person's key: ANSWERPRINT_PASSPHRASE_<KEY>, or ANSWERPRINT_PASSPHRASE; or ""."""
    own = "".join(letter if letter.isalnum() else "_" for letter in key.upper())
    return os.environ.get(f"ANSWERPRINT_PASSPHRASE_{own}") or os.environ.get("ANSWERPRINT_PASSPHRASE", "")


def resolver_token() -> str:
    """Returns the token that the resolver asks its clients for: ANSWERPRINT_RESOLVER_TOKEN; "" for none."""
    return os.environ.get("ANSWERPRINT_RESOLVER_TOKEN", "")


def oidc_secret() -> str:
    """Returns the secret of the review's server at its OpenID provider: ANSWERPRINT_OIDC_SECRET; "" for none."""
    return os.environ.get("ANSWERPRINT_OIDC_SECRET", "")
