from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from post.atomic import writing
from post.engine import Store
from post.errors import OutputError, RetryError

KEY = "ab" * 32


def put(store: Store, text: str) -> None:
    with store.put(KEY) as path:
        path.write_text(text)


def read(store: Store) -> str | None:
    path = store.get(KEY)
    return path.read_text() if path else None


def test_a_stored_result_is_found(tmp_path: Path) -> None:
    put(Store(tmp_path), "whole")
    assert read(Store(tmp_path)) == "whole"


def test_a_write_that_fails_leaves_no_trace(tmp_path: Path) -> None:
    with pytest.raises(KeyError), Store(tmp_path).put(KEY) as path:
        path.write_text("half")
        raise KeyError
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_unfinished_results_of_a_killed_run_are_removed_a_day_later(tmp_path: Path) -> None:
    put(Store(tmp_path), "whole")
    old, new = (tmp_path / "ab" / f"{name}.part" for name in ("old", "new"))
    for part in (old, new):
        part.write_text("half")
    os.utime(old, (0, 0))
    Store(tmp_path).sweep()
    assert not old.exists()
    assert new.exists()
    assert read(Store(tmp_path)) == "whole"


@pytest.mark.parametrize("damage", ["flip", "cut", "no seal", "bad seal"])
def test_a_damaged_entry_counts_as_missing_and_can_be_made_again(tmp_path: Path, damage: str) -> None:
    put(Store(tmp_path), "whole")
    path = Store(tmp_path).path(KEY)
    seal = path.with_name(path.name + ".seal")
    harm: dict[str, Callable[[], object]] = {
        "flip": lambda: path.write_text("whomp"),
        "cut": lambda: path.write_text("who"),
        "no seal": seal.unlink,
        "bad seal": lambda: seal.write_text("{"),
    }
    harm[damage]()
    assert read(Store(tmp_path)) is None
    put(Store(tmp_path), "whole")
    assert read(Store(tmp_path)) == "whole"


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
        Store(tmp_path / "file" / "store")
