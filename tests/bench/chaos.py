"""Kills a run of 20 versions ten times, fills its disk, corrupts an entry of its store, and compares the films.

    python -m tests.bench.chaos [--seconds 6] [--kills 10] [--seed N] [--quick]

Real clips (ANSWERPRINT_MEDIA), 2 hooks x 10 languages. `kill -9` goes to the whole process group, at random moments of
a whole run. The full disk is a small one that is mounted (root; left out elsewhere). The films of the run that ends in
peace are the truth: their unsigned SHA-256.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.flow.commands import Answer, answerprint, start

CLIPS = {"a": "ai_clips/moviegen_penguins_5s.mp4", "b": "ai_clips/ltx2_dog_snow.mp4"}
LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "sv", "pl", "fi")
JOB = """
schema: Job.2
title: Chaos
clock: 24
house: daylight
takes: {{a: {root}/{a}, b: {root}/{b}}}
cut:
  - {{id: open, take: a, length: 2s}}
  - {{id: rest, take: b, length: {rest}s}}
titles:
  - {{id: line, text: Winter, at: 1s, length: 1s}}
deliver:
  - {{preset: social-16x9, name: film, width: {width}, height: {height}}}
versions:
  axes:
    hook: {{first: {{}}, second: {{cut: {{open: {{in: 1s}}}}}}}}
    language:
{languages}
  name: "{{deliver}}-{{hook}}-{{language}}"
"""


def films(answer: Answer) -> dict[str, str]:
    """Returns the unsigned SHA-256 of each film by its name."""
    return {row["name"]: row["unsigned_sha256"] for row in answer.data["deliverables"]}


def kill_at_random(home: Path, asked: tuple[str | Path, ...], kills: int, longest_s: float) -> None:
    """Starts a run and kills all of its processes, so many times, each at a random moment."""
    for number in range(kills):
        running = start(home, *asked)
        time.sleep(random.uniform(0.1, longest_s))
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        print(f"killed {number + 1} of {kills}", file=sys.stderr)


def fill_disk(home: Path, asked: tuple[str | Path, ...], store: Path) -> list[str] | None:
    """Runs with a store on a disk that is too small, then on the same disk made larger. Returns what the first run
    said; None where no disk can be mounted."""
    store.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(store)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        return None
    try:
        full = answerprint(home, *asked)
        if full.code != 75:
            raise SystemExit(f"a full disk ended in {full.code}: {full.said}")
        subprocess.run(["mount", "-o", "remount,size=4g", str(store)], check=True)
        answerprint(home, *asked).data  # noqa: B018  it raises where the run failed
    finally:
        subprocess.run(["umount", str(store)], check=False)
    return full.said.strip().splitlines()


def corrupt(store: Path) -> str:
    """Changes one byte of the largest entry of a store. Returns its name."""
    entry = max(
        (each for each in store.glob("??/*") if len(each.name) == 64), key=lambda each: each.stat().st_size
    )
    content = bytearray(entry.read_bytes())
    content[len(content) // 2] ^= 1
    entry.write_bytes(content)
    return entry.name


def _measured(home: Path, kills: int) -> dict[str, Any]:
    job = home / "job.yaml"

    def asked(name: str) -> tuple[str | Path, ...]:
        return "finish", job, "-o", home / name, "--store", home / f"store-{name}", "--json"

    started = time.monotonic()
    truth = films(answerprint(home, *asked("calm")))
    longest = time.monotonic() - started
    kill_at_random(home, asked("killed"), kills, longest)
    killed = films(answerprint(home, *asked("killed")))
    full = fill_disk(home, asked("full"), home / "store-full")
    entry = corrupt(home / "store-killed")
    again = (*asked("mended")[:5], home / "store-killed", "--json", "--verbose")
    mended = answerprint(home, *again)
    told = [line for line in mended.said.splitlines() if "does not fit its seal" in line]
    others = [killed, films(mended)]
    return {
        "films": len(truth),
        "kills": kills,
        "lost": sum(len(truth.keys() - each.keys()) for each in others),
        "wrong": sum(truth[name] != each[name] for each in others for name in truth.keys() & each.keys()),
        "full_disk_said": full,
        "corrupted": entry,
        "corrupted_said": told,
    }


def main(arguments: list[str]) -> int:
    parser = ArgumentParser(prog="python -m tests.bench.chaos")
    parser.add_argument("--seconds", type=int, default=6)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=20261130)
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args(arguments)
    random.seed(given.seed)
    width, height = (160, 90) if given.quick else (1280, 720)
    languages = "\n".join(
        f"      {each}: {{titles: {{line: {{text: Winter {each}}}}}}}" for each in LANGUAGES
    )
    with TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "job.yaml").write_text(
            JOB.format(
                root=os.environ["ANSWERPRINT_MEDIA"], rest=given.seconds - 2, width=width, height=height,
                languages=languages, **CLIPS,
            )
        )  # fmt: skip
        print(json.dumps(_measured(home, 2 if given.quick else given.kills), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
