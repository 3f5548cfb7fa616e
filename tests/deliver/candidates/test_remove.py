"""What is removed of candidates: what their receipt names and nobody changed, once it waits no more."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from post.deliver.candidates.remove import JobNames, remove_candidates
from post.owned import owned


@pytest.fixture
def review(tmp_path: Path) -> Path:
    folder = tmp_path / "out" / "review"
    (folder / "wide.stems").mkdir(parents=True)
    rows = []
    for film, job in (("wide", "job.yaml"), ("tall", "job.yaml"), ("theirs", "other.yaml")):
        names = [f"{film}.mp4", *(["wide.en.vtt", "wide.stems/wide.mix.wav"] if film == "wide" else [])]
        files = []
        for name in names:
            (folder / name).write_text(name)
            files.append({"file": name, "sha256": hashlib.sha256(name.encode()).hexdigest()})
        rows.append({"name": film, "job_file": job, "files": files})
    (folder / "receipt.json").write_text(json.dumps({"schema": "Candidates.1", "receipts": rows}))
    (folder / "report.html").write_text("a report")
    return folder


def there(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


OTHERS = ["receipt.json", "report.html", "theirs.mp4"]
BOTH = ("wide", "tall")


def test_what_was_released_goes_and_nothing_else(review: Path) -> None:
    remove_candidates(review, JobNames("job.yaml", BOTH, ["wide"]))
    assert there(review) == sorted([*OTHERS, "tall.mp4"])
    assert not (review / "wide.stems").exists()
    named = [row["name"] for row in json.loads((review / "receipt.json").read_text())["receipts"]]
    assert named == ["tall", "theirs"]


def test_a_film_that_its_job_has_no_more_goes(review: Path) -> None:
    remove_candidates(review, JobNames("job.yaml", ["tall"]))
    assert there(review) == sorted([*OTHERS, "tall.mp4"])


def test_what_somebody_changed_or_put_there_stays(review: Path) -> None:
    (review / "wide.mp4").write_text("another film")
    (review / "wide.stems" / "mine.wav").write_text("mine")
    (review / "tall.mp4").unlink()
    (review / "tall.mp4").symlink_to(review / "theirs.mp4")
    remove_candidates(review, JobNames("job.yaml", (), BOTH))
    assert there(review) == sorted([*OTHERS, "tall.mp4", "wide.mp4", "wide.stems/mine.wav"])


def test_nothing_outside_of_the_folder_is_removed(review: Path) -> None:
    outside = review.parent / "wide.mp4"
    outside.write_text("wide")
    (review.parent / "link").mkdir()
    (review.parent / "link" / "x.mp4").write_text("wide")
    (review / "in").symlink_to(review.parent / "link")
    sha256 = hashlib.sha256(b"wide").hexdigest()
    names = ("../wide.mp4", str(outside), "in/x.mp4", "a/../../wide.mp4")
    rows = [{"name": "wide", "job_file": "job.yaml", "files": [{"file": n, "sha256": sha256} for n in names]}]
    (review / "receipt.json").write_text(json.dumps({"schema": "Candidates.1", "receipts": rows}))
    remove_candidates(review, JobNames("job.yaml", (), BOTH))
    assert outside.exists()
    assert (review.parent / "link" / "x.mp4").exists()


def test_a_folder_without_candidates_goes_with_the_last_one(review: Path) -> None:
    for job in ("job.yaml", "other.yaml"):
        remove_candidates(review, JobNames(job, ()))
    assert not review.exists()


def test_while_others_make_candidates_there_all_stay(review: Path) -> None:
    before = there(review)
    with owned(review / ".answerprint.lock", "a run"):
        remove_candidates(review, JobNames("job.yaml", ()))
    assert there(review) == before


def test_a_receipt_that_is_none_is_left(review: Path) -> None:
    (review / "receipt.json").write_text("[]")
    before = there(review)
    remove_candidates(review, JobNames("job.yaml", ()))
    assert there(review) == before
