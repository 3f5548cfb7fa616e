"""What the demo writes while it makes its clips."""

from __future__ import annotations

from pathlib import Path

import pytest

from post.cli import demo_clips
from post.takes.made.synthetic import ClipRecipe


def test_a_link_planted_under_a_hidden_name_is_not_written_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_clips, "CLIPS", {"sky": ClipRecipe("dusk", 96, 96, frames=2)})
    monkeypatch.setattr(demo_clips, "SIGNED", ())
    clips, mine = tmp_path / "demo" / "clips", tmp_path / "mine"
    clips.mkdir(parents=True)
    mine.write_text("my own")
    (clips / ".sky.raw.mp4").symlink_to(mine)
    demo_clips.make_demo(tmp_path / "demo", tmp_path / "config", lambda *_: None)
    assert mine.read_text() == "my own"
    assert sorted(path.name for path in clips.iterdir()) == [".sky.raw.mp4", "sky.mp4"]
