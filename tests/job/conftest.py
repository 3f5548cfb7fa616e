"""A folder with a sound, small job in it, of which a test changes what it is about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

PARTS = {
    "schema": "schema: Job.2",
    "title": "title: Spot",
    "clock": "clock: 24",
    "takes": "takes: {dog: dog.mp4, ship: ship.mp4}",
    "cut": "cut:\n  - take: dog",
    "deliver": "deliver: [{width: 64, height: 64, name: small}]",
}
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes job.yaml in the working folder: `write(cut="cut: []", house="house: x")` replaces or adds
    parts, "" leaves one out. Each part starts a line, in the order of PARTS, then as given."""
    monkeypatch.chdir(tmp_path)
    for name in ("dog.mp4", "ship.mp4", "bed.wav"):
        Path(name).write_bytes(name.encode())
    Path("lines.srt").write_text("1\n00:00:01,000 --> 00:00:02,500\n<i>Snow</i> everywhere\n")

    def job(**parts: str) -> Path:
        text = "\n".join(part for part in {**PARTS, **parts}.values() if part)
        path = Path("job.yaml")
        path.write_text(text + "\n")
        return path

    return job
