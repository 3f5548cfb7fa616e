"""Runs whole finishes of a tiny job in forked processes, and ends or fails each at its next step on the disk.

`python -m tests.deliver.finish_steps ROOT HOW`, HOW being `kill` or `error`, prints one JSON object a line: of the
old set, of the new one, then for each step what was found after it and after the run that came next.

The work is done in the process itself (no workers, no key process), which is forked after a first finish, with all
loaded: one run takes a third of a second. It needs the environment `post.engine.worker.QUIET`: libraries that start
no threads. Steps inside of libraries (SQLite, the C2PA SDK) are not counted.
"""

from __future__ import annotations

import builtins
import errno
import io
import json
import os
import shutil
import sqlite3
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import av

from post.atomic import checksum
from post.cli.app import run
from post.deliver.output_set import RECEIPT, REPORT
from post.takes.made.synthetic import ClipRecipe, make_clip
from provenance.durable.registry import FILE, read_registry
from provenance.durable.registry_entry import read_manifest_store
from provenance.signing.stamping import stamp_queue
from provenance.trust import lists
from provenance.verify import verify
from tests.made.one_process import work_in_one_process

# Of the two films, the first is made of the same bytes by both jobs: only its signature changes.
JOB = """schema: Job.2
title: Steps
clock: 24
house: plain
takes: {{dusk: dusk.mp4}}
cut: [{{take: dusk, length: 24f}}]
provenance: {{manifest: both, time: later, tsa: "http://127.0.0.1:9/", watermark: {{registry: true}}}}
deliver:
  - {{preset: draft, name: wide, width: 160, height: 90}}
  - {{preset: draft, name: tall, width: 90, height: 160, picture: {{crf: {crf}}}}}
"""
FILMS = ("tall", "wide")
FILES = sorted([RECEIPT, REPORT, *(name + end for name in FILMS for end in (".mp4", ".c2pa"))])
STEPS = ("rename", "replace", "link", "fsync", "unlink", "rmdir", "mkdir", "open")
DIED = 9
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


