"""Copies of sources: by content, immutable, shared by runs, swept."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from post.atomic import checksum
from post.engine import ContentStore
from post.engine.content_store import refuse_changed
from post.engine.file_state import refuse_touched
from post.errors import OutputError, SourceError


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "dog.mp4"
    path.write_bytes(os.urandom(3 << 20) + b"tail")
    return path


@pytest.fixture
def content(tmp_path: Path) -> ContentStore:
    return ContentStore(tmp_path / "content")


def test_a_copy_has_the_files_bytes_and_its_name(content: ContentStore, source: Path) -> None:
    held = content.hold(source)
    assert held.here != source
    assert held.name == held.here.name == "dog.mp4"
    assert held.here.read_bytes() == source.read_bytes()
    assert held.sha256 == checksum(source).sha256


@pytest.mark.parametrize("how", ["rename", "rewrite", "remove"])
def test_whatever_happens_to_the_file_its_copy_stays(
    content: ContentStore, source: Path, tmp_path: Path, how: str
) -> None:
    before, held = source.read_bytes(), content.hold(source)
    if how == "rename":
        (tmp_path / "other").write_bytes(b"another clip")
        (tmp_path / "other").rename(source)
    elif how == "rewrite":
        with source.open("rb+") as file:
            file.write(b"XXXX")
    else:
        source.unlink()
    assert held.here.read_bytes() == before
    refuse_changed({held.sha256: held.here})


def test_a_file_of_other_content_is_another_copy(content: ContentStore, source: Path) -> None:
    first = content.hold(source)
    source.write_bytes(b"another clip")
    second = content.hold(source)
    assert first.sha256 != second.sha256
    assert second.here.read_bytes() == b"another clip"


def test_nobody_can_write_to_a_copy_by_accident(content: ContentStore, source: Path) -> None:
    held = content.hold(source)
    assert stat.S_IMODE(held.here.stat().st_mode) == 0o400
    assert stat.S_IMODE(content.root.stat().st_mode) == 0o700


def test_one_content_by_two_names_leaves_the_first_copy_as_it_was(
    content: ContentStore, source: Path
) -> None:
    first = content.hold(source)
    states = content.states([first.here])
    source.rename(source.with_name("cat.mp4"))
    second = content.hold(source.with_name("cat.mp4"))
    assert (second.name, second.here.name) == ("cat.mp4", "cat.mp4")
    assert second.here.read_bytes() == first.here.read_bytes()
    refuse_touched(states)
    assert len(content.states([first.here])) == 2


def test_two_runs_that_copy_one_companion_use_the_same(tmp_path: Path, source: Path) -> None:
    sidecar = source.with_suffix(".c2pa")
    sidecar.write_bytes(b"credentials")
    one, other = ContentStore(tmp_path / "content"), ContentStore(tmp_path / "content")
    held = one.hold(source, sidecar)
    beside = other.hold(sidecar)
    other._copy_beside(
        beside.here, held.here.with_name(sidecar.name), beside.sha256
    )  # as if it was not there
    refuse_touched(one.states([held.here]))
    assert len(one.states([held.here])) == 2


def test_two_runs_that_make_one_copy_use_the_same(tmp_path: Path, source: Path) -> None:
    one, other = ContentStore(tmp_path / "content"), ContentStore(tmp_path / "content")
    held = one.hold(source)
    with source.open("rb") as file:
        assert other._copied(file, source.name, None) == held.sha256  # as if it had not seen it
    assert other.hold(source).here == held.here
    refuse_touched(one.states([held.here]))


def test_a_companion_lies_beside_its_copy_and_beside_no_other(content: ContentStore, source: Path) -> None:
    """A take's credentials in a sidecar are its own: the same clip without them stays without."""
    sidecar = source.with_suffix(".c2pa")
    alone = content.hold(source, sidecar)
    sidecar.write_bytes(b"one")
    first = content.hold(source, sidecar)
    sidecar.write_bytes(b"two")
    second = content.hold(source, sidecar)
    assert [each.here.with_suffix(".c2pa").exists() for each in (alone, first, second)] == [False, True, True]
    assert first.here.with_suffix(".c2pa").read_bytes() == b"one"
    assert second.here.with_suffix(".c2pa").read_bytes() == b"two"
    assert {each.here.read_bytes() for each in (alone, first, second)} == {source.read_bytes()}
    assert content.hold(source, sidecar).here == second.here


