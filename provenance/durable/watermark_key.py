"""The mark's key: 32 random bytes in a file of its owner's, and what is made with it."""

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
UNIT = 4096  # of a pattern's file: the code that is one standard deviation


def mark_key(config: Path) -> bytes:
    """The key in that folder. Raises ProvenanceError where there is none, or others can read it."""
    path = config / NAME
    check_private(path)
    key = path.read_bytes()
    if len(key) != SIZE:
        raise ProvenanceError(
            "not a key of the invisible mark",
            where=str(path),
            expected=f"{SIZE} bytes",
            got=len(key),
            fix="put a good copy of it back: marks made with it cannot be found without",
        )
    return key


def made_key(config: Path) -> bytes:
    """The same; made first where there is none."""
    path = config / NAME
    if not path.exists():
        _write(path, secrets.token_bytes(SIZE))
    return mark_key(config)


def identifier_of(key: bytes, name: str) -> int:
    """The identifier of a name: 32 bits that tell nothing about it without the key."""
    return int.from_bytes(hmac.digest(key, name.encode("utf-8"), "sha256")[:4], "big")


def carrier_file(config: Path, key: bytes, identifier: int) -> File:
    """An identifier's pattern as a file beside the key, addressed by its content, drawn at first use.

    Whoever has it can lay this identifier's pattern on a picture, or take it away; it holds neither the key nor
    other identifiers' patterns.
    """
    content = io.BytesIO()
    np.save(content, np.rint(watermark_pattern.tile(key, identifier) * UNIT).astype("<i2"))
    sha256 = hashlib.sha256(content.getvalue()).hexdigest()
    path = config / FOLDER / f"{sha256}.npy"
    if not path.exists():
        _write(path, content.getvalue())
    return File(sha256, f"{identifier:08x}.npy", path)


def _write(path: Path, content: bytes) -> None:
    """Writes a whole file of mode 600, or none. One that is there is left as it is."""
    private_folder(path.parent)
    write_private_bytes(path, content, over=False)
