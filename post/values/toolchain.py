"""Defines the toolchain: the code whose change could change what is made."""

from __future__ import annotations

from dataclasses import dataclass

Releases = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Toolchain:
    """Names and releases of libraries.

    picture: of all that could change a pixel, part of every segment's key; sound: of all that could change a
    sample, part of every mix's key.
    """

    picture: Releases = ()
    sound: Releases = ()
