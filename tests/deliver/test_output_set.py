"""A folder holds the old set or the new one, or says that it is unfinished."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any, NoReturn

import pytest

from post.deliver.output_set import RECEIPT, output_set, read_receipts
from post.errors import OutputError, RetryError

ROOT = Path(__file__).parents[2]
FILES = ("film.mp4", "film.c2pa", "tall.mp4", "report.html", "film.stems/film.music.wav")
NAMES = tuple(name.split("/")[0] for name in FILES)


def make(folder: Path, text: str) -> None:
    """Makes a set; "bare" is one without a sidecar."""
    for name in FILES:
        if (text, name) != ("bare", "film.c2pa"):
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text)
    (folder / RECEIPT).write_text(json.dumps({"receipts": [{"name": "film", "set": text}]}))


def publish(out: Path, text: str) -> None:
    with output_set(out) as made:
        make(made.work, text)
        made.publish()


def state(out: Path) -> str:
    """Says which set a reader sees: "old", "new", or "unfinished"."""
    receipt = json.loads((out / RECEIPT).read_text())
    if "unfinished" in receipt:
        return "unfinished"
    found = {(out / name).read_text() for name in FILES} | {receipt["receipts"][0]["set"]}
    assert len(found) == 1, found
    return found.pop()


def test_a_set_takes_the_place_of_the_one_before_and_leaves_nothing_else(tmp_path: Path) -> None:
    publish(tmp_path, "old")
    (tmp_path / "other.mp4").write_text("another job's")
    publish(tmp_path, "new")
    assert state(tmp_path) == "new"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*NAMES, RECEIPT, "other.mp4"])


def test_a_film_does_not_keep_the_sidecar_of_the_one_before(tmp_path: Path) -> None:
    publish(tmp_path, "old")
    (tmp_path / "other.c2pa").write_text("another film's")
    publish(tmp_path, "bare")
    assert {path.name for path in tmp_path.glob("*.c2pa")} == {"other.c2pa"}
    assert (tmp_path / "film.mp4").read_text() == "bare"


def test_a_stem_that_a_film_has_no_more_goes_and_what_else_lies_there_stays(tmp_path: Path) -> None:
    publish(tmp_path, "old")
    stems = tmp_path / "film.stems"
    (stems / "mixer's notes.txt").write_text("louder")
    with output_set(tmp_path) as made:
        make(made.work, "new")
        (made.work / "film.stems" / "film.music.wav").write_text("")
        (made.work / "film.stems" / "film.voice.wav").write_text("new")
        made.publish()
    assert sorted(path.name for path in stems.iterdir()) == ["film.voice.wav", "mixer's notes.txt"]


def test_a_set_that_is_not_published_leaves_the_one_before(tmp_path: Path) -> None:
    publish(tmp_path, "old")
    with pytest.raises(KeyError), output_set(tmp_path) as made:
        make(made.work, "new")
        raise KeyError
    assert state(tmp_path) == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*NAMES, RECEIPT])


# In a process of one thread: forks it for every step, and lets the child die there.
DYING = """
import json, os, sys
from pathlib import Path
from tests.deliver.test_output_set import die_at, publish, state
root = Path(sys.argv[1])
for step in range(60):
    out = root / str(step)
    out.mkdir()
    publish(out, "old")
    child = os.fork()
    if not child:
        die_at(step, out, sys.argv[2])
    died = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(json.dumps([step, died, state(out) if sys.argv[2] == "new" else ""]))
"""
DIED, LIVED = 9, 0


def die_at(step: int, out: Path, text: str) -> NoReturn:
    """Publishes a new set in this process and ends it at its `step`th rename, sync, removal or opening of a file."""
    left = [step]

    def dying(real: Any) -> Any:
        def call(*args: Any, **named: Any) -> Any:
            left[0] -= 1
            if left[0] < 0:
                os._exit(DIED)
            return real(*args, **named)

        return call

    for module, names in ((os, ("replace", "rename", "unlink", "rmdir", "fsync", "open", "mkdir")),):
        for name in names:
            setattr(module, name, dying(getattr(module, name)))
    publish(out, text)
    os._exit(LIVED)


def killed_at_each_step(root: Path, text: str) -> list[tuple[int, int, str]]:
    """Publishes a set over an old one, killed at each step: (step, exit code, state) each."""
    done = subprocess.run(
        [sys.executable, "-c", DYING, str(root), text], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.skipif(sys.platform != "linux", reason="it forks")
def test_a_run_killed_at_any_step_leaves_no_film_beside_another_ones_sidecar(tmp_path: Path) -> None:
    for step, _, _ in killed_at_each_step(tmp_path, "bare"):
        out = tmp_path / str(step)
        assert (out / "film.mp4").read_text() == "old" or not (out / "film.c2pa").exists()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with output_set(out):
                pass
        assert (out / "film.mp4").read_text() == "old" or not (out / "film.c2pa").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="it forks")
def test_a_run_killed_at_any_step_leaves_the_old_set_or_the_new_one_or_says_so(tmp_path: Path) -> None:
    """The next run then leaves one whole set, and nothing else."""
    seen = killed_at_each_step(tmp_path, "new")
    assert {died for _, died, _ in seen} == {DIED, LIVED}
    states = [kept for _, _, kept in seen]
    assert states == sorted(states, key=["old", "unfinished", "new"].index)
    assert set(states) == {"old", "unfinished", "new"}
    for step, _, kept in seen:
        out = tmp_path / str(step)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with output_set(out):
                pass
        assert state(out) == (kept if kept != "unfinished" else "new") or (kept, state(out)) == ("old", "new")
        assert sorted(path.name for path in out.iterdir()) == sorted([*NAMES, RECEIPT])


def test_of_two_runs_one_is_refused(tmp_path: Path) -> None:
    with output_set(tmp_path), pytest.raises(RetryError, match="is being written to by somebody else"):
        publish(tmp_path, "new")


@pytest.mark.parametrize(
    "text", ["", "[]", '{"receipts": 1}', '{"receipts": [{}]}', '{"receipts": [{"name": 1}]}']
)
def test_a_file_that_is_no_receipt_is_not_written_over(tmp_path: Path, text: str) -> None:
    (tmp_path / RECEIPT).write_text(text)
    with pytest.raises(OutputError, match="is no receipt of Answerprint's and would be lost"):
        read_receipts(tmp_path / RECEIPT)


@pytest.mark.parametrize("name", [RECEIPT, "report.html"])
def test_a_folder_where_a_file_goes_is_named_before_any_work(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(OutputError, match=f"{name}: is a folder"), output_set(tmp_path):
        pass


def test_a_receipt_that_is_a_pipe_holds_nobody_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / RECEIPT)
    with pytest.raises(OutputError, match="is no receipt"):
        read_receipts(tmp_path / RECEIPT)


def test_a_link_planted_for_a_set_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "victim").mkdir()
    (tmp_path / "victim" / "precious").touch()
    for name in (".answerprint-1.set", ".answerprint-2.part"):
        (tmp_path / name).symlink_to("victim")
    publish(tmp_path, "new")
    assert (tmp_path / "victim" / "precious").exists()
