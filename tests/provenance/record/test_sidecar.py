"""Records that lie beside clips, and JSON that somebody made to be read."""

from __future__ import annotations

import json
import os
from io import FileIO
from pathlib import Path
from typing import Any

import pytest

from post.errors import JobError, OutputError, SourceError
from provenance.record import JSON_SCHEMA, SCHEMA, find_beside, read_record, record, to_json, write_sidecar
from provenance.record.strict_json import MAX_BYTES, read_bytes
from tests.provenance.record import answers


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "shot.mp4"
    path.write_bytes(b"a film")
    return path


def written(clip: Path, data: Any) -> Path:
    path = clip.with_suffix(".json")
    path.write_text(json.dumps(data))
    return path


def test_a_record_comes_back_from_its_sidecar_as_it_was(clip: Path) -> None:
    made = record(answers.RUNWAY_ASKED, answers.RUNWAY_TOLD, clip, maker={"operator": "M. Wéber שלום"})
    path = write_sidecar(made, clip)
    assert path.name == "shot.record.json"
    assert read_record(path, clip) == made
    assert [each.name for each in sorted(clip.parent.iterdir())] == ["shot.mp4", "shot.record.json"]


def test_a_sidecar_is_as_its_schema_says(clip: Path) -> None:
    told = to_json(record(answers.VEO_ASKED, answers.VEO_TOLD, clip))
    assert set(JSON_SCHEMA["required"]) <= set(told) == set(JSON_SCHEMA["properties"])
    assert told["schema"] == SCHEMA == JSON_SCHEMA["properties"]["schema"]["const"]
    row = JSON_SCHEMA["properties"]["known"]["items"]["properties"]
    assert all(set(each) == set(row) and each["how"] in row["how"]["enum"] for each in told["known"])


def test_what_lies_beside_a_clip_is_found_a_sidecar_first(clip: Path) -> None:
    assert find_beside(clip) is None
    response = written(clip, answers.RUNWAY_TOLD)
    assert find_beside(clip) == response
    assert (
        find_beside(clip) != write_sidecar(record(None, answers.RUNWAY_TOLD, clip), clip) == find_beside(clip)
    )


def test_a_pair_of_request_and_response_is_recorded_and_lumas_echo_is_no_pair(clip: Path) -> None:
    both = written(clip, {"request": answers.RUNWAY_ASKED, "response": answers.RUNWAY_TOLD})
    assert read_record(both, clip).of("seed") == "4294967295"
    echo = read_record(written(clip, answers.LUMA_TOLD), clip)
    assert {row.how for row in echo.known} == {"provider-asserted"}


def test_a_sidecar_of_another_clip_is_refused(clip: Path) -> None:
    path = write_sidecar(record(None, answers.RUNWAY_TOLD, clip), clip)
    clip.write_bytes(b"another film")
    with pytest.raises(JobError, match="another clip"):
        read_record(path, clip)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"schema": "Record.2"}, "another version"),
        ({"schema": {"a": 1}}, "another version"),
        ({"known": "x"}, "no record"),
        ({"known": None}, "no record"),
        ({"known": [{}] * 300}, "no record"),
        ({"known": [3]}, "no field"),
        ({"known": [{"field": "seed", "value": 3, "how": "recorded"}]}, "no field"),
        ({"known": [{"field": "seed", "value": "3", "how": "signature-verified"}]}, "no field"),
        ({"known": [{"field": "seed", "value": "3", "how": ["recorded"]}]}, "no field"),
        ({"other": [1]}, "no record"),
        ({"sha256": 7}, "another clip"),
    ],
)
def test_a_sidecar_that_is_none_is_refused_by_what_is_wrong(
    change: dict[str, Any], fault: str, clip: Path
) -> None:
    data = to_json(record(None, answers.RUNWAY_TOLD, clip)) | change
    with pytest.raises(JobError, match=fault) as caught:
        read_record(written(clip, data), clip)
    assert "shot.json" in str(caught.value)


# What is refused before it is parsed: parsing it would take the stack, or the memory.
UNPARSED = ("not UTF-8", "levels", "more than 8 MB")


@pytest.mark.parametrize(
    ("data", "got"),
    [
        (b"\xff\xfe{}", "not UTF-8"),
        (b'{"a": 1, "a": 2}', "a key twice"),
        (b'{"seed": NaN}', "NaN"),
        (b"[" * 100_000, "levels"),
        (b'{"a":' * 65 + b"1" + b"}" * 65, "levels"),
        (b'{"a": 1', "delimiter"),
        (b"", "Expecting value"),
        (b'{"seed": ' + b"9" * 5000 + b"}", "digit"),
        (b" " * (MAX_BYTES + 1), "more than 8 MB"),
    ],
)
def test_what_is_no_json_of_ours_is_refused_at_once(
    data: bytes, got: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[str] = []

    def parse(text: str, **options: Any) -> Any:
        parsed.append(text)
        return loads(text, **options)

    loads = json.loads
    monkeypatch.setattr(json, "loads", parse)
    with pytest.raises(JobError, match="no record can be read") as caught:
        read_bytes(data, "here")
    assert got in str(caught.value)
    assert len(parsed) == (got not in UNPARSED)


def test_brackets_in_text_are_no_depth() -> None:
    assert read_bytes(json.dumps({"prompt": "[" * 1000 + '\\"{'}).encode(), "here") is not None


def test_fifty_megabytes_are_not_read(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = clip.with_suffix(".json")
    with path.open("wb") as out:
        out.truncate(50 << 20)
    read: list[int] = []

    class CountedFile(FileIO):
        def read(self, size: int | None = -1, /) -> Any:
            data = super().read(-1 if size is None else size)
            read.append(len(data or b""))
            return data

    monkeypatch.setattr("provenance.record.strict_json.open_regular", CountedFile)
    with pytest.raises(JobError, match="more than 8 MB"):
        read_record(path, clip)
    assert sum(read) == MAX_BYTES + 1


def test_control_characters_and_half_letters_are_left_out(clip: Path) -> None:
    data = {
        "request": {**answers.RUNWAY_ASKED, "promptText": "a\x00\x1b[2Jb\ud800\r\n‏c"},
        "response": answers.RUNWAY_TOLD,
    }
    made = read_record(written(clip, data), clip)
    assert made.of("prompt") == "a[2Jb?\n‏c"
    write_sidecar(made, clip)


def test_what_cannot_be_read_or_written_is_said(clip: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        read_record(clip.with_name("gone.json"), clip)
    with pytest.raises(OutputError, match="cannot be written"):
        write_sidecar(record(None, answers.RUNWAY_TOLD, clip), clip.with_name("gone") / "shot.mp4")


def test_a_pipe_is_no_record_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "shot.json")
    with pytest.raises(SourceError, match="the record cannot be read; got a device or a pipe"):
        read_record(tmp_path / "shot.json", tmp_path / "shot.mp4")
