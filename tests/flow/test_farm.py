"""A film made by a worker that shares nothing with the sender but an object store."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.flow.commands import answerprint
from tests.flow_job import JOB, make_clips
from tests.made.cluster import Cluster
from tests.made.object_store import CREDENTIALS, address, object_store

pytestmark = pytest.mark.slow
KEY = Path(".config", "answerprint", "store.key")


def hiding(folder: Path) -> tuple[str, ...]:
    """Returns the words before a command that has it run where a folder is empty, as on another machine."""
    found = {name: shutil.which(name) for name in ("unshare", "sh", "mount")}
    inside = f'{found["mount"]} -t tmpfs none "{folder}" && exec "$@"'
    words = (str(found["unshare"]), "--mount", str(found["sh"]), "-c", inside, "sh")
    if (
        None in found.values()
        or subprocess.run([*words, "true"], capture_output=True, check=False).returncode
    ):
        pytest.skip("no folder can be hidden from a process here")
    return words


@pytest.fixture(scope="module")
def sender(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sender")
    make_clips(folder)
    (folder / "job.yaml").write_text(JOB)
    return folder


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory, sender: Path) -> Iterator[Cluster]:
    """A scheduler without a worker, and a bucket."""
    home = tmp_path_factory.mktemp("worker")
    with object_store() as endpoint:
        running = Cluster(home, address(endpoint, "team"), more=CREDENTIALS)
        try:
            running.start_scheduler()
            yield running
        finally:
            running.end()


def unsigned(data: dict[str, Any]) -> list[str]:
    return [row["unsigned_sha256"] for row in data["deliverables"]]


def test_a_worker_that_has_none_of_the_senders_folders_makes_the_same_film(
    sender: Path, farm: Cluster
) -> None:
    job = sender / "job.yaml"
    here = answerprint(sender, "finish", job, "-o", sender / "here", "--json").data
    (farm.folder / KEY).parent.mkdir(parents=True)
    shutil.copy(sender / KEY, farm.folder / KEY)
    farm.start_worker(before=hiding(sender))
    there = answerprint(
        sender, "finish", job, "-o", sender / "there", "--json", "--engine", f"dask:127.0.0.1:{farm.port}",
        "--store", farm.store, **CREDENTIALS,
    ).data  # fmt: skip
    assert unsigned(there) == unsigned(here)
    [row] = there["deliverables"]
    assert (row["reused"], row["signed"]) == (0, True)
