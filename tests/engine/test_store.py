from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree

import pytest

from post.atomic import checksum
from post.engine import Store
from post.errors import OutputError, RetryError
from post.os_faults import writing
from tests.made.stores import open_store

KEY = "ab" * 32


def put(store: Store, text: str) -> None:
    with store.put(KEY) as path:
        path.write_text(text)


def read(store: Store) -> str | None:
    path = store.get(KEY)
    return path.read_text() if path else None


def test_a_stored_result_is_found(tmp_path: Path) -> None:
    put(open_store(tmp_path), "whole")
    assert read(open_store(tmp_path)) == "whole"


def test_a_write_that_fails_leaves_no_trace(tmp_path: Path) -> None:
    with pytest.raises(KeyError), open_store(tmp_path).put(KEY) as path:
        path.write_text("half")
        raise KeyError
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (OSError(errno.EACCES, "Permission denied", "/takes/dog.mp4"), (PermissionError, "/takes/dog.mp4")),
        (OSError(errno.EIO, "Input/output error"), (OSError, "Input/output error")),
        (OSError(errno.ENOSPC, "No space left on device"), (RetryError, "the disk is full; free some space")),
    ],
)
def test_a_fault_of_the_work_is_not_told_as_one_of_the_store(
    tmp_path: Path, fault: OSError, expected: tuple[type[Exception], str]
) -> None:
    """Only a full disk is: nothing that is read ends in it."""
    with pytest.raises(expected[0], match=expected[1]), open_store(tmp_path).put(KEY):
        raise fault


def test_a_result_that_cannot_be_written_is_told_as_the_stores(tmp_path: Path) -> None:
    told = f"{KEY}: cannot be written to"
    with pytest.raises(OutputError, match=told) as found, open_store(tmp_path).put(KEY) as path:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))
    assert ".part" not in str(found.value)


def test_unfinished_results_of_a_killed_run_are_removed_a_day_later(tmp_path: Path) -> None:
    put(open_store(tmp_path), "whole")
    old, new = (tmp_path / "ab" / f"{KEY}.{name}.{'0' * 32}.part" for name in ("01d", "2e3"))
    for part in (old, new):
        part.write_text("half")
    foreign = tmp_path / "ab" / "holiday.part1.part"
    foreign.touch()
    for part in (old, foreign):
        os.utime(part, (0, 0))
    open_store(tmp_path).sweep()
    assert not old.exists()
    assert new.exists()
    assert foreign.exists()
    assert read(open_store(tmp_path)) == "whole"


@pytest.mark.parametrize("damage", ["flip", "cut", "no seal", "bad seal"])
def test_a_damaged_entry_counts_as_missing_and_can_be_made_again(tmp_path: Path, damage: str) -> None:
    put(open_store(tmp_path), "whole")
    path = open_store(tmp_path).path(KEY)
    seal = path.with_name(path.name + ".seal")
    harm: dict[str, Callable[[], object]] = {
        "flip": lambda: path.write_text("whomp"),
        "cut": lambda: path.write_text("who"),
        "no seal": seal.unlink,
        "bad seal": lambda: seal.write_text("{"),
    }
    harm[damage]()
    assert read(open_store(tmp_path)) is None
    put(open_store(tmp_path), "whole")
    assert read(open_store(tmp_path)) == "whole"


@pytest.mark.parametrize(
    ("number", "kind", "message"),
    [
        (errno.ENOSPC, RetryError, "the disk is full; free some space and run again"),
        (errno.EROFS, OutputError, "cannot be written to; expected a folder that this user may write to"),
    ],
)
def test_a_failed_write_says_its_cause(number: int, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message), writing(Path("/out")):
        raise OSError(number, os.strerror(number))


def test_a_store_at_the_path_of_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot be written to"):
        open_store(tmp_path / "file" / "store")


def plant(place: Path, what: str) -> None:
    """Puts something that is no regular file where one is expected."""
    place.unlink()
    if what == "pipe":
        os.mkfifo(place)
    elif what == "folder":
        place.mkdir()
        (place / "inside").touch()
    elif what == "loop":
        place.symlink_to(place.name)
    else:
        place.symlink_to("/etc/hostname")


