"""The list of parts whose CPU seconds are counted."""

from __future__ import annotations

from cProfile import Profile

import pytest

from tests.bench import parts


@pytest.mark.parametrize(("file", "function"), sorted(set(sum(parts.PARTS.values(), ()))))
def test_every_listed_function_exists(file: str, function: str) -> None:
    assert parts.exists(file, function)


def test_a_listed_function_that_does_not_exist_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(parts.PARTS, "sign", (("deliver/seal.py", "__call__"), ("deliver/mux.py", "join")))
    with pytest.raises(SystemExit, match="does not exist: deliver/seal.py:__call__, deliver/mux.py:join$"):
        parts.parts(_profile())


def test_a_part_that_exists_and_is_not_called_takes_no_time() -> None:
    assert parts.parts(_profile())["sign"] == 0


def _profile() -> Profile:
    profile = Profile()
    profile.runcall(len, "")
    return profile
