"""Records what is synced to the disk, and in which order, so that tests can tell what survives a power cut."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


class Disk:
    """Records, in order, every file and folder that is synced, and every renaming of a file."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        if not Path("/proc/self/fd").exists():
            pytest.skip("needs /proc to tell which file a handle is")
        self.steps: list[tuple[str, str]] = []
        sync, rename = os.fsync, Path.replace

        def fsync(handle: int) -> None:
            self.steps.append(("sync", Path(f"/proc/self/fd/{handle}").readlink().name))
            sync(handle)

        def replace(path: Path, target: Path) -> Path:
            self.steps.append(("rename", target.name))
            return rename(path, target)

        monkeypatch.setattr(os, "fsync", fsync)
        monkeypatch.setattr(Path, "replace", replace)


def hidden(disk: Disk) -> list[tuple[str, str]]:
    """Returns the steps, with the same name for every hidden file."""
    return [(what, "hidden" if name.startswith(".") else name) for what, name in disk.steps]
