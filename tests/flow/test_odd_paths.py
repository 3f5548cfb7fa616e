"""Whatever a command is given as a path ends in one clear error, at once, and nothing that is no file is replaced."""

from __future__ import annotations

import os
import signal
import stat
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from post.cli.app import run
from post.takes.made.synthetic import ClipRecipe, make_clip

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="pipes and alarms are POSIX's"),
    pytest.mark.usefixtures("kept_workers"),
]
JOB = "schema: Job.2\ntitle: A\nclock: 24\nhouse: plain\ntakes: {a: dog.mp4}\ncut: [{take: a}]\ndeliver: [draft]\n"
# ODD is the odd path; the film is unsigned, which no command gets as far as finding.
READING = (
    "new DIR --clips ODD", "house learn ODD -o ours.yaml", "house lock ODD", "house show ODD",
    "match ODD FILM -o m.cube", "match FILM ODD -o m.cube", "verify ODD", "verify FILM --trust ODD",
    "verify FILM --facts ODD", "verify FILM --crl ODD", "verify FILM --tsa ODD", "verify FILM --sidecar ODD",
    "trust add ODD", "redact ODD -o r.mp4 --reason c2pa.PII.present", "recover ODD --registry ODD",
    "stamp ODD --tsa http://localhost:9", "keys add studio --chain ODD", "ingest FILM --job ODD",
    "ingest FILM --job JOB --record ODD", "plan ODD", "measure ODD",
)  # fmt: skip
WRITING = (
    "new ODD --clips FILM", "match FILM FILM -o ODD.cube", "match FILM FILM -o m.cube --cdl ODD.cc",
    "verify FILM --report ODD", "verify FILM --crjson --report ODD", "house learn FILM -o ODD.yaml",
    "keys request studio --organisation S -o ODD", "finish JOB -o ODD",
)  # fmt: skip
KINDS = ("pipe", "loop", "folder", "kernel", "n" * 300)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_clip(tmp_path_factory.mktemp("clip") / "dog.mp4", ClipRecipe("dusk", 64, 48, Fraction(24), 6))


@pytest.fixture
def room(film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of odd things, in which a command that waits is ended."""
    for ending in ("", ".cube", ".cc", ".yaml"):
        os.mkfifo(tmp_path / f"pipe{ending}")
        (tmp_path / f"loop{ending}").symlink_to(f"loop{ending}")
        (tmp_path / f"folder{ending}").mkdir()
    (tmp_path / "dog.mp4").symlink_to(film)
    (tmp_path / "job.yaml").write_text(JOB)
    monkeypatch.setenv("ANSWERPRINT_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("ANSWERPRINT_STORE", str(tmp_path / "store"))
    monkeypatch.chdir(tmp_path)

    def waits(*_: object) -> None:
        raise TimeoutError("the command waits")

    before = signal.signal(signal.SIGALRM, waits)
    signal.alarm(60)
    yield tmp_path
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def words(command: str, odd: str) -> list[str]:
    names = {"FILM": "dog.mp4", "JOB": "job.yaml", "DIR": "made"}
    return [names.get(word, word.replace("ODD", odd)) for word in command.split()]


@pytest.mark.parametrize("kind", KINDS, ids=[kind[:6] for kind in KINDS])
@pytest.mark.parametrize("command", READING)
def test_what_is_no_file_ends_in_one_error(
    command: str, kind: str, room: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    odd = "/proc/kmsg" if kind == "kernel" else kind
    if (command, kind) == ("verify FILM --crl ODD", "folder"):
        pytest.skip("a folder of lists, with none in it")
    code = run(words(command, odd))
    said = capfd.readouterr().err
    assert (code in (2, 3, 6), said.count("\n")) == (True, 1), (code, said)
    assert "bug" not in said


@pytest.mark.parametrize(
    "kind", ["pipe", "loop", "folder", "n" * 300], ids=["pipe", "loop", "folder", "long"]
)
@pytest.mark.parametrize("command", WRITING)
def test_nothing_that_is_no_file_is_replaced(
    command: str, kind: str, room: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    code = run(words(command, kind))
    said = capfd.readouterr().err
    assert "bug" not in said, said
    assert code != 1
    if kind == "pipe":
        assert code in (2, 6), said
    for path in room.glob("pipe*"):
        assert stat.S_ISFIFO(path.lstat().st_mode)
    for path in room.glob("folder*"):
        assert path.is_dir()
