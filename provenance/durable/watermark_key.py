"""Keeps the watermark's key, 32 random bytes in a private file, and derives identifiers and patterns from it."""

from __future__ import annotations

import hashlib
import hmac
import io
from pathlib import Path

import numpy as np

from post.values import File
from provenance.durable import watermark_pattern
from provenance.signing.private_file import (
    private_folder,
    read_or_make_secret,
    read_secret,
    write_private_bytes,
)

NAME, FOLDER = "durable.key", "durable"
SIZE = 32
WHAT = "a key of the invisible mark"
UNIT = 4096  # in a pattern's file, the value that stands for one standard deviation


def read_key(config: Path) -> bytes:
    """Returns the key, 32 bytes. config: the user's settings folder.

    Raises ProvenanceError if there is none, it is of another size, or others can read it.
    """
    return read_secret(config / NAME, SIZE, WHAT)


def read_or_make_key(config: Path) -> bytes:
    """Returns the key; makes it first if there is none. Raises as `read_key`, or if it cannot be written."""
    return read_or_make_secret(config / NAME, SIZE, WHAT)


def derive_identifier(key: bytes, name: str) -> int:
    """Returns the identifier of a name: 32 bits that reveal nothing about it without the key."""
    return int.from_bytes(hmac.digest(key, name.encode("utf-8"), "sha256")[:4], "big")


def write_pattern(config: Path, key: bytes, identifier: int) -> File:
    """Returns the file with an identifier's pattern, named by its content. Draws and writes it at first use.

    The file holds (TILE, TILE) int16, UNIT to a standard deviation. It lies beside the key. Whoever has it can add
    this identifier's pattern to a picture or remove it, but it reveals neither the key nor another pattern.
    Raises ProvenanceError if it cannot be written.
    """
    content = io.BytesIO()
    np.save(content, np.rint(watermark_pattern.make_tile(key, identifier) * UNIT).astype("<i2"))
    sha256 = hashlib.sha256(content.getvalue()).hexdigest()
    path = config / FOLDER / f"{sha256}.npy"
    if not path.exists():
        private_folder(path.parent)
        write_private_bytes(path, content.getvalue(), over=False)
    return File(sha256, f"{identifier:08x}.npy", path)
