"""Gives folders for films and results that nobody keeps: they are gone once the block has ended."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from post.deliver.output_set import OutputSet
    from post.engine import ContentStore, Store

LOADS = (
    "post.preflight.plan_checked",
    "post.render.segment",
)  # of the first worker, while this process goes on
_PREFIX = "answerprint-"


@contextmanager
def films_aside() -> Iterator[OutputSet]:
    """Gives a folder for films that nobody keeps; it is gone afterwards."""
    from post.deliver.output_set import OutputSet

    with tempfile.TemporaryDirectory(prefix=_PREFIX) as folder:
        work = Path(folder) / "films"
        work.mkdir()
        yield OutputSet(Path(folder), work)


@contextmanager
def fresh_stores() -> Iterator[tuple[ContentStore, Store]]:
    """Gives stores that hold nothing: what other runs made is no proof. They are gone afterwards."""
    from post.engine import ContentStore, Store

    with tempfile.TemporaryDirectory(prefix=_PREFIX) as folder:
        yield ContentStore(Path(folder) / "content"), Store(Path(folder) / "store", secrets.token_bytes(32))
