"""A folder with a small job in it, which tests finish and verify through the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from post.cli.app import run
from post.takes.made.synthetic import make_clip
from tests.flow_job import CLIPS

JOB = """
schema: Job.2
title: Small
clock: 24
takes: {dusk: dusk.mp4}
cut: [{take: dusk, length: 1s}]
deliver:
  - {preset: draft, name: wide, width: 160, height: 90, picture: {crf: 0, preset: ultrafast}}
provenance:
"""


class Desk:
    """A folder with a job in it, finished through the command line."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.config = folder, folder / "config"
        self._capsys = capsys
        self.said = self.everything = ""
        self.data: dict[str, Any] = {}
        make_clip(folder / "dusk.mp4", CLIPS["dusk"])

    def finish(self, **asked: str) -> tuple[int, Any]:
        """Returns the exit code, and the deliverable where there is one."""
        lines = "".join(f"  {name}: {value}\n" for name, value in asked.items())
        (self.folder / "job.yaml").write_text(JOB + lines)
        words = ["finish", self.folder / "job.yaml", "-o", self.folder / "out", "--workers", "1", "--json"]
        code = run([str(word) for word in words])
        told = self._capsys.readouterr()
        self.said = told.err
        self.everything += told.out + told.err
        return code, json.loads(told.out)["deliverables"][0] if code == 0 else None

    def verify(self, *words: object) -> None:
        """Verifies the film; keeps the result in `data`."""
        run(["verify", *map(str, words), "--json"])
        self.data = json.loads(self._capsys.readouterr().out)

    def left(self) -> list[str]:
        out = self.folder / "out"  # there only once a film is published
        return sorted(path.name for path in out.iterdir()) if out.exists() else []