def test_a_copy_that_was_tampered_with_is_made_again(content: ContentStore, source: Path) -> None:
    first = content.hold(source)
    first.here.chmod(0o600)
    first.here.write_bytes(b"tampered")
    with pytest.raises(SourceError, match=r"dog.mp4: was changed while the film was made; expected sha256"):
        refuse_changed({first.sha256: first.here})
    again = content.hold(source)
    assert again.here.read_bytes() == source.read_bytes()


def test_a_link_planted_for_a_copy_is_not_followed(content: ContentStore, source: Path) -> None:
    held = content.hold(source)
    held.here.unlink()
    held.here.symlink_to(source)
    assert not content.hold(source).here.is_symlink()


def test_what_is_no_file_is_refused_at_once(content: ContentStore, tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    os.mkfifo(tmp_path / "pipe.mp4")
    (tmp_path / "loop.mp4").symlink_to("loop.mp4")
    for name, got in {
        "empty.mp4": "0 bytes", "pipe.mp4": "a device or a pipe", "loop.mp4": "Too many levels",
        "gone.mp4": "No such file", ".": "a folder", "long" * 99: "name too long",
    }.items():  # fmt: skip
        with pytest.raises(SourceError, match=rf"(cannot be read|is empty); .*{got}"):
            content.hold(tmp_path / name)
    with pytest.raises(SourceError, match="null"):
        content.hold(tmp_path / "nul\0.mp4")
    assert list(content.root.iterdir()) == []


def test_a_run_that_failed_leaves_no_half_of_a_copy(
    content: ContentStore, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("post.engine.content_store._copy", full)
    with pytest.raises(Exception, match="the disk is full"):
        content.hold(source)
    assert list(content.root.iterdir()) == []


def test_copies_that_nobody_asked_for_lately_are_swept(content: ContentStore, source: Path) -> None:
    old = content.hold(source)
    source.write_bytes(b"new")
    new = content.hold(source)
    os.utime(old.here.parent, (0, 0))
    content.sweep()
    assert not old.here.exists()
    assert new.here.exists()


def test_nothing_but_copies_is_swept(content: ContentStore, source: Path, tmp_path: Path) -> None:
    """Whatever folder a user named as the store."""
    others = tmp_path / "others"
    for folder in (content.root / "footage" / "day1", content.root / "ab" / "day1", others / ("0" * 64)):
        folder.mkdir(parents=True)
        os.utime(folder, (0, 0))
    (content.root / "cd").symlink_to(others)
    (content.root / "film.part").touch()
    os.utime(content.root / "film.part", (0, 0))
    content.sweep()
    left = {str(path.relative_to(content.root)) for path in content.root.rglob("*")}
    assert {"footage/day1", "ab/day1", "film.part"} <= left
    assert (others / ("0" * 64)).exists()


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_a_folder_that_others_can_write_to_is_refused(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir(mode=0o777)
    (tmp_path / "open").chmod(0o777)
    (tmp_path / "link").symlink_to("open")
    for name in ("open", "link"):
        with pytest.raises(OutputError, match="others can write to the copies of sources"):
            ContentStore(tmp_path / name)


def test_a_file_system_without_links_gets_copies(
    content: ContentStore, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(Path, "hardlink_to", none)
    source.with_suffix(".c2pa").write_bytes(b"one")
    held = content.hold(source, source.with_suffix(".c2pa"))
    assert held.here.with_suffix(".c2pa").read_bytes() == b"one"


def test_a_place_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot be written to"):
        ContentStore(tmp_path / "file" / "content")
