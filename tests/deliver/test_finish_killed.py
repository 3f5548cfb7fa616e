"""A finish that is killed, or that the disk fails, at any step leaves the old set, or the new one, or says so.

Films, sidecars, receipt, report, registry and the queue of time-stamps are held against one another. The run that
comes next completes what was left, and leaves nothing else.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from post.engine.worker import QUIET
from tests.deliver.finish_steps import DIED, FILES, FILMS

ROOT = Path(__file__).parents[2]
FAST = Path("/dev/shm")  # what is there is as whole after a kill as on a disk
Found = dict[str, Any]

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="it forks")]


@cache
def rows(how: str) -> tuple[Found, Found, tuple[Found, ...]]:
    """Returns the old set, the new one, and what was found after each step."""
    with TemporaryDirectory(dir=FAST if FAST.is_dir() else None) as folder:
        done = subprocess.run(
            [sys.executable, "-m", "tests.deliver.finish_steps", folder, how],
            cwd=ROOT, env={**os.environ, **QUIET, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    old, new, *steps = map(json.loads, done.stdout.splitlines())
    return old, new, tuple(steps)


def renewed(found: Found, old: Found) -> list[str]:
    return [name for name in FILMS if found["films"][name] != old["films"][name]]


def state(found: Found, old: Found) -> str:
    if found["unfinished"]:
        return "unfinished"
    return {(): "old", FILMS: "new"}[tuple(renewed(found, old))]


def unannounced(found: Found, old: Found, *before: Found) -> Iterator[str]:
    """Yields what registry, queue, receipt and films do not agree on. before: what was found earlier."""
    lay_there = {sha256 for each in (old, *before, found) for sha256 in each["films"].values()}
    yield from (f"registered, never published: {sha256}" for sha256 in {*found["registered"]} - lay_there)
    anew = {f"{name}.mp4" for name in renewed(found, old)}
    yield from (f"queued, not published: {name}" for name in {*found["queued"]} - anew)
    if not found["unfinished"]:
        yield from (f"not queued: {name}" for name in anew - {*found["queued"]})
        for name, sha256 in found["films"].items():
            if found["registered"].get(sha256) != found["receipts"][name]:
                yield f"not registered as the receipt says: {name}"


@pytest.mark.parametrize("how", ["kill", "error"])
def test_films_receipt_registry_and_queue_agree_after_every_step(how: str) -> None:
    old, _, steps = rows(how)
    for row in steps:
        assert list(unannounced(row["after"], old)) == [], row["name"]
        assert list(unannounced(row["later"], old, row["after"])) == [], row["name"]


def test_a_finish_killed_at_any_step_leaves_the_old_set_or_the_new_one_or_says_so() -> None:
    old, _, steps = rows("kill")
    assert {row["died"] for row in steps} == {DIED}
    states = [state(row["after"], old) for row in steps]
    assert states == sorted(states, key=["old", "unfinished", "new"].index)
    assert set(states) == {"old", "unfinished", "new"}
    assert len(steps) > 40


def test_a_finish_that_the_disk_fails_at_any_step_is_to_be_run_again() -> None:
    old, _, steps = rows("error")
    assert {row["code"] for row in steps} == {0, 75}
    for row in steps:
        last = row["said"].splitlines()[-1:]
        if row["code"]:
            assert last[0].endswith("run again; what was made is kept"), row
        assert "bug" not in row["said"], row
        assert row["code"] or state(row["after"], old) == "new", row
    assert {state(row["after"], old) for row in steps if row["code"]} >= {"old", "unfinished"}


@pytest.mark.parametrize("how", ["kill", "error"])
def test_the_next_run_completes_what_was_left_and_leaves_nothing_else(how: str) -> None:
    """It makes one film alone: the other is completed from what was left, or stays as it was."""
    old, new, steps = rows(how)
    assert old["receipts"]["wide"] == new["receipts"]["wide"]
    assert old["receipts"]["tall"] != new["receipts"]["tall"]
    for row in steps:
        code, answer, said = row["again"]
        assert (code, answer) == (0, 0), said
        later = row["later"]
        assert not later["unfinished"]
        assert "wide" in renewed(later, old)
        assert "tall" in renewed(later, old) or state(row["after"], old) == "old", row["name"]
        for name in FILMS:
            made = new if name in renewed(later, old) else old
            assert later["receipts"][name] == made["receipts"][name]
        assert later["files"] == FILES
        assert later["leftovers"] == [], row["name"]
        assert later["unannounced"] == [], row["name"]
        assert "wide" in later["reported"]
