"""The command prints links, refuses what would let strangers in, and serves until it is stopped."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.flow.commands import COMMAND, answerprint, environment
from tests.review.reviewing import JOB, PEOPLE, make_film


@pytest.fixture
def job(tmp_path: Path) -> Path:
    (tmp_path / "job.yaml").write_text(JOB)
    (tmp_path / "people.yaml").write_text(PEOPLE)
    make_film(tmp_path / "dusk.mp4")
    make_film(tmp_path / "out" / "wide.mp4")
    return tmp_path / "job.yaml"


@contextmanager
def served(home: Path, *arguments: str | Path) -> Iterator[dict[str, object]]:
    """Yields what a running server printed."""
    command = [COMMAND, "review", *map(str, arguments), "--json"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, env=environment(home), text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        line = process.stdout.readline()
        assert line, process.stderr.read()
        try:
            yield json.loads(line)
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=120)


def test_a_link_opens_the_films(job: Path, tmp_path: Path) -> None:
    with served(tmp_path / "home", job, "--person", "ana", "--enrol", "ben") as said:
        address, links = str(said["address"]), dict(said["links"])  # type: ignore[call-overload]  # JSON
        assert address.startswith("http://localhost:")
        assert set(links) == {"Ana Roth", "Ben Ito, to enrol a key"}
        assert links["Ben Ito, to enrol a key"].startswith(f"{address}/enrol#")
        with httpx.Client(base_url=address.replace("localhost", "127.0.0.1")) as client:
            assert client.get("/media/1/film").status_code == 401
            token = links["Ana Roth"].partition("#")[2]
            assert client.post("/sign-in/link", json={"token": token}).status_code == 204
            for _ in range(600):
                films = client.get("/api/films").json()["films"]
                if films and films[0]["latest"]["state"] == "ready":
                    break
            assert [(each["name"], each["latest"]["frames"]) for each in films] == [("wide", 24)]
            part = client.get("/media/1/film", headers={"range": "bytes=4-7"})
            assert (part.status_code, part.content) == (206, b"ftyp")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--host", "0.0.0.0"), "nobody signs them in"),
        (("--host", "0.0.0.0", "--url", "https://review.example"), "nobody signs them in"),
        (("--proxy-header", "X-User"), "a header alone could be sent by anybody"),
        (("--proxy-from", "10.0.0.0/8"), "a header alone could be sent by anybody"),
        (("--proxy-header", "X-User", "--proxy-from", "ten"), "is no network"),
        (("--oidc", "https://id.example"), "needs both"),
        (("--url", "review.example"), "is no address of a server"),
        (("--person", "eve"), "the people file does not name them"),
        (("--enrol", "eve"), "the people file does not name them"),
        (("--database", "nothing"), "is no database"),
    ],
)
def test_what_would_let_strangers_in_is_refused(
    job: Path, tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    answer = answerprint(tmp_path / "home", "review", job, *arguments)
    assert answer.code == 2, answer.said
    assert says in answer.said
    assert "Traceback" not in answer.said


def test_a_job_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert answerprint(tmp_path, "review", tmp_path / "none.yaml").code == 3
