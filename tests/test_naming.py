"""Errors show files under the names that a user gave them."""

from __future__ import annotations

import errno

import pytest

from post.errors import Problems, RetryError, SourceError
from post.naming import Shown, naming

COPY, OTHER = "/store/content/ab/abcd/dog.mp4", "/store/content/cd/cdef/dog.mp4"
SHOWN = {COPY: Shown("dog.mp4", "job.yaml:7")}


def renamed(fault: Exception, shown: dict[str, Shown] = SHOWN) -> Exception:
    with pytest.raises(type(fault)) as found, naming(shown):
        raise fault
    return found.value


def test_a_copy_is_shown_by_its_name_at_its_line_in_every_part_of_an_error() -> None:
    fault = SourceError("is damaged", where=COPY, expected=f"no {COPY}", got=f"[{COPY}]", fix=f"check {COPY}")
    assert str(renamed(fault)) == (
        "job.yaml:7: dog.mp4: is damaged; expected no dog.mp4, got [dog.mp4]; check dog.mp4"
    )


def test_each_of_several_faults_is_renamed_and_each_kind_stays() -> None:
    faults = Problems([RetryError("is lost", where=COPY), SourceError("is bad", where="dog.mp4: packet 3")])
    found = renamed(faults)
    assert isinstance(found, Problems)
    assert [type(each) for each in found.faults] == [RetryError, SourceError]
    assert str(found) == "job.yaml:7: dog.mp4: is lost\njob.yaml:7: dog.mp4: packet 3: is bad"


def test_of_two_files_of_one_name_neither_is_guessed() -> None:
    shown = SHOWN | {OTHER: Shown("dog.mp4", "job.yaml:8")}
    assert str(renamed(SourceError("is bad", where="dog.mp4"), shown)) == "dog.mp4: is bad"
    assert str(renamed(SourceError("is bad", where=OTHER), shown)) == "job.yaml:8: dog.mp4: is bad"


def test_a_place_that_is_said_already_is_not_said_twice() -> None:
    fault = SourceError("is bad", where="job.yaml:7: dog.mp4")
    assert str(renamed(renamed(fault))) == "job.yaml:7: dog.mp4: is bad"


def test_the_systems_own_error_names_the_file_too() -> None:
    found = renamed(OSError(errno.EIO, "Input/output error", COPY))
    assert isinstance(found, OSError)
    assert found.filename == "dog.mp4"
