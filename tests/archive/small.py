"""A small job with prompts, a take that no film shows, a house of its own and clips elsewhere; and its archive."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from post.takes.made.synthetic import make_clip
from provenance.archive.bag_files import find_files, hash_file
from provenance.archive.write_bag import ALGORITHMS
from tests.flow.commands import Answer
from tests.flow.warm_commands import answerprint
from tests.flow_job import CLIPS

PROMPT, SHORT = "a very secret dusk over a quiet sea", "sea"
JOB = f"""
schema: Job.2
title: Small
clock: 24
house: ./styles/mine.yaml
takes:
  dusk: {{file: ../clips/dusk.mp4, generator: {{model: Test One, prompt: "{PROMPT}", seed: 7}}}}
  spare: {{file: ../clips/sea.mp4, generator: {{prompt: {SHORT}}}}}
cut: [{{take: dusk, length: 1s}}]
titles: [{{text: Salt, at: 0.5s, length: 0.4s}}]
deliver: [{{preset: draft, name: wide, width: 160, height: 90, picture: {{crf: 30, preset: ultrafast}}}}]
"""
HOUSE = "extends: daylight\nlook: {saturation: 0.8}\n"


def make_job(folder: Path, job: str = JOB) -> Path:
    """Writes the job and its clips below a folder, and returns the job's file."""
    (folder / "clips").mkdir(parents=True)
    for name in ("dusk", "sea"):
        make_clip(folder / "clips" / f"{name}.mp4", CLIPS[name])
    (folder / "job" / "styles").mkdir(parents=True)
    (folder / "job" / "styles" / "mine.yaml").write_text(HOUSE)
    (folder / "job" / "spot.yaml").write_text(job)
    return folder / "job" / "spot.yaml"


def archived(home: Path, job: Path, out: Path, *more: str | Path) -> Any:
    """Archives a job as a user with a home folder does, and returns what the command says."""
    return answerprint(home, "archive", job, "-o", out, "--dated", "2026-12-01", "--json", *more).data


def replayed(home: Path, archive: Path, *more: str | Path) -> tuple[int, Any]:
    """Replays an archive, and returns the exit code and what the command says."""
    answer: Answer = answerprint(home, "replay", archive, "--json", *more)
    assert answer.out, answer.said
    return answer.code, json.loads(answer.out)


def edit(path: Path, change: Callable[[str], str]) -> None:
    """Changes a file of an archive by a new one: its content may be shared."""
    text = path.read_text()
    assert change(text) != text
    path.unlink()
    path.write_text(change(text))


def seal_again(archive: Path) -> None:
    """Writes new manifests, as somebody would who wants an altered archive to look valid."""
    info, payload = (
        archive / "bag-info.txt",
        [each for each in find_files(archive) if each.path.startswith("data/")],
    )
    count = f"Payload-Oxum: {sum(each.bytes for each in payload)}.{len(payload)}"
    info.write_text(re.sub("Payload-Oxum: .*", count, info.read_text()))
    digests = {each.path: hash_file(archive / each.path, ALGORITHMS) for each in find_files(archive)}
    for algorithm in ALGORITHMS:
        _write(archive / f"manifest-{algorithm}.txt", digests, algorithm, payload=True)
        digests[f"manifest-{algorithm}.txt"] = hash_file(archive / f"manifest-{algorithm}.txt", ALGORITHMS)
    for algorithm in ALGORITHMS:
        _write(archive / f"tagmanifest-{algorithm}.txt", digests, algorithm, payload=False)


def _write(path: Path, digests: dict[str, dict[str, str]], algorithm: str, *, payload: bool) -> None:
    listed = [name for name in sorted(digests) if name.startswith("data/") == payload]
    rows = [f"{digests[name][algorithm]}  {name}\n" for name in listed if not name.startswith("tagmanifest")]
    path.write_text("".join(rows))
