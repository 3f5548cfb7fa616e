"""Reads and writes paths as the manifests of a bag have them, and finds those that must not be followed.

Source: RFC 8493 (BagIt 1.0), 2.1.3 and 5.2.
"""

from __future__ import annotations

import re
import unicodedata

Version = tuple[int, int]
FIRST_STANDARD: Version = (1, 0)
PAYLOAD = "data"
LONGEST_PATH = 4096  # bytes
# 1.0 escapes the percent sign itself; earlier versions only the ends of lines.
_ESCAPES = {FIRST_STANDARD: re.compile("%(0[Aa]|0[Dd]|25)"), (0, 0): re.compile("%(0[Aa]|0[Dd])")}
_CONTROL = re.compile(r"[\0-\x1f\x7f]")
_DRIVE = re.compile(r"[A-Za-z]:")
# What file managers put into folders by themselves, and take away again.
SYSTEM_FILES = frozenset((".ds_store", "thumbs.db", "desktop.ini", ".spotlight-v100", ".trashes"))


def decode_path(text: str, version: Version) -> str:
    """Returns the path that a line of a manifest names."""
    escapes = _ESCAPES[FIRST_STANDARD if version >= FIRST_STANDARD else (0, 0)]
    return escapes.sub(lambda match: chr(int(match[1], 16)), text)


def encode_path(path: str) -> str:
    """Returns a path as a manifest of version 1.0 writes it."""
    return path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def why_unsafe(path: str) -> str:
    """Returns why a path must not be followed, in a few words; "" where it stays in the bag."""
    reasons = (
        (not path, "it is empty"),
        (len(path.encode("utf-8", "surrogateescape")) > LONGEST_PATH, "it is too long"),
        (path.startswith("/"), "it starts at the root"),
        (path.startswith("~"), "it starts at a user's home"),
        (path.startswith("\\"), "it starts at a share or at the root"),
        (bool(_DRIVE.match(path)), "it names a drive"),
        (".." in re.split(r"[/\\]", path), "it leads out of the bag"),
        (bool(_CONTROL.search(path)), "it has a control character"),
        (any(0xD800 <= ord(letter) <= 0xDFFF for letter in path), "it is not Unicode"),
    )
    return next((why for found, why in reasons if found), "")


def tidy_path(path: str) -> str:
    """Returns a path without the steps that lead nowhere: ./data//a is data/a."""
    return "/".join(step for step in path.split("/") if step not in ("", "."))


def is_payload(path: str) -> bool:
    """Says whether a tidy path is of a payload file."""
    return path.startswith(f"{PAYLOAD}/")


def is_system_file(path: str) -> bool:
    """Says whether a path is of a file that an operating system leaves in folders."""
    return path.rpartition("/")[2].casefold() in SYSTEM_FILES


def folded(path: str) -> str:
    """Returns what two paths have in common that some file system takes for one: composed, and without case."""
    return unicodedata.normalize("NFC", path).casefold()


def composed(path: str) -> str:
    """Returns a path in Unicode's composed form (NFC)."""
    return unicodedata.normalize("NFC", path)
