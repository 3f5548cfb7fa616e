"""Bags are read as the standard says: valid ones read, others refused with the reason, odd ones warned of."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from post.errors import SourceError
from provenance.archive import bag_files
from provenance.archive import read_bag as reading
from provenance.archive.read_bag import read_bag
from tests.provenance.archive.bags import DECLARED, line, make_bag

SUITES = os.environ.get("ANSWERPRINT_SUITES")
SUITE = Path(SUITES) / "bagit" if SUITES else None
NAMES = sorted(str(path.relative_to(SUITE)) for path in SUITE.glob("v*/*/*")) if SUITE else []
# Why each bag of the conformance suite is refused, or what is warned of.
REFUSED = {
    "v0.97/invalid/bom-in-bagit.txt": {"bom"},
    "v0.97/invalid/corrupt-tag-file": {"tag-altered"},
    "v0.97/invalid/extra-file-in-bag": {"unlisted", "oxum"},
    "v0.97/invalid/missing-baginfo": {"tag-missing"},
    "v0.97/invalid/same-filename-listed-twice-with-different-hashes": {"twice"},
    "v0.97/linux-only/out-of-scope-file-paths-using-absolute-path-for-fetch": {"path"},
    "v0.97/linux-only/out-of-scope-file-paths-using-shortcut-username": {"path"},
    "v0.97/linux-only/out-of-scope-file-paths-using-shortcut-username-for-fetch": {"path"},
    "v0.97/windows-only/out-of-scope-file-paths-using-unc": {"path"},
    "v0.97/windows-only/out-of-scope-file-paths-using-unc-for-fetch": {"path"},
    "v1.0/invalid/same-filename-listed-twice-with-different-hashes": {"twice"},
    "v1.0/invalid/same-filename-listed-twice-with-the-same-hash": {"twice"},
}
WARNED = {
    "v0.96/valid/holey-bag": {"fetch"},
    "v0.97/valid/holey-bag": {"fetch"},
    "v0.97/warning/relative-path": {"relative-path"},
    "v0.97/warning/same-filename-listed-twice-with-different-normalization": {"normalisation", "twice"},
    "v0.97/warning/special-system-files": {"system-file"},
}


@pytest.mark.skipif(SUITE is None, reason="ANSWERPRINT_SUITES is unset")
def test_the_conformance_suite_is_all_there() -> None:
    assert set(REFUSED) | set(WARNED) <= set(NAMES)
    assert len(NAMES) == 30


@pytest.mark.parametrize("name", NAMES)
def test_every_bag_of_the_conformance_suite_is_judged_as_it_says(name: str) -> None:
    assert SUITE
    bag = read_bag(SUITE / name)
    assert {each.code for each in bag.faults} == REFUSED.get(name, set())
    if name not in REFUSED:
        assert {each.code for each in bag.warnings} == WARNED.get(name, set())
    assert bag.valid == ("/valid/" in name or "/warning/" in name)


def codes(folder: Path) -> set[str]:
    return {each.code for each in read_bag(folder).faults}


def test_a_bag_holds_what_its_manifests_list(tmp_path: Path) -> None:
    info = "Contact-Name: Ada\n  Lovelace\ncontact-name: B\nPayload-Oxum: 3.2\n"
    bag = read_bag(make_bag(tmp_path, {"data/a": b"x", "data/b/c": b"yz"}, {"bag-info.txt": info}))
    assert bag.valid
    assert set(bag.payload) == {"data/a", "data/b/c"}
    assert bag.labelled("Contact-Name") == ("Ada Lovelace", "B")


@pytest.mark.parametrize(
    "path",
    ["../out", "data/../../out", "/etc/passwd", "~/x", "C:\\x", "data\\..\\..\\x", "\\\\server\\x", "bagit.txt",
     "data/a%0D%0Ab/../../../x", "data/" + "a" * 5000, "data/\x1b[31m"],
)  # fmt: skip
def test_a_path_that_leads_out_is_never_followed(tmp_path: Path, path: str) -> None:
    (tmp_path / "out").write_bytes(b"")
    folder = make_bag(tmp_path / "bag", {}, {"manifest-sha256.txt": line(path)})
    bag = read_bag(folder)
    assert {each.code for each in bag.refused} == {"path"}
    assert not bag.payload


@pytest.mark.parametrize("name", ["data/link", "link", "manifest-md5.txt"])
def test_links_are_refused_wherever_they_lead(tmp_path: Path, name: str) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"words")
    folder = make_bag(tmp_path / "bag", {"data/a": b"x"})
    (folder / name).symlink_to(secret)
    assert codes(folder) == {"link"}


def test_a_linked_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    folder = make_bag(tmp_path / "bag", {"data/a": b"x"})
    (folder / "data" / "b").symlink_to(tmp_path / "other", target_is_directory=True)
    assert codes(folder) == {"link"}


def test_pipes_and_sockets_are_refused_and_nobody_waits_for_them(tmp_path: Path) -> None:
    folder = make_bag(tmp_path / "b", {"data/a": b"x"})
    os.mkfifo(folder / "data" / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "s"))
        assert codes(folder) == {"special-file"}


def test_a_terabyte_of_holes_is_not_read(tmp_path: Path) -> None:
    folder = make_bag(tmp_path, {"data/a": b"x"})
    with (folder / "data" / "a").open("wb") as file:
        file.truncate(1 << 40)
    assert codes(folder) == {"holes"}


def test_a_bag_of_too_many_files_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_bag(tmp_path, {f"data/{number}": b"" for number in range(9)})
    monkeypatch.setattr(bag_files, "MOST_FILES", 10)
    assert codes(folder) == {"too-many"}
    monkeypatch.setattr(bag_files, "MOST_FILES", 11)
    assert codes(folder) == set()


def test_folders_nested_without_end_are_refused(tmp_path: Path) -> None:
    folder = make_bag(tmp_path, {"data/a": b"x"})
    (folder / "data" / Path(*["d"] * 70)).mkdir(parents=True)
    assert codes(folder) == {"too-deep"}


def test_a_manifest_larger_than_any_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_bag(tmp_path, {"data/a": b"x"})
    monkeypatch.setattr(reading, "MOST_MANIFEST_BYTES", 10)
    assert codes(folder) == {"too-large"}


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("bagit.txt", "", "declaration"),
        ("bagit.txt", DECLARED + "More: 1\n", "declaration"),
        ("bagit.txt", DECLARED.replace("1.0", "9.0"), "version"),
        ("bagit.txt", DECLARED.replace("UTF-8", "zlib"), "encoding"),
        ("bagit.txt", DECLARED.replace("UTF-8", "unicode_escape"), "encoding"),
        ("bagit.txt", DECLARED.replace("UTF-8", "ASCII"), "encoding"),
        ("bag-info.txt", "no label\n", "malformed"),
        ("bag-info.txt", "Payload-Oxum: many\n", "oxum"),
        ("bag-info.txt", "Payload-Oxum: 1.2\n", "oxum"),
        ("manifest-sha256.txt", "12  data/\u00e4\n", "malformed"),
        ("manifest-sha512.txt", "", "manifests"),
        ("fetch.txt", "http://x\n", "malformed"),
        ("fetch.txt", "http://x - data/none\n", "fetch"),
    ],
)  # fmt: skip
def test_each_wrong_tag_file_is_named(tmp_path: Path, name: str, text: str, code: str) -> None:
    folder = make_bag(tmp_path, {"data/\u00e4": b"x"}, {name: text})
    assert code in codes(folder)


def test_a_file_that_is_to_be_downloaded_is_missing(tmp_path: Path) -> None:
    tags = {"manifest-sha256.txt": line("data/a"), "fetch.txt": "http://127.0.0.1:1/a 1 data/a\n"}
    (found,) = read_bag(make_bag(tmp_path, {}, tags)).faults
    assert (found.code, found.path) == ("missing", "data/a")
    assert "nothing is downloaded" in found.why


def test_ends_of_lines_in_names_are_escaped(tmp_path: Path) -> None:
    name = "data/100%25 a%0Ab"
    folder = make_bag(tmp_path, {}, {"manifest-sha256.txt": line(name, b"x")})
    (folder / "data" / "100% a\nb").write_bytes(b"x")
    bag = read_bag(folder)
    assert {each.code for each in bag.refused} == {"path"}  # a control character is nobody's name
    (folder / "data" / "100% a\nb").unlink()
    (folder / "data" / "100% a").write_bytes(b"x")
    (folder / "manifest-sha256.txt").write_text(line("data/100%25 a", b"x"))
    assert read_bag(folder).valid


def test_names_that_differ_in_case_alone_are_warned_of(tmp_path: Path) -> None:
    bag = read_bag(make_bag(tmp_path, {"data/A": b"x", "data/a": b"y"}))
    assert bag.valid
    assert {each.code for each in bag.warnings} == {"collision"}


def test_an_altered_file_is_a_fault_and_the_bag_can_still_be_read(tmp_path: Path) -> None:
    folder = make_bag(tmp_path, {"data/a": b"x", "data/b": b"y"})
    (folder / "data" / "a").write_bytes(b"z")
    bag = read_bag(folder)
    assert [(each.code, each.path) for each in bag.faults] == [("altered", "data/a")]
    assert not bag.refused


def test_a_folder_that_is_not_there_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="none"):
        read_bag(tmp_path / "none")
