"""Stores for tests: results sealed with one secret."""

from __future__ import annotations

from pathlib import Path

from post.engine import Store

SEAL_KEY = b"a secret of the tests"


def open_store(root: Path, writer: str = "") -> Store:
    """Returns the store in a folder."""
    return Store(root, SEAL_KEY, writer)
