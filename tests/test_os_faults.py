"""What the system refuses is an error to act on: exit 75 where trying again can help."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from post.atomic import write_whole
from post.errors import OutputError, RetryError, SourceError
from post.os_faults import reading, retry_of, system_fault, writing

PASSING = [
    errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.ESTALE, errno.ETIMEDOUT, errno.EMFILE, errno.ENFILE, errno.ENOMEM,
    errno.EAGAIN, errno.EBUSY,
]  # fmt: skip
REFUSED = [
    errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP, errno.EFBIG, errno.EINVAL,
    errno.ENXIO,
]  # fmt: skip


def name(number: int) -> str:
    return errno.errorcode[number]


@pytest.mark.parametrize("number", PASSING, ids=name)
def test_what_passes_says_that_what_was_made_is_kept(number: int, tmp_path: Path) -> None:
    for turned in (writing, reading):
        with (
            pytest.raises(RetryError, match="run again; what was made is kept") as told,
            turned(tmp_path / "film"),
        ):
            raise OSError(number, os.strerror(number))
        assert told.value.where == str(tmp_path / "film")
    fault = system_fault(OSError(number, os.strerror(number), str(tmp_path / "film")))
    assert fault is not None
    assert (fault.exit_code, fault.where) == (75, str(tmp_path / "film"))


@pytest.mark.parametrize("number", REFUSED, ids=name)
def test_what_does_not_pass_says_what_where_and_what_to_do(number: int, tmp_path: Path) -> None:
    for turned, kind in ((writing, OutputError), (reading, SourceError)):
        with pytest.raises(kind) as told, turned(tmp_path / "film"):
            raise OSError(number, os.strerror(number))
        fault = told.value
        assert (fault.where, fault.got) == (str(tmp_path / "film"), os.strerror(number))
        assert fault.fix
    assert retry_of(OSError(number, ""), "film") is None


def test_words_of_ours_are_not_replaced_by_the_system_s(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="got a device or a pipe"), writing(tmp_path):
        raise OSError(errno.EINVAL, "a device or a pipe")


@pytest.mark.parametrize(
    "bug", [OSError("broken data stream"), OSError(-1094995529, "Invalid data"), KeyError("x")]
)
def test_what_a_library_calls_an_os_error_stays_a_bug(bug: Exception, tmp_path: Path) -> None:
    assert system_fault(bug) is None
    with pytest.raises(type(bug)) as told, writing(tmp_path):
        raise bug
    assert told.value is bug


def test_a_lack_of_memory_names_the_workers() -> None:
    fault = system_fault(MemoryError())
    assert isinstance(fault, RetryError)
    assert "--workers" in str(fault)


def test_a_real_long_name_and_a_real_loop_are_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="expected a shorter name.*shorten the name"):
        write_whole(tmp_path / ("x" * 300), "text")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(OutputError, match="links"):
        write_whole(tmp_path / "loop" / "folder" / "file", "text")
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="a part of it is a file"):
        write_whole(tmp_path / "file" / "folder" / "file", "text")
