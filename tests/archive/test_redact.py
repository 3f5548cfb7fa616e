"""A redacted archive tells no prompt, is valid, replays, and lets its owner prove each prompt."""

from __future__ import annotations

import hashlib
import json
import stat
from pathlib import Path

import pytest

from provenance.archive.commitment import PREFIX, PromptOpening
from provenance.archive.read_bag import read_bag
from tests.archive.conftest import Finished
from tests.archive.small import JOB, PROMPT, SHORT, archived, make_job, replayed
from tests.flow.warm_commands import answerprint
from tests.provenance.archive.validator import validated


def held(archive: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(archive)): path.read_bytes() for path in archive.rglob("*") if path.is_file()
    }


@pytest.fixture(scope="module")
def redacted(finished: Finished, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("redacted")
    told = archived(
        finished.home, finished.job, folder / "a", "--film", finished.film, "--redact", "prompts",
        "--openings", folder / "openings.json",
    )  # fmt: skip
    assert told["redacted"] == 2
    assert told["told_by_films"] == ["films/wide.mp4"]
    return folder


def test_no_file_tells_a_prompt_or_its_plain_digest(redacted: Path) -> None:
    digests = [hashlib.sha256(text.encode()).hexdigest().encode() for text in (PROMPT, SHORT)]
    for name, content in held(redacted / "a").items():
        assert PROMPT.encode() not in content, name
        if not name.endswith(".mp4"):  # what is signed says what it says
            assert not [each for each in digests if each in content], name


def test_the_job_holds_commitments_in_their_place_and_nothing_else_changed(redacted: Path) -> None:
    text = (redacted / "a/data/job/spot.yaml").read_text()
    assert text.count(PREFIX) == 2
    made = {
        each["text"]: each["commitment"]
        for each in json.loads((redacted / "openings.json").read_text())["openings"]
    }
    expected = JOB.replace(f'"{PROMPT}"', f'"{made[PROMPT]}"').replace(
        f"prompt: {SHORT}", f'prompt: "{made[SHORT]}"'
    )
    assert text == expected


def test_it_is_valid_and_replays_frame_for_frame(redacted: Path, tmp_path: Path) -> None:
    assert read_bag(redacted / "a").valid
    assert validated(redacted / "a" / "data").issues == []
    code, data = replayed(tmp_path, redacted / "a")
    assert (code, data["verdict"], data["redacted"]) == (0, "equal", 2)


def test_the_owner_can_open_each_commitment(redacted: Path) -> None:
    place = redacted / "openings.json"
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    rows = [PromptOpening(**each) for each in json.loads(place.read_text())["openings"]]
    assert {each.text for each in rows} == {PROMPT, SHORT}
    assert all(each.fits for each in rows)
    told = json.loads((redacted / "a/data/archive.json").read_text())["redacted"]
    assert sorted(told) == sorted(each.commitment for each in rows)


def test_records_beside_takes_are_redacted_and_those_that_cannot_be_are_left_out(
    finished: Finished, tmp_path: Path
) -> None:
    job = make_job(tmp_path / "work")
    clips = tmp_path / "work" / "clips"
    (clips / "dusk.record.json").write_text(
        json.dumps({"known": [["prompt", PROMPT, "recorded"]], "note": "kept"})
    )
    (clips / "sea.json").write_text("{" + PROMPT)  # no JSON
    told = archived(finished.home, job, tmp_path / "a", "--redact", "prompts")
    assert [path.rpartition("/")[2] for path in told["left_out"]] == ["sea.json"]
    (record,) = (tmp_path / "a/data/takes").rglob("*.record.json")
    assert json.loads(record.read_text())["note"] == "kept"
    assert PREFIX in record.read_text()
    assert not [name for name, content in held(tmp_path / "a").items() if PROMPT.encode() in content]


@pytest.mark.parametrize("size", [10 << 20])
def test_a_record_of_ten_megabytes_does_no_harm(finished: Finished, tmp_path: Path, size: int) -> None:
    job = make_job(tmp_path / "work")
    (tmp_path / "work/clips/dusk.json").write_text(json.dumps({"prompt": PROMPT + "x" * size}))
    archived(finished.home, job, tmp_path / "plain")
    assert read_bag(tmp_path / "plain").valid
    told = archived(finished.home, job, tmp_path / "a", "--redact", "prompts")
    assert len(told["left_out"]) == 1
    assert read_bag(tmp_path / "a").valid


@pytest.mark.parametrize(
    "written",
    ["# {prompt}\n" + JOB, JOB.replace("title: Small", 'title: "{prompt}!"')],
    ids=["in a comment", "in another text"],
)
def test_a_prompt_that_cannot_be_taken_out_is_refused(
    finished: Finished, tmp_path: Path, written: str
) -> None:
    job = make_job(tmp_path / "work", written.replace("{prompt}", PROMPT))
    answer = answerprint(finished.home, "archive", job, "-o", tmp_path / "a", "--redact", "prompts")
    assert answer.code == 2
    assert "job/spot.yaml" in answer.said
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize(
    "prompt",
    ["|\n        {0}\n", ">-\n        {0}\n", "'{0}'", "&p {0}", "{0} # said so"],
    ids=["block", "folded", "quoted", "anchored", "commented"],
)
def test_prompts_are_found_in_every_way_to_write_them(
    finished: Finished, tmp_path: Path, prompt: str
) -> None:
    takes = "takes:\n  dusk:\n    file: ../clips/dusk.mp4\n    generator:\n      seed: 7\n      prompt: "
    start, stop = JOB.index("takes:"), JOB.index("cut:")
    job = make_job(
        tmp_path / "work", JOB[:start] + takes + prompt.format(PROMPT).rstrip("\n") + "\n" + JOB[stop:]
    )
    archived(finished.home, job, tmp_path / "a", "--redact", "prompts")
    text = (tmp_path / "a/data/job/spot.yaml").read_text()
    assert PROMPT not in text
    assert PREFIX in text
    assert ("said so" in text) == ("said so" in prompt)