@pytest.mark.parametrize("what", ["pipe", "folder", "loop", "link"])
@pytest.mark.parametrize("of", ["result", "seal"])
def test_what_is_no_file_is_not_there_and_holds_nobody_up(tmp_path: Path, of: str, what: str) -> None:
    put(open_store(tmp_path), "whole")
    path = open_store(tmp_path).path(KEY)
    plant(path if of == "result" else path.with_name(path.name + ".seal"), what)
    assert read(open_store(tmp_path)) is None
    put(open_store(tmp_path), "whole")
    assert read(open_store(tmp_path)) == "whole"


def test_an_entry_without_a_seal_of_this_key_is_not_there(tmp_path: Path) -> None:
    put(Store(tmp_path, b"the secret of another"), "forged")
    assert read(open_store(tmp_path)) is None


def test_a_seal_that_anybody_can_compute_is_none(tmp_path: Path) -> None:
    put(open_store(tmp_path), "whole")
    path = open_store(tmp_path).path(KEY)
    path.write_text("forged")
    seal = json.loads(path.with_name(path.name + ".seal").read_text())
    seal |= checksum(path)._asdict()
    path.with_name(path.name + ".seal").write_text(json.dumps(seal))
    assert read(open_store(tmp_path)) is None


def test_an_entry_is_believed_under_its_own_key_alone(tmp_path: Path) -> None:
    other = "cd" * 32
    put(open_store(tmp_path), "whole")
    from_path, to = (open_store(tmp_path).path(key) for key in (KEY, other))
    to.parent.mkdir()
    for end in ("", ".seal"):
        to.with_name(other + end).write_bytes(from_path.with_name(KEY + end).read_bytes())
    assert open_store(tmp_path).get(other) is None


def test_what_is_opened_is_what_was_verified(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    put(store, "whole")
    with store.open(KEY) as file:
        (tmp_path / "other").write_text("other")
        (tmp_path / "other").replace(store.path(KEY))
        assert file.read() == b"whole"
    with pytest.raises(RetryError, match="was lost while it was in use"):
        store.open(KEY)


def test_a_store_that_is_deleted_meanwhile_is_made_again(tmp_path: Path) -> None:
    store = open_store(tmp_path / "store")
    put(store, "whole")
    rmtree(tmp_path / "store")
    assert read(store) is None
    with pytest.raises(RetryError):
        store.open(KEY)
    put(store, "again")
    assert read(store) == "again"


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_a_store_that_may_only_be_read_serves_what_it_has(tmp_path: Path) -> None:
    put(open_store(tmp_path), "whole")
    left = tmp_path / "ab" / f"{KEY}.0.{'0' * 32}.part"
    left.touch()
    os.utime(left, (0, 0))
    with as_a_stranger(tmp_path):
        store = open_store(tmp_path)
        store.sweep()
        assert read(store) == "whole"
        with pytest.raises(OutputError, match="cannot be written to"):
            put(store, "other")


@contextmanager
def as_a_stranger(folder: Path) -> Iterator[None]:
    """The block runs as a user who may read the folder and not write to it."""
    shut = [path for path in folder.parents if not path.stat().st_mode & 0o001]
    for path in (*shut, *folder.rglob("*")):
        path.chmod(path.stat().st_mode | 0o055)
    for place in (folder, *(each for each in folder.iterdir() if each.is_dir())):
        place.chmod(0o555)
    was = os.geteuid()
    if was == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(was)
        for place in (folder, *(each for each in folder.iterdir() if each.is_dir())):
            place.chmod(0o755)


def test_an_entry_that_another_process_is_just_writing_is_left_to_it(tmp_path: Path) -> None:
    """Between a result and its seal there is an fsync."""
    store = open_store(tmp_path)
    with store.put(KEY) as path:
        path.write_text("whole")
    seal = store.path(KEY).with_name(KEY + ".seal")
    text = seal.read_bytes()
    seal.unlink()
    assert open_store(tmp_path).get(KEY) is None
    seal.write_bytes(text)
    assert read(open_store(tmp_path)) == "whole"
