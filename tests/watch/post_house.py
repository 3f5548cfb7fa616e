"""A post house that watches a folder with the real command: its template, its clips, and what it is told."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from tests.flow.commands import Answer
from tests.flow.warm_commands import Running, answerprint, start

TEMPLATE = """
schema: Job.2
title: "{clip}"
clock: 24
house: daylight
takes: {clip: sample.mp4}
cut: [{take: clip, length: 0.5s}]
deliver: [{preset: draft, name: wide, width: 160, height: 90, picture: {crf: 30, preset: ultrafast}}]
"""
QUICK = ("--settle", "0", "--interval", "0.05", "--patience", "0")


@dataclass(frozen=True)
class Post:
    """A post house: a watched folder, a template, and a folder for films."""

    root: Path
    clips: Path

    def put(self, clip: str, name: str) -> Path:
        path = self.root / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copyfile(self.clips / clip, path))

    def words(self, *more: str) -> tuple[str | Path, ...]:
        root = self.root
        usual = ("--job", root / "template.yaml", "-o", root / "out", "--store", root / "store", *QUICK)
        return ("watch", root / "in", *usual, *more)

    def watch(self, *more: str) -> Answer:
        return answerprint(self.root, *self.words("--once", "--json", *more))

    def start(self, *more: str) -> Running:
        return start(self.root, *self.words("--events", str(self.root / "events"), *more))

    def await_event(self, event: str) -> None:
        while f'"event": "{event}"' not in self.told():
            time.sleep(0.02)

    def told(self) -> str:
        path = self.root / "events"
        return path.read_text() if path.exists() else ""
