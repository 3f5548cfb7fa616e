"""A store that is lost, or replaced, while films are made: what it had is made again, or one clear error says so."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

import pytest

import post.engine
from post.atomic import checksum
from post.cli.app import run
from post.engine import InProcess, Store, Task, TaskEvent
from tests.flow.bad import ALONE, Room
from tests.flow_job import make_clips

WHOLE = ("--resign",)  # a run that could end early goes its whole way, and can be meddled with


@dataclass
class Meddler(InProcess):
    """An engine that lets somebody meddle before it renders, or after."""

    before: Callable[[], object]
    after: Callable[[], object]

    def run(self, tasks: Sequence[Task], store: Store) -> Iterator[TaskEvent]:
        self.before()
        yield from super().run(tasks, store)
        self.after()


@dataclass
class Finisher:
    """Runs `finish` in this process, as a user does. Returns its exit code, stdout and stderr."""

    room: Room
    patch: pytest.MonkeyPatch
    capture: pytest.CaptureFixture[str]

    def __call__(
        self,
        before: Callable[[], object] = lambda: None,
        after: Callable[[], object] = lambda: None,
        *more: str,
    ) -> tuple[int, str, str]:
        self.patch.setattr(post.engine, "WorkerPool", lambda *_: Meddler(before, after))
        self.capture.readouterr()
        code = run([str(word) for word in [*self.room.finish_with(*ALONE), *more]])
        said = self.capture.readouterr()
        assert "this is a bug" not in said.err
        return code, said.out, said.err

    def unsigned(self) -> str:
        """Runs it to its end, and returns the film's sha256 before signing."""
        code, told, said = self()
        assert code == 0, said
        (row,) = json.loads(told)["deliverables"]
        return str(row["unsigned_sha256"])


@pytest.fixture
def finish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Finisher:
    room = Room(tmp_path)
    make_clips(tmp_path)
    monkeypatch.setenv("ANSWERPRINT_CONFIG", str(room.config))
    return Finisher(room, monkeypatch, capsys)


def results(room: Room) -> Iterator[Path]:
    return (path for path in room.store.glob("[0-9a-f][0-9a-f]/*") if path.is_file())


def drop_results(room: Room) -> None:
    for path in results(room):
        path.unlink()


def to_a_file(room: Room) -> None:
    rmtree(room.store)
    room.store.write_text("no folder")


def test_results_lost_before_rendering_are_made_again(finish: Finisher) -> None:
    whole, room = finish.unsigned(), finish.room
    code, told, said = finish(lambda: drop_results(room), lambda: None, *WHOLE)
    assert code == 0, said
    assert json.loads(told)["deliverables"][0]["unsigned_sha256"] == whole


REMOVED = "dusk.mp4: was removed while the film was made"
LOST: dict[str, tuple[str, Callable[[Room], object], int, str]] = {
    "results, after rendering": ("after", drop_results, 75, "a result was lost while it was in use"),
    "the store, before rendering": ("before", lambda room: rmtree(room.store), 3, REMOVED),
    "the store, after rendering": ("after", lambda room: rmtree(room.store), 3, REMOVED),
    "the store, for a file, before": ("before", to_a_file, 2, "check the path: a part of it is a file"),
    "the store, for a file, after": ("after", to_a_file, 3, REMOVED),
}


@pytest.mark.parametrize("name", LOST)
def test_a_store_lost_meanwhile_ends_in_one_error_and_the_next_run_makes_the_same(
    finish: Finisher, name: str
) -> None:
    when, lose, expected, words = LOST[name]
    whole, room = finish.unsigned(), finish.room
    film = checksum(room.out / "wide.mp4")
    if when == "before":
        drop_results(room)
    acts = {"before": lambda: None, "after": lambda: None} | {when: lambda: lose(room)}
    code, told, said = finish(acts["before"], acts["after"], *WHOLE)
    assert (code, told) == (expected, ""), said
    assert said.count("\n") == 1
    assert words in said
    assert checksum(room.out / "wide.mp4") == film
    assert room.half_written() == []
    if room.store.is_file():
        room.store.unlink()
    assert finish.unsigned() == whole


def test_what_somebody_else_put_into_the_store_is_never_used(finish: Finisher) -> None:
    """Another film's segment under a key with a seal that anybody can compute, or junk."""
    whole, room = finish.unsigned(), finish.room
    for foreign in ((room.folder / "dusk.mp4").read_bytes(), b"junk", b""):
        entries = [path for path in results(room) if path.suffix != ".seal"]
        assert entries
        for path in entries:
            path.chmod(0o600)
            path.write_bytes(foreign)
            sealed = {"seal": "answerprint seal 1", **checksum(path)._asdict()}
            path.with_name(path.name + ".seal").write_text(json.dumps(sealed))
        assert finish.unsigned() == whole
