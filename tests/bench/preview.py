"""Measures how soon a preview can be watched: in a real Chromium that plays it while it is made.

    python -m tests.bench.preview [--runs 5] [--quick] [--work DIR] [--job FILE]

The film: 28 s at 1080p of six real clips, matched, graded, titled (--job takes another). Cold: an empty store each
time. Warm: the store of the run before. Wall seconds count from the start of the command's process; they mean
something on a machine that does nothing else, so the load stands beside them, and CPU seconds of the command and its
workers. `frame` is when the browser had shown the first frame; `player` is the page's own share, from the header being
given to the decoder to the first frame shown. Needs ANSWERPRINT_MEDIA and /usr/bin/chromium.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from signal import SIGINT
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from post.preview.history import percentile
from post.preview.publish import STATE
from tests.bench import cpu_seconds, write_json

CHROMIUM = Path("/usr/bin/chromium")
COMMAND = str(Path(sys.executable).parent / "answerprint")
CLIPS = (
    ("ltx2_dog_snow", 5), ("cogvideox_1", 5), ("ltx2_guitar_teacher", 5), ("ltx2_couple_dialogue", 5),
    ("moviegen_penguins_5s", 4), ("ltx2_pigeons_768x512", 4),
)  # fmt: skip
TITLES = """
titles:
  - {id: line, text: Winter, at: 1s, length: 2s, style: lower-third, motion: rise}
  - {id: end, text: Bis bald, at: 25s, length: 2s}
deliver: [social-16x9]
"""


def write_job(folder: Path, media: Path, shots: int) -> Path:
    """Writes a job of that many of the clips."""
    lines = ["schema: Job.2", "title: Winter spot", "clock: 24", "house: daylight", "match: a", "takes:"]
    chosen = list(zip("abcdef", CLIPS, strict=True))[:shots]
    lines += [
        f"  {key}: {{file: {media}/ai_clips/{name}.mp4, generator: {{model: {name}, prompt: winter}}}}"
        for key, (name, _) in chosen
    ]
    lines.append("cut:")
    lines += [f"  - {{id: {key}, take: {key}, length: {seconds}s}}" for key, (_, seconds) in chosen]
    job = folder / "job.yaml"
    titles = TITLES if shots == len(CLIPS) else "\ndeliver: [social-16x9]\n"
    job.write_text("\n".join(lines) + titles, "utf-8")
    return job


def run(browser: Browser, job: Path, out: Path, store: Path) -> dict[str, float]:
    """Previews a job once, with a page open. Returns the seconds of its parts, `player` in milliseconds."""
    page = browser.new_page()
    spent, started, began = cpu_seconds(), time.monotonic(), time.time()
    words = [COMMAND, "preview", str(job), "-o", str(out), "--store", str(store), "--json", "--port", "0"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stderr
    address = ""
    while not address:
        line = process.stderr.readline()
        assert line, "the preview ended before it was served"
        address = line.partition("watch ")[2].strip()
    served = time.monotonic() - started
    page.goto(address)
    page.wait_for_selector("html[data-first]", state="attached", timeout=600_000)
    frame = time.monotonic() - started
    own = float(page.get_attribute("html", "data-own") or 0)
    state = out / STATE
    while state.stat().st_mtime < began or "whole" not in json.loads(state.read_text("utf-8")):
        time.sleep(0.02)
    time.sleep(0.5)  # it serves the page until it is stopped
    process.send_signal(SIGINT)
    told = json.loads(process.communicate()[0])
    page.close()
    return {
        "address": served, "first": told["first_watchable_s"], "frame": frame, "player": own,
        "all": told["seconds"], "corrected": told["corrected_s"], "cpu": cpu_seconds() - spent,
        "times_real": told["frames"] / (int(told["fps"].split("/")[0]) / int(told["fps"].split("/")[1]))
        / told["seconds"],
    }  # fmt: skip


def summed(rows: list[dict[str, float]]) -> dict[str, dict[str, float]]:
    """Returns p50 and p95 of each part."""
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    return {
        name: {"p50": round(percentile(values, 0.5), 3), "p95": round(percentile(values, 0.95), 3)}
        for name, values in columns.items()
    }


def measure(job: Path, work: Path, runs: int) -> dict[str, Any]:
    """Runs cold and warm previews by turns, each pair with a store of its own."""
    cold, warm, load = [], [], os.getloadavg()[0]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        for _ in range(runs):
            with TemporaryDirectory(dir=work) as folder:
                out, store = Path(folder) / "out", Path(folder) / "store"
                cold.append(run(browser, job, out, store))
                warm.append(run(browser, job, out, store))
        browser.close()
    return {
        "runs": runs, "processors": os.cpu_count(), "load": [load, os.getloadavg()[0]],
        "cold": summed(cold), "warm": summed(warm),
    }  # fmt: skip


def main(arguments: list[str]) -> int:
    parser = ArgumentParser(prog="python -m tests.bench.preview")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--work", type=Path, default=Path("build/bench"))
    parser.add_argument("--job", type=Path)
    asked = parser.parse_args(arguments)
    media = os.environ.get("ANSWERPRINT_MEDIA")
    if not media or not CHROMIUM.exists():
        print(f"left out: it needs ANSWERPRINT_MEDIA and {CHROMIUM}")
        return 0
    asked.work.mkdir(parents=True, exist_ok=True)
    job = asked.job or write_job(asked.work, Path(media).resolve(), 2 if asked.quick else len(CLIPS))
    result = measure(job, asked.work, 1 if asked.quick else asked.runs)
    write_json(asked.work / "preview.json", result)
    print(f"{result['runs']} runs each on {result['processors']} processors, load {result['load'][0]:.1f}")
    for state in ("cold", "warm"):
        parts = (f"{name} {each['p50']:.2f}/{each['p95']:.2f}" for name, each in result[state].items())
        print(f"{state:5} p50/p95 s (player: ms): {', '.join(parts)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
