"""What the journal remembers, whatever cuts it off."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from post.errors import RetryError
from post.watch.journal import FILE, FOLDER, Journal, KnownFile, WatchedItem, open_journal
from tests.made.disk import Disk

DOG = WatchedItem("a" * 64, "done", "dog", "dog.mp4", tries=2)
COPY = KnownFile("copy.mp4", "state", "a" * 64, 7)


def read_again(out: Path) -> Journal:
    with open_journal(out) as journal:
        return journal


def test_what_is_kept_is_known_at_the_next_start(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        journal.keep(WatchedItem("a" * 64, "begun", "dog", "dog.mp4"))
        journal.keep(DOG)
        journal.keep_file(COPY)
        journal.keep_file(KnownFile("gone.mp4", "state", "b" * 64))
        journal.forget_file("gone.mp4")
    again = read_again(tmp_path)
    assert (again.items, again.names) == ({"a" * 64: DOG}, {"dog"})
    assert COPY in again.files.values()


def test_each_row_is_on_the_disk_before_the_work_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_journal(tmp_path) as journal:
        disk = Disk(monkeypatch)
        journal.keep(DOG)
        assert disk.steps == [("sync", FILE)]


def test_a_journal_that_is_cut_off_anywhere_says_what_was_whole(tmp_path: Path) -> None:
    rows = [WatchedItem(str(n) * 64, "done", f"clip-{n}", f"clip-{n}.mp4") for n in range(4)]
    path = tmp_path / FOLDER / FILE
    with open_journal(tmp_path) as journal:
        for row in rows:
            journal.keep(row)
    whole = path.read_bytes()
    for cut in (*range(0, len(whole), 23), len(whole) - 1, whole.index(b"\n") + 1):
        path.write_bytes(whole[:cut])
        lines = whole[:cut].count(b"\n")
        assert [*read_again(tmp_path).items.values()] == rows[: max(lines - 1, 0)]
        assert path.read_bytes().count(b"\n") == max(lines, 1)


def test_a_line_that_somebody_wrote_into_it_is_named_and_passed_over(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        journal.keep(DOG)
    path = tmp_path / FOLDER / FILE
    for line in ("nonsense", "[1]", '{"row": "item"}', '{"row": "item", "state": "odd"}', "[" * 9000):
        path.write_text(f"{line}\n" + path.read_text())
        with pytest.warns(UserWarning, match="journal.jsonl:1: cannot be read; what it said is not known"):
            assert read_again(tmp_path).items == {DOG.sha256: DOG}


def test_a_full_disk_leaves_what_was_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a line is written, then the disk is full; it is taken back, and the next row stands on a line of its own."""
    write = os.write
    with open_journal(tmp_path) as journal:
        journal.keep(DOG)
        calls: list[int] = []

        def full(handle: int, data: bytes) -> int:
            calls.append(handle)
            if len(calls) > 1:
                raise OSError(errno.ENOSPC, "No space left on device")
            return write(handle, data[:9])

        with monkeypatch.context() as patch:
            patch.setattr(os, "write", full)
            with pytest.raises(RetryError, match="the disk is full"):
                journal.keep(WatchedItem(DOG.sha256, "failed", "dog", "dog.mp4"))
        assert journal.items == {DOG.sha256: DOG}
        journal.keep_file(COPY)
        text = (tmp_path / FOLDER / FILE).read_text()
    assert [json.loads(line) for line in text.splitlines()][-1]["path"] == "copy.mp4"
    assert read_again(tmp_path).items == {DOG.sha256: DOG}


def test_it_is_written_anew_at_each_start_and_does_not_grow(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        for _ in range(50):
            journal.keep(DOG)
    read_again(tmp_path)
    assert len((tmp_path / FOLDER / FILE).read_text().splitlines()) == 2