@dataclass
class Steps:
    """Calls `at_step` with a step's number before every step of this process that changes the disk."""

    at_step: Callable[[int], None]
    done: int = 0
    names: list[str] = field(default_factory=list)

    def watch(self) -> None:
        for name in STEPS:
            setattr(os, name, self._counted(name, getattr(os, name)))
        opened = self._counted("file", io.open)
        builtins.open = io.open = opened

    def _counted(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            if _changes_disk(name, args, named):
                self.names.append(f"{name} {_place(args[0])}")
                step, self.done = self.done, self.done + 1
                self.at_step(step)
            return None if name == "fsync" else real(*args, **named)  # no power is cut here

        return call


def _changes_disk(name: str, args: tuple[Any, ...], named: dict[str, Any]) -> bool:
    if name == "open":
        return bool(args[1] & WRITING)
    if name == "file":  # one with an opener opens by os.open
        mode = args[1] if len(args) > 1 else named.get("mode", "r")
        return bool(set(mode) & set("wxa+")) and not isinstance(args[0], int) and not named.get("opener")
    return True


def _place(of: Any) -> str:
    try:
        return os.readlink(f"/proc/self/fd/{of}") if isinstance(of, int) else os.fsdecode(of)  # noqa: PTH115
    except OSError:
        return "?"


@dataclass(frozen=True)
class Room:
    """A folder of outputs with a user's settings beside it. The jobs and the store are shared by all."""

    root: Path
    here: Path

    @property
    def out(self) -> Path:
        return self.here / "out"

    @property
    def config(self) -> Path:
        return self.here / "config"

    def finish(self, job: str, *more: str) -> int:
        """Runs the command in this process. Returns its exit code."""
        os.environ["ANSWERPRINT_CONFIG"] = str(self.config)
        store = str(self.root / "store")
        # Signed anew, though the first film is the same: every step of a whole finish is met.
        words = ["finish", str(self.root / f"{job}.yaml"), "-o", str(self.out), "--store", store, "--resign"]
        return run([*words, *more])

    def state(self) -> str:
        """Returns what the disk holds, times apart."""
        places = sorted(path for each in (self.here, self.root / "store") for path in each.rglob("*"))
        seen = ((str(path), checksum(path) if path.is_file() else None) for path in places)
        return str(hash(tuple(seen)))


def forked(work: Callable[[], Any]) -> tuple[int, Any, str]:
    """Does work in a process of its own. Returns its exit code, what it returned, and its stderr."""
    into, out = os.pipe()
    said = tempfile.TemporaryFile()  # noqa: SIM115  the child writes to it
    child = os.fork()
    if not child:
        os.close(into)
        os.dup2(said.fileno(), 2)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = 70
        try:
            os.write(out, json.dumps(work()).encode())
            code = 0
        except BaseException:  # noqa: BLE001  it is told, and the process ends here
            traceback.print_exc()
        sys.stderr.flush()
        os._exit(code)
    os.close(out)
    with os.fdopen(into, "rb") as answers:
        answer = answers.read()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with said:
        said.seek(0)
        return code, json.loads(answer) if answer else None, said.read().decode()


def look(room: Room, known: dict[str, str]) -> dict[str, Any]:
    """Returns what a stranger finds in a room. known: sha256 of films that were verified before.

    Checks that every film decodes and verifies, and, unless the receipt says `unfinished`, that sidecars, report and
    receipt are those of the films.
    """
    receipt = json.loads((room.out / RECEIPT).read_text())
    films = {name: checksum(room.out / f"{name}.mp4").sha256 for name in FILMS}
    rows = {row["name"]: row for row in receipt["receipts"]}
    with read_registry(room.config / "registry") as registry:
        told = [registry.film(number) for number in _numbers(room)]
    found = {
        "films": films,
        "unfinished": "unfinished" in receipt,
        "registered": {each.sha256: each.unsigned for each in told},
        "queued": [str(each.film.name) for each in stamp_queue.list_pending(room.config)],
        "receipts": {name: rows[name]["sha256"] for name in FILMS},
        "reported": [name for name in FILMS if films[name] in (room.out / REPORT).read_text()],
        "files": sorted(str(path.relative_to(room.out)) for path in room.out.rglob("*")),
        "leftovers": sorted(
            str(path.relative_to(room.root))
            for folder in (room.here, room.root / "store")
            for path in folder.rglob("*")
            # A store's own parts are swept by their age: another run may be writing them.
            if (".part" in path.name and folder is room.here)
            or path.name.endswith((".lock", ".set"))
            or "unsigned" in path.name
        ),
        "unannounced": sorted(path.name for path in (room.config / "unannounced").glob("*")),
    }
    anchors = lists.read_configured(room.config)
    for name, sha256 in films.items():
        if sha256 not in known:
            film = room.out / f"{name}.mp4"
            with av.open(str(film)) as source:
                assert sum(1 for _ in source.decode(video=0)) == 24
            seen = verify(film, anchors)
            assert (seen.integrity, seen.signer, seen.chain) == ("intact", "trusted", "sound")
            known[sha256] = name
        if not found["unfinished"]:
            assert (room.out / f"{name}.c2pa").read_bytes() == read_manifest_store(room.out / f"{name}.mp4")
    return found | {"known": known}


def _numbers(room: Room) -> list[int]:
    with sqlite3.connect(room.config / "registry" / FILE) as db:
        return [row[0] for row in db.execute("SELECT id FROM film")]


def prepare(root: Path) -> Room:
    """Makes both sets' results, and publishes the old set. Its films are registered, and wait for no stamp.

    The new set's are made in this process, which so has all loaded, read and compiled that those forked from it use.
    """
    make_clip(root / "dusk.mp4", ClipRecipe("dusk", 160, 90, frames=24))
    for name, crf in (("old", 12), ("new", 30)):
        (root / f"{name}.yaml").write_text(JOB.format(crf=crf))
    warm, room = Room(root, root / "warm"), Room(root, root / "old")
    warm.here.mkdir()
    with redirect_stdout(io.StringIO()):
        assert warm.finish("new") == 0
    assert len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208  a lock that another thread holds is held for ever
    shutil.copytree(warm.config, room.config)
    shutil.rmtree(room.config / "registry")
    _finished(room, "old")
    shutil.rmtree(room.config / "stamps")
    return room


def _finished(room: Room, job: str) -> Room:
    room.here.mkdir(exist_ok=True)
    code, answer, said = forked(partial(room.finish, job))
    assert (code, answer) == (0, 0), said
    return room


def kill(_: int) -> None:
    os._exit(DIED)


def fail(step: int) -> None:
    number = errno.EIO if step % 2 else errno.ENOSPC
    raise OSError(number, os.strerror(number))


def tries(old: Room, how: str) -> Iterator[dict[str, Any]]:
    """Yields the old set, the new one as a run makes it that nothing meets, then each step and what was found after."""
    meet = {"kill": kill, "error": fail}[how]
    room = Room(old.root, old.root / "room")
    known: dict[str, str] = {}
    yield found(old, known)
    yield found(Room(old.root, old.root / "warm"), known)
    for step, name in _steps(old, room):
        _reset(old, room)
        code, answer, said = forked(partial(_meeting, room, step, meet))
        row = {
            "step": step,
            "name": name.replace(str(room.here), ""),
            "died": code,
            "code": answer,
            "said": said,
        }
        row["after"] = found(room, known)
        # Another film than the one that it stopped at, so that only what was left can complete that.
        again = forked(lambda: room.finish("new", "--only", "wide"))
        yield row | {"again": again, "later": found(room, known)}


def _meeting(room: Room, step: int, meet: Callable[[int], None]) -> int:
    Steps(lambda at: meet(at) if at == step else None).watch()
    return room.finish("new")


def found(room: Room, known: dict[str, str]) -> dict[str, Any]:
    """Returns what `look` returns, in a process of its own."""
    code, answer, said = forked(partial(look, room, known))
    assert code == 0, said
    seen: dict[str, Any] = answer
    known.update(seen.pop("known"))
    return seen


def _steps(old: Room, room: Room) -> list[tuple[int, str]]:
    """Returns the steps to try, with their names: the first one in each state that the disk is in."""
    _reset(old, room)

    def counted() -> tuple[list[str], list[str]]:
        states: list[str] = []
        steps = Steps(lambda _: states.append(room.state()))
        steps.watch()
        assert room.finish("new") == 0
        return steps.names, states

    code, answer, said = forked(counted)
    assert code == 0, said
    names, states = answer
    return [each for each in enumerate(names) if not each[0] or states[each[0]] != states[each[0] - 1]]


def _reset(old: Room, room: Room) -> None:
    shutil.rmtree(room.here, ignore_errors=True)
    for name in ("out", "config"):
        shutil.copytree(old.here / name, room.here / name)


if __name__ == "__main__":
    work_in_one_process()
    for line in tries(prepare(Path(sys.argv[1])), sys.argv[2]):
        print(json.dumps(line), flush=True)
