"""Files are written whole or not at all; those that must survive a power cut are synced first."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

import pytest

from post.atomic import PRIVATE, checksum, open_regular, replacing, write_whole
from post.errors import OutputError
from provenance.durable.registry import open_registry
from tests.made.disk import Disk, hidden
from tests.made.stores import open_store

KEY = "ab" * 32


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


def test_a_lasting_file_is_synced_before_its_renaming_and_its_folder_after(
    tmp_path: Path, disk: Disk
) -> None:
    write_whole(tmp_path / "kept", "text", lasting=True)
    assert hidden(disk) == [("sync", "hidden"), ("rename", "kept"), ("sync", tmp_path.name)]


def test_a_file_that_need_not_last_is_not_synced(tmp_path: Path, disk: Disk) -> None:
    write_whole(tmp_path / "kept", "text")
    assert hidden(disk) == [("rename", "kept")]


def test_a_result_of_the_store_is_synced_before_its_seal(tmp_path: Path, disk: Disk) -> None:
    with open_store(tmp_path, "me").put(KEY) as path:
        path.write_text("result")
    part = path.name
    assert hidden(disk) == [
        ("sync", part), ("rename", KEY), ("sync", "hidden"), ("rename", f"{KEY}.seal"), ("sync", KEY[:2]),
    ]  # fmt: skip


def test_a_new_registry_is_synced_with_the_folder_it_is_in(tmp_path: Path, disk: Disk) -> None:
    folder = tmp_path / "registry"
    with open_registry(folder):
        assert disk.steps == [("sync", "registry")]
    with open_registry(folder):
        assert disk.steps == [("sync", "registry")]


@pytest.mark.parametrize("content", ["täxt\n", b"\0\xff"])
def test_a_written_file_is_there_and_no_other_file(tmp_path: Path, content: str | bytes) -> None:
    path = write_whole(tmp_path / "new" / "file", content)
    assert path.read_bytes() == (content.encode() if isinstance(content, str) else content)
    assert [each.name for each in path.parent.iterdir()] == ["file"]


def test_a_write_that_fails_keeps_the_old_file(tmp_path: Path) -> None:
    path = write_whole(tmp_path / "file", "before")
    with pytest.raises(KeyError), replacing(path) as out:
        out.write(b"half")
        raise KeyError
    assert path.read_text() == "before"
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_a_private_file_is_never_readable_by_others(tmp_path: Path) -> None:
    with replacing(tmp_path / "key", mode=PRIVATE) as out:
        assert stat.S_IMODE(Path(out.name).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_an_existing_file_is_kept_where_the_first_writer_wins(tmp_path: Path) -> None:
    with replacing(tmp_path / "key", over=False) as out:
        out.write(b"first")
    with pytest.raises(FileExistsError), replacing(tmp_path / "key", over=False) as out:
        out.write(b"second")
    with pytest.raises(OutputError, match="there is a file already"):
        write_whole(tmp_path / "key", "third", over=False)
    assert (tmp_path / "key").read_bytes() == b"first"
    assert [each.name for each in tmp_path.iterdir()] == ["key"]


def test_a_folder_in_the_way_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "file").mkdir()
    with pytest.raises(OutputError, match="cannot be written to"):
        write_whole(tmp_path / "file", "text")
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_a_checksum_is_sha256_and_the_size(tmp_path: Path) -> None:
    path = write_whole(tmp_path / "file", b"\0" * 70_000)
    assert checksum(path) == (hashlib.sha256(bytes(70_000)).hexdigest(), 70_000)


def test_an_open_file_is_named_by_its_path(tmp_path: Path) -> None:
    path = write_whole(tmp_path / "file", "text")
    with open_regular(path) as file:
        assert (file.name, file.read()) == (str(path), b"text")
