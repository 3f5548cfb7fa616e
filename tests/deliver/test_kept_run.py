"""A run that would make nothing ends before it plans; whatever changed since, and it goes its whole way."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import post.engine
import post.preflight.plan_checked
import provenance.signing.key_process
from post.cli.app import run
from post.cli.stores import open_stores
from post.deliver.kept_run import RunAsked, begin_run
from tests.flow_job import make_clips
from tests.made.one_process import KeysWithin, PickledCalls

JOB = """schema: Job.2
title: Kept
clock: 24
house: plain
takes: {dusk: dusk.mp4}
cut: [{take: dusk, length: 24f}]
deliver: [{preset: draft, name: wide, width: 64, height: 48}]
"""


class Finished:
    """A folder in which a job was finished once."""

    def __init__(self, root: Path) -> None:
        self.root, self.out = root, root / "out"
        self.words = [
            "finish",
            str(root / "job.yaml"),
            "-o",
            str(self.out),
            "--store",
            str(root / "store"),
            "--json",
        ]

    def kept(self, only: str = "") -> bool:
        """Says whether the same command would make nothing."""
        asked = RunAsked(self.root / "job.yaml", self.out, only, self.root / "config")
        return bool(begin_run(asked, open_stores(self.root / "store")[1]).told)

    def result(self) -> Path:
        """Returns a segment in the store."""
        (row,) = json.loads((self.out / "receipt.json").read_text())["receipts"]
        return open_stores(self.root / "store")[1].path(row["segments"][0])


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Finished]:
    root = tmp_path_factory.mktemp("kept")
    make_clips(root)
    (root / "job.yaml").write_text(JOB)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANSWERPRINT_CONFIG", str(root / "config"))
        patch.setattr(post.engine, "WorkerPool", lambda *_: PickledCalls())
        patch.setattr(provenance.signing.key_process, "KeyProcess", KeysWithin)
        made = Finished(root)
        assert run(made.words) == 0
        yield made


@contextmanager
def written(path: Path, content: bytes) -> Iterator[None]:
    """Has other bytes in a file for the block, or a file where none was."""
    before, mode = (path.read_bytes(), path.stat().st_mode) if path.exists() else (None, 0)
    path.parent.mkdir(exist_ok=True)
    if before is not None:
        path.chmod(0o600)
    path.write_bytes(content)
    try:
        yield
    finally:
        if before is None:
            path.unlink()
        else:
            path.write_bytes(before)
            path.chmod(mode)


def flipped(path: Path) -> bytes:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    return bytes(content)


def test_the_same_run_ends_before_it_plans(
    finished: Finished, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def plan(*_: object) -> None:
        raise AssertionError("it plans")

    monkeypatch.setattr(post.preflight.plan_checked, "plan_checked", plan)
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in finished.out.iterdir()}
    capsys.readouterr()
    assert run(finished.words) == 0
    (film,) = json.loads(capsys.readouterr().out)["deliverables"]
    assert (film["kept"], film["signed"], film["reused"]) == (True, True, film["segments"])
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in finished.out.iterdir()} == before
    with written(finished.out / "wide.mp4", flipped(finished.out / "wide.mp4")):
        assert run(finished.words) == 1


CHANGES: dict[str, Callable[[Finished], tuple[Path, bytes]]] = {
    "a byte of the film": lambda it: (it.out / "wide.mp4", flipped(it.out / "wide.mp4")),
    "credentials beside the film": lambda it: (it.out / "wide.c2pa", b"x"),
    "the report": lambda it: (it.out / "report.html", b"x"),
    "the receipt": lambda it: (it.out / "receipt.json", b"{}"),
    "a byte of a result": lambda it: (it.result(), flipped(it.result())),
    "a byte of a clip": lambda it: (it.root / "dusk.mp4", flipped(it.root / "dusk.mp4")),
    "credentials beside a clip": lambda it: (it.root / "dusk.c2pa", b"x"),
    "the job": lambda it: (it.root / "job.yaml", JOB.replace("24f", "23f").encode()),
    "a trust list": lambda it: (it.root / "config" / "trust" / "own.pem", b"x"),
    "a film not announced yet": lambda it: (it.root / "config" / "unannounced" / "a.json", b"[]"),
    "a set of a killed run": lambda it: (it.out / ".answerprint-1.set" / "wide.mp4", b"x"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_run_after_a_change_is_no_kept_one(finished: Finished, change: str) -> None:
    path, content = CHANGES[change](finished)
    assert finished.kept()
    with written(path, content):
        assert not finished.kept()
    if path.parent.name.endswith(".set"):
        path.parent.rmdir()
    assert finished.kept()


def test_another_question_has_no_answer(finished: Finished) -> None:
    assert finished.kept()
    assert not finished.kept("wide")
    film = finished.out / "wide.mp4"
    film.rename(finished.root / "aside.mp4")
    film.symlink_to(finished.root / "aside.mp4")
    try:
        assert not finished.kept()
    finally:
        film.unlink()
        (finished.root / "aside.mp4").rename(film)
    assert finished.kept()


def test_a_kept_run_ends_before_its_certificates_do(
    finished: Finished, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import UTC, datetime

    class Later(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]  # always with a zone here
            return datetime(2300, 1, 1, tzinfo=UTC)

    monkeypatch.setattr("post.deliver.kept_run.datetime", Later)
    assert not finished.kept()
