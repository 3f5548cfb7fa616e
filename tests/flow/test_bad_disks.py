"""A disk that fails or fills up while films are signed, read and changed: exit 75, and what was made is kept."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from post.cli.app import run
from tests.flow.bad import ALONE, Room
from tests.flow_job import make_clips
from tests.provenance.signing.tsa import Tsa

pytestmark = pytest.mark.usefixtures("kept_workers")

Ran = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A job whose film is made, with settings and a store of its own."""
    room = Room(tmp_path_factory.mktemp("disks"))
    make_clips(room.folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANSWERPRINT_CONFIG", str(room.config))
        patch.setenv("ANSWERPRINT_STORE", str(room.store))
        told = ("dusk: dusk.mp4", "dusk: {file: dusk.mp4, generator: {prompt: a sea}}")
        prompts = ("deliver:\n", "provenance: {prompts: include}\ndeliver:\n")
        assert run([str(word) for word in room.finish_with(*ALONE, told, prompts)]) == 0
        yield room


@pytest.fixture
def tsa() -> Iterator[Tsa]:
    with Tsa() as served:
        yield served


@pytest.fixture
def ran(capfd: pytest.CaptureFixture[str]) -> Ran:
    def call(*words: str | Path) -> tuple[int, str, str]:
        code = run([str(word) for word in words])
        said = capfd.readouterr()
        assert "this is a bug" not in said.err, said.err
        return code, said.out, said.err

    return call


def fail(patch: pytest.MonkeyPatch, number: int, where: Callable[[str], bool]) -> list[str]:
    """Makes syncing a file or a folder fail whose path is so. Returns the paths at which it failed."""
    if not Path("/proc/self/fd").exists():
        pytest.skip("needs /proc to tell which file a handle is")
    sync, failed = os.fsync, list[str]()

    def fsync(handle: int) -> None:
        path = str(Path(f"/proc/self/fd/{handle}").readlink())
        if where(path):
            failed.append(path)
            raise OSError(number, os.strerror(number))
        sync(handle)

    patch.setattr(os, "fsync", fsync)
    return failed


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO], ids=["full", "failing"])
def test_a_disk_that_fails_while_a_film_is_signed_ends_in_75_and_the_next_run_reuses_all(
    number: int, made: Room, ran: Ran, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    finish = ("finish", made.job, "-o", out, "--store", made.store, "--json")
    with monkeypatch.context() as patch:
        failed = fail(patch, number, lambda path: path.startswith(str(out)) and ".part." in path)
        code, told, said = ran(*finish)
    assert failed
    assert (code, told) == (75, ""), said
    assert said.startswith(f"{out}")
    assert said.endswith("run again; what was made is kept\n")
    assert said.count("\n") == 1
    assert list(out.rglob("*.mp4")) == []
    code, told, said = ran(*finish)
    assert code == 0, said
    (row,) = json.loads(told)["deliverables"]
    assert row["segments"] == row["reused"]


def test_a_film_that_cannot_be_read_now_is_verified_later(
    made: Room, ran: Ran, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = made.out / "wide.mp4"

    def broken(*_: Any) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patch:
        patch.setattr(hashlib, "file_digest", broken)
        code, told, said = ran("verify", film)
        assert (code, told) == (75, ""), said
        assert f"{film}: the disk failed" in said
    assert ran("verify", film, "--json")[0] == 0


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO], ids=["full", "failing"])
def test_a_command_that_changes_a_file_leaves_it_where_the_disk_fails(
    number: int, made: Room, ran: Ran, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tsa: Tsa
) -> None:
    film = tmp_path / "film.mp4"
    shutil.copyfile(made.out / "wide.mp4", film)
    job = tmp_path / "job.yaml"
    job.write_text(made.job.read_text().replace("dusk.mp4", str(made.folder / "dusk.mp4")))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    commands = {
        "ingest": ("ingest", made.folder / "sea.mp4", "--job", job, "--name", "wave"),
        "redact": ("redact", film, "-o", tmp_path / "redacted.mp4", "--reason", "c2pa.PII.present"),
        "stamp": ("stamp", film, "--tsa", tsa.url),
    }
    for name, words in commands.items():
        with monkeypatch.context() as patch:
            fail(patch, number, lambda path: path.startswith(str(tmp_path)))
            code, told, said = ran(*words)
        assert (name, code, told) == (name, 75, ""), said
        assert said.endswith("run again; what was made is kept\n"), said
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_an_error_of_the_system_that_nobody_turned_names_its_file_and_is_no_bug(
    ran: Ran, monkeypatch: pytest.MonkeyPatch
) -> None:
    def raising(fault: BaseException) -> Callable[[str], None]:
        def table(_: str) -> None:
            raise fault

        return table

    faults = {
        OSError(errno.EACCES, "Permission denied", "/x/film"): (2, "/x/film: cannot be used;"),
        OSError(errno.ESTALE, "Stale file handle", "/x/film"): (75, "/x/film: was removed or replaced"),
        MemoryError(): (75, "the system is out of memory; free memory or use fewer --workers"),
    }
    for fault, (expected, words) in faults.items():
        monkeypatch.setattr("post.reference.stage_table", raising(fault))
        code, _, said = ran("stages")
        assert (code, said[: len(words)]) == (expected, words)
