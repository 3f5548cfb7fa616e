"""Bags are written whole or not at all, the same bytes for the same files, and read as valid."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path
from shutil import which

import pytest
from hypothesis import given
from hypothesis import strategies as st

from post.errors import OutputError, SourceError
from provenance.archive.bag_path import decode_path, encode_path
from provenance.archive.read_bag import read_bag
from provenance.archive.write_bag import BagFile, refuse_paths, write_bag, write_tag_file

INFO = [("Bag-Software-Agent", "Test"), ("External-Description", "two\nlines: 1")]


def written(folder: Path, share: Path | None = None, **files: bytes | Path) -> Path:
    rows = [BagFile(f"data/{name}", content) for name, content in files.items()]
    write_bag(folder, [*rows, BagFile("own.json", b"{}")], INFO, share)
    return folder


def test_what_is_written_is_read_as_valid(tmp_path: Path) -> None:
    bag = read_bag(written(tmp_path / "a", x=b"1", y=b"22"))
    assert bag.valid
    assert bag.warnings == ()
    assert bag.version == (1, 0)
    assert set(bag.payload) == {"data/x", "data/y"}
    assert set(bag.tags) == {
        "bagit.txt",
        "bag-info.txt",
        "own.json",
        "manifest-sha256.txt",
        "manifest-sha512.txt",
    }
    assert bag.labelled("payload-oxum") == ("3.2",)
    assert bag.labelled("external-description") == ("two lines: 1",)


@pytest.mark.skipif(which("sha256sum") is None, reason="no sha256sum")
def test_the_tool_of_every_system_agrees_with_the_manifests(tmp_path: Path) -> None:
    folder = written(tmp_path / "a", x=b"1")
    for name in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        subprocess.run(
            ["sha256sum", "--check", "--strict", name], cwd=folder, check=True, capture_output=True
        )


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    a, b = written(tmp_path / "a", x=b"1", y=b"2"), written(tmp_path / "b", y=b"2", x=b"1")
    assert {p.name: p.read_bytes() for p in a.iterdir() if p.is_file()} == {
        p.name: p.read_bytes() for p in b.iterdir() if p.is_file()
    }


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    written(tmp_path / "a", x=b"1")  # an empty folder is no loss
    with pytest.raises(OutputError, match="already"):
        written(tmp_path / "a", x=b"2")
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="already"):
        written(tmp_path / "file", x=b"2")


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    source = tmp_path / "take"
    source.write_bytes(b"now")
    rows = [BagFile("data/a", b"1"), BagFile("data/take", source, "0" * 64)]
    with pytest.raises(SourceError, match="changed while"):
        write_bag(tmp_path / "bag", rows, INFO)
    assert [path.name for path in tmp_path.iterdir()] == ["take"]


@pytest.mark.parametrize("path", ["data/../x", "/x", "data/./x", "data//x", "~x", "data/a\nb"])
def test_no_path_that_could_lead_out_is_written(tmp_path: Path, path: str) -> None:
    with pytest.raises(OutputError):
        write_bag(tmp_path / "bag", [BagFile(path, b"")], INFO)
    assert not (tmp_path / "bag").exists()


def test_two_names_that_one_file_system_takes_for_one_are_refused() -> None:
    with pytest.raises(OutputError, match="same as"):
        refuse_paths(["data/Ab", "data/aB"])


def test_a_shared_folder_keeps_each_content_once(tmp_path: Path) -> None:
    source, share = tmp_path / "take", tmp_path / "share"
    source.write_bytes(b"frames")
    sha256 = hashlib.sha256(b"frames").hexdigest()
    for name in ("a", "b"):
        write_bag(tmp_path / name, [BagFile("data/take", source, sha256)], INFO, share)
        assert read_bag(tmp_path / name).valid
    kept = share / sha256[:2] / sha256
    assert kept.stat().st_nlink == 3
    assert (tmp_path / "a/data/take").samefile(tmp_path / "b/data/take")
    assert not (tmp_path / "a/data/take").samefile(source)


def test_a_shared_content_that_was_altered_goes_into_no_archive(tmp_path: Path) -> None:
    source, share = tmp_path / "take", tmp_path / "share"
    source.write_bytes(b"frames")
    sha256 = hashlib.sha256(b"frames").hexdigest()
    (share / sha256[:2]).mkdir(parents=True)
    (share / sha256[:2] / sha256).write_bytes(b"other")
    with pytest.raises(SourceError):
        write_bag(tmp_path / "a", [BagFile("data/take", source, sha256)], INFO, share)
    assert not (tmp_path / "a").exists()


def test_a_tag_file_can_be_replaced_and_the_bag_stays_valid(tmp_path: Path) -> None:
    folder = written(tmp_path / "a", x=b"1")
    write_tag_file(folder, "own.json", b'{"now": 1}', read_bag(folder).tags)
    assert read_bag(folder).valid
    assert (folder / "own.json").read_bytes() == b'{"now": 1}'
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        ["bag-info.txt", "bagit.txt", "data", "manifest-sha256.txt", "manifest-sha512.txt", "own.json",
         "tagmanifest-sha256.txt", "tagmanifest-sha512.txt"]
    )  # fmt: skip


@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40))
def test_a_path_is_read_as_it_was_written(path: str) -> None:
    written_as = encode_path(path)
    assert "\n" not in written_as
    assert "\r" not in written_as
    assert decode_path(written_as, (1, 0)) == path
