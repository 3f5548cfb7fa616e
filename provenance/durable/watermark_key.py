"""Keeps the watermark's key, 32 random bytes in a private file, and derives identifiers and patterns from it."""

from __future__ import annotations

import hashlib
import hmac
import io
import secrets
from pathlib import Path

import numpy as np

from post.errors import ProvenanceError
from post.values import File
from provenance.durable import watermark_pattern
from provenance.signing.private_file import private_folder, write_private_bytes
from provenance.signing.software_key import check_private

NAME, FOLDER = "durable.key", "durable"
SIZE = 32
UNIT = 4096  # in a pattern's file, the value that stands for one standard deviation


def read_key(config: Path) -> bytes:
    """Returns the key, 32 bytes. config: the user's settings folder.

    Raises ProvenanceError if there is none, it is of another size, or others can read it.
    """
    path = config / NAME
    check_private(path)
    key = path.read_bytes()
    if len(key) != SIZE:
        raise ProvenanceError(
            "not a key of the invisible mark",
            where=str(path),
            expected=f"{SIZE} bytes",
            got=len(key),
            fix="put a good copy of it back: marks made with it cannot be found without it",
        )
    return key


def read_or_make_key(config: Path) -> bytes:
    """Returns the key; makes it first if there is none. Raises as `read_key`, or if it cannot be written."""
    path = config / NAME
    if not path.exists():
        _write(path, secrets.token_bytes(SIZE))
    return read_key(config)


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
        _write(path, content.getvalue())
    return File(sha256, f"{identifier:08x}.npy", path)


def _write(path: Path, content: bytes) -> None:
    """Writes a file of mode 600, whole or not at all. A file that is there already stays as it is."""
    private_folder(path.parent)
    write_private_bytes(path, content, over=False)
