"""Users without a home or an entry in the system's list, and old locales: it works, or one error says what to do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.flow.commands import COMMAND, Answer
from tests.flow_job import JOB, make_clips

pytestmark = pytest.mark.slow
NOBODY = "54321"
CAPABILITY = "-all,+dac_read_search"  # Python itself may lie where only root can read it
AS_NOBODY = (
    "setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", f"--inh-caps={CAPABILITY}",
    f"--ambient-caps={CAPABILITY}",
)  # fmt: skip
needs_root = pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("setpriv"), reason="only root can become another user"
)
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.fixture(scope="module")
def room() -> Iterator[Path]:
    """A folder that every user may write to, with clips and a job."""
    made = Path(tempfile.mkdtemp(prefix="answerprint-odd-"))
    make_clips(made)
    (made / "job.yaml").write_text(JOB)
    (made / "cwd").mkdir()
    for path in (made, made / "cwd"):
        path.chmod(0o777)
    yield made
    shutil.rmtree(made)


def ran(room: Path, *words: str | Path, by: Sequence[str] = (), **variables: str) -> Answer:
    """Runs a command with these variables alone; nothing may be left in the folder that it is run in."""
    there = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"} | variables
    done = subprocess.run(
        [*by, COMMAND, *(str(word) for word in words)], capture_output=True, text=True, errors="replace", env=there,
        cwd=room / "cwd", check=False,
    )  # fmt: skip
    assert list((room / "cwd").iterdir()) == []
    assert "this is a bug" not in done.stderr, done.stderr
    return Answer(done.returncode, done.stdout, done.stderr)


@needs_root
@pytest.mark.parametrize("home", [{}, {"HOME": ""}, {"HOME": "rel/home"}])
def test_a_user_without_entry_and_home_is_told_what_to_set(home: dict[str, str], room: Path) -> None:
    assert ran(room, "stages", by=AS_NOBODY, **home).code == 0
    for words, code in ((("doctor",), 7), (("verify", room / "dusk.mp4"), 2)):
        answer = ran(room, *words, by=AS_NOBODY, **home)
        assert answer.code == code
        assert "HOME: this user has no home folder" in answer.said
        assert "set ANSWERPRINT_CONFIG to a folder of your own" in answer.said
        assert "pip install" not in answer.said


@needs_root
def test_a_user_without_entry_finishes_in_folders_of_its_own(room: Path) -> None:
    own = {name: str(room / name) for name in ("ANSWERPRINT_CONFIG", "ANSWERPRINT_STORE")}
    answer = ran(room, "finish", room / "job.yaml", "-o", room / "out", by=AS_NOBODY, **own, **ASCII)
    assert answer.code == 0, answer.said
    assert ran(room, "verify", room / "out" / "wide.mp4", by=AS_NOBODY, **own).code == 0


@needs_root
def test_a_home_that_is_not_there_is_one_error_that_says_what_to_do(room: Path) -> None:
    answer = ran(room, "keys", "new", "studio", by=AS_NOBODY, HOME="/nonexistent")
    assert answer.code == 6
    assert "/nonexistent/.config/answerprint" in answer.said
    assert "make it writable, or set ANSWERPRINT_CONFIG to another folder" in answer.said
    assert ran(room, "verify", room / "dusk.mp4", by=AS_NOBODY, HOME="/nonexistent").code == 6


def test_a_file_name_that_is_no_utf8_is_verified_and_no_job_is_made_of_it(room: Path) -> None:
    clip = room / os.fsdecode(b"bad-\xff.mp4")
    shutil.copyfile(room / "dusk.mp4", clip)
    home = {"HOME": str(room / "home")}
    assert ran(room, "verify", clip, "--json", **home).code == 6
    job = Path(shutil.copyfile(room / "job.yaml", room / "bad.yaml"))
    before = job.read_bytes()
    for words in (("new", room / "bad", "--clips", clip), ("ingest", clip, "--job", job)):
        refused = ran(room, *words, **home)
        assert refused.code == 2
        assert "expected a path in UTF-8; rename it, or the folder that it is in" in refused.said
    assert not (room / "bad").exists()
    assert job.read_bytes() == before


def test_a_folder_whose_name_is_no_utf8_gets_a_job_that_is_planned(room: Path) -> None:
    home = {"HOME": str(room / "home")}
    folder = room / os.fsdecode(b"spot-\xff")
    assert ran(room, "new", folder, "--clips", room / "dusk.mp4", **home).code == 0
    assert ran(room, "plan", folder / "job.yaml", "--json", **home).code == 0


def test_paths_from_the_root_work_in_a_folder_that_was_removed(room: Path) -> None:
    there = {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": str(room / "home"),
        "TMPDIR": str(room / "t"),
    }
    (room / "t").mkdir()
    for words, code in (
        (("verify", str(room / "dusk.mp4")), 6), (("measure", str(room / "dusk.mp4")), 0),
        (("measure", "dusk.mp4"), 3), (("plan", str(room / "job.yaml")), 0),
    ):  # fmt: skip
        (room / "gone").mkdir()
        script = 'cd "$1"; rmdir "$1"; shift; exec "$@"'
        command = ["/bin/sh", "-c", script, "sh", str(room / "gone"), COMMAND, *words]
        done = subprocess.run(command, capture_output=True, text=True, env=there, check=False)
        assert done.returncode == code, (words, done.stderr)
        assert not list((room / "t").glob("answerprint-*"))


def test_a_name_of_all_the_letters_that_the_disk_allows_is_used(room: Path) -> None:
    home = {"HOME": str(room / "home")}
    clip = Path(shutil.copyfile(room / "dusk.mp4", room / ("n" * 251 + ".mp4")))
    assert ran(room, "verify", clip, "--json", **home).code == 6
    assert ran(room, "new", room / "long", "--clips", clip, **home).code == 0
    job = Path(shutil.copyfile(room / "job.yaml", room / "long.yaml"))
    assert ran(room, "ingest", clip, "--job", job, **home).code == 0
    (room / "long" / "job.yaml").write_text(
        JOB.replace("dusk.mp4", f"../{clip.name}").replace("tall: ", "tall: ../").replace("sea: ", "sea: ../")
    )
    made = ran(room, "finish", room / "long" / "job.yaml", "-o", room / "long" / "out", **home)
    assert made.code == 0, made.said


@pytest.mark.parametrize("locale", [ASCII, {"LC_ALL": "C", "TMPDIR": "/nonexistent"}])
def test_commands_work_in_an_old_locale(locale: dict[str, str], room: Path) -> None:
    variables = {"HOME": str(room / "home"), **locale}
    job = Path(tempfile.mkdtemp(dir=room)) / "spot"
    for words in (
        ("doctor", "--json"), ("stages",), ("new", job, "--clips", room / "dusk.mp4"),
        ("ingest", room / "tall.mp4", "--job", job / "job.yaml"), ("plan", job / "job.yaml"),
    ):  # fmt: skip
        assert ran(room, *words, **variables).code == 0
