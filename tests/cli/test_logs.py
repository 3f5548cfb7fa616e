"""What --verbose and --log write, and what they never write."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from post import LOGGERS, __version__
from post.cli.app import run
from post.cli.logs import logging_to
from tests.flow.bad import Room
from tests.made.stores import open_store
from tests.made.work import check_growth
from tests.provenance.signing.serving import Answer
from tests.provenance.signing.tsa import Tsa

Rows = list[dict[str, Any]]
BEARER = "c2VjcmV0IGJlYXJlciBvZiBhIG1vZGVs"


def rows_of(path: Path) -> Rows:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@dataclass(frozen=True, slots=True)
class Ran:
    """What one command wrote."""

    code: int
    out: str
    err: str
    rows: Rows


@pytest.fixture
def tsa() -> Iterator[Tsa]:
    with Tsa() as served:
        yield served


@pytest.fixture
def ran(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Any:
    def call(*words: str | Path) -> Ran:
        log = tmp_path / "run.jsonl"
        code = run([*map(str, words), "--log", str(log), "--verbose"])
        said = capfd.readouterr()
        return Ran(code, said.out, said.err, rows_of(log))

    return call


def with_field(rows: Rows, name: str) -> Rows:
    return [row for row in rows if name in row]


def test_nothing_is_logged_unless_asked(room: Room, capfd: pytest.CaptureFixture[str]) -> None:
    assert (
        run(["finish", str(room.job), "-o", str(room.out), "--store", str(room.folder / "quiet"), "--json"])
        == 0
    )
    said = capfd.readouterr()
    assert json.loads(said.out)["deliverables"]
    assert said.err == ""


def test_a_film_is_told_from_start_to_exit_code(room: Room, ran: Any, tmp_path: Path) -> None:
    finish = ("finish", room.job, "-o", tmp_path / "out", "--store", tmp_path / "store", "--json")
    made = ran(*finish)
    film = json.loads(made.out)["deliverables"][0]
    for row in made.rows:
        assert list(row)[:4] == ["ts", "level", "logger", "message"]
        assert abs(datetime.fromisoformat(row["ts"]) - datetime.now(UTC)).total_seconds() < 600
        assert row["ts"].endswith("Z")
    first, last = made.rows[0], made.rows[-1]
    assert (first["command"], first["versions"]["answerprint"]) == ("finish", __version__)
    assert first["versions"]["av"]
    assert first["platform"]
    assert (last["exit_code"], last["command"]) == (0, "finish")
    (plan,) = with_field(made.rows, "to_make")
    assert (plan["segments"], plan["kept"], plan["to_make"]) == (film["segments"], 0, film["segments"] + 1)
    segments = [row for row in made.rows if row["message"].startswith("made wide: frames")]
    assert len(segments) == film["segments"]
    assert all(len(row["key"]) == 64 and row["shot"] == "dusk" and row["seconds"] > 0 for row in segments)
    said = " ".join(row["message"] for row in made.rows)
    for step in (
        "opened",
        "measured",
        "planned",
        "joined",
        "checked",
        "signed wide.mp4 with the key development",
    ):
        assert step in said
    (signed,) = with_field(made.rows, "certificate")
    assert (signed["signed_with"], signed["algorithm"], len(signed["certificate"])) == (
        "development",
        "es256",
        64,
    )
    # The same on stderr, for people.
    assert [row["message"] for row in made.rows] == [line.split(": ", 1)[1] for line in made.err.splitlines()]

    again = ran(*finish)
    kept = [row for row in again.rows[len(made.rows) :] if row["message"].startswith("kept ")]
    assert [row["film"] for row in kept] == ["wide"]
    (nothing,) = with_field(again.rows[len(made.rows) :], "results")
    assert nothing["results"] == film["segments"] + 1  # and the sound

    checked = ran("verify", film["path"], "--json")
    assert json.loads(checked.out)["integrity"] == "intact"
    judged = with_field(checked.rows, "findings")[-1]
    assert (judged["integrity"], judged["file"]) == ("intact", film["path"])


def test_a_broken_result_is_said_to_be_made_again(room: Room, ran: Any) -> None:
    first = ran(*room.finish())
    key = next(row["key"] for row in first.rows if row["message"].startswith("made wide: frames"))
    kept = room.store / key[:2] / key
    kept.write_bytes(kept.read_bytes()[:-1])
    made = ran(*room.finish())
    broken = [row for row in made.rows if "does not fit its seal" in row["message"]]
    assert {(row["level"], row["key"]) for row in broken} == {("WARNING", kept.name)}
    assert len(broken) <= 2  # by the parent, and by the worker that makes it again
    remade = [row for row in made.rows if row["message"].startswith("made wide: ")]
    assert remade[-1]["key"] == kept.name


def test_a_fault_and_a_bug_are_told_with_their_exit_code(ran: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = ran("plan", "gone.yaml")
    assert (lost.code, lost.rows[-1]["exit_code"], lost.rows[-1]["level"]) == (2, 2, "WARNING")
    assert lost.rows[-1]["fault"].startswith("gone.yaml: cannot be read")
    assert "traceback" not in lost.rows[-1]

    def broken(_: str) -> None:
        raise ZeroDivisionError("password=hunter2")

    monkeypatch.setattr("post.reference.stage_table", broken)
    bug = ran("stages").rows[-1]
    assert bug["exit_code"] == 1
    assert "in broken" in bug["traceback"]
    assert "hunter2" not in json.dumps(bug)


def test_a_worker_that_died_is_told_with_what_it_was_on(tmp_path: Path) -> None:
    from post.engine import Task, WorkerPool

    data = {"text": "x", "marks": str(tmp_path / "marks")}
    task = Task("a" * 64, "tests.engine.work:die_once", data, name="a segment", shot="dusk")
    with logging_to(tmp_path / "log", False), WorkerPool(1) as pool:
        list(pool.run([task], open_store(tmp_path / "store")))
    died, again = with_field(rows_of(tmp_path / "log"), "tries")
    assert (died["key"], died["shot"], died["exit_code"], died["tries"]) == (task.key, "dusk", -9, 1)
    assert again["message"] == "trying a segment again, in a process of its own"


def test_secrets_are_in_no_record(room: Room, ran: Any, tsa: Tsa) -> None:
    text = room.job.read_text()
    room.write("stamped.yaml", f"{text}provenance: {{tsa: '{tsa.url}/?token=tokenOfTheUrl'}}\n")
    tsa.fault = Answer(503)
    stamped = ran("finish", room.folder / "stamped.yaml", "-o", room.folder / "stamped")
    assert stamped.code == 75
    assert stamped.rows[-1]["fault"].startswith(tsa.url)
    (asked,) = with_field(stamped.rows, "answered")
    assert (asked["tsa"], asked["answered"]) == (tsa.url, False)
    ran("keys", "new", "hsm", "--uri", "pkcs11:object=film?module-path=/none.so&pin-value=93571842")
    told = f"generator: {{model: {{Authorization: Bearer {BEARER}}}}}"
    room.write("told.yaml", text.replace("dusk: dusk.mp4", f"dusk: {{file: dusk.mp4, {told}}}"))
    ended = ran("plan", room.folder / "told.yaml")
    faults = [row["fault"] for row in with_field(ended.rows, "fault")]
    assert len(faults) == 3
    for secret in ("tokenOfTheUrl", "93571842", BEARER):
        assert secret not in json.dumps(ended.rows)


def test_the_authority_s_answer_and_its_latency_are_told(room: Room, ran: Any, tsa: Tsa) -> None:
    text = room.job.read_text()
    room.write("timed.yaml", f"{text}provenance: {{tsa: '{tsa.url}'}}\n")
    made = ran("finish", room.folder / "timed.yaml", "-o", room.folder / "timed")
    (asked,) = with_field(made.rows, "answered")
    assert (asked["tsa"], asked["answered"]) == (tsa.url, True)
    assert 0 < asked["seconds"] < 60


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("at https://me:p@ss@host.example/a?key=1#frag", "at https://host.example/a"),
        ("Authorization: Bearer short1", "Authorization: (left out)"),
        ("sent bearer abc-DEF_123", "sent bearer (left out)"),
        ("{'password': 'two words', 'n': 1}", "{'password': (left out), 'n': 1}"),
        ("pkcs11:object=film?pin-value=1234&a=b", "pkcs11:object=film?pin-value=(left out)&a=b"),
        ("ANSWERPRINT_PIN_STUDIO=1234", "ANSWERPRINT_PIN_STUDIO=(left out)"),
        ("a\n-----BEGIN EC PRIVATE KEY-----\nabc\n-----END EC PRIVATE KEY-----\nb", "a\n(left out)\nb"),
        ("-----BEGIN PRIVATE KEY-----\nabc, cut off", "(left out)"),
        ("made wide: frames 0 to 23, key=12", "made wide: frames 0 to 23, key=12"),
    ],
)
def test_a_secret_leaves_message_field_and_traceback(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], text: str, written: str
) -> None:
    log = logging.getLogger("post.test")
    with logging_to(tmp_path / "log", True):
        try:
            raise ValueError(text)
        except ValueError:
            log.warning("%s", text, extra={"deep": [{"x": text}], "password": text}, exc_info=True)
    (row,) = rows_of(tmp_path / "log")
    assert (row["message"], row["deep"], row["password"]) == (written, [{"x": written}], "(left out)")
    assert row["traceback"].endswith(f"ValueError: {written}")
    assert capfd.readouterr().err.count("\n") == 1


class Unreadable:
    """Fails whatever is asked of it."""

    def __str__(self) -> str:
        raise RecursionError("hunter2")


def test_a_record_that_cannot_be_read_is_left_out_and_ends_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    loop: list[object] = []
    loop.append(loop)
    log = logging.getLogger("post.test")
    with logging_to(tmp_path / "log", True):
        log.warning("%s", Unreadable())
        log.warning("password=hunter2 %d", "no number")
        log.warning("x", extra={"deep": loop, "password": "hunter2"})
        log.warning("fine")
    rows = rows_of(tmp_path / "log")
    left = [row["message"].partition(" (")[0] for row in rows]
    assert left == [*["a record that could not be read"] * 3, "fine"]
    said = capfd.readouterr().err
    assert "hunter2" not in json.dumps(rows) + said
    assert said.count("\n") == 4


def test_secrets_are_searched_for_once() -> None:
    from provenance.record.secrets import remove_all_secrets

    for part in ("a='", 'a="\\', "a://x@", "-----BEGIN PRIVATE KEY-----", "pin = "):
        check_growth(lambda size, part=part: remove_all_secrets(part * size), 150)  # type: ignore[misc]  # bound now


def test_a_log_grows_and_every_record_is_there_at_once(tmp_path: Path) -> None:
    path = tmp_path / "log"
    for n in range(2):
        with logging_to(path, False):
            logging.getLogger("provenance.test").info("run %d", n)
            assert len(rows_of(path)) == n + 1
    assert [logging.getLogger(name).level for name in LOGGERS] == [logging.NOTSET] * 3


def test_what_a_file_says_cannot_steer_the_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with logging_to(None, True):
        logging.getLogger("post.test").warning("a\x1b[31m\nb")
    assert "a\\x1b[31m\\nb\n" in capfd.readouterr().err


def test_options_of_every_command_stand_anywhere_before_the_end_of_options(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for words in (
        ["--log={}", "stages", "look"],
        ["stages", "--log", "{}", "look"],
        ["stages", "look", "--log={}"],
    ):
        assert run([word.format(tmp_path / "log") for word in words]) == 0
    assert len(with_field(rows_of(tmp_path / "log"), "exit_code")) == 3
    assert run(["plan", "--", "--verbose"]) == 2
    assert capfd.readouterr().err.startswith("--verbose: cannot be read")
