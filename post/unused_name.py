"""Tells things of one name apart: dog, dog-2, dog-3."""

from __future__ import annotations

from collections.abc import Callable, Container
from itertools import chain, count


class TakenWhere:
    """The names that a function says are taken, for `unused_name`."""

    def __init__(self, is_taken: Callable[[str], bool]) -> None:
        self._is_taken = is_taken

    def __contains__(self, name: object) -> bool:
        return self._is_taken(str(name))


def unused_name(name: str, taken: Container[str], fold: Callable[[str], str] = str) -> str:
    """Returns a name that is not taken: the name itself, or with the first number from 2 on that makes it new.

    fold: brings a name to the form in which `taken` has names; `str.casefold` where they are those of files.
    """
    tries = chain([name], (f"{name}-{number}" for number in count(2)))
    return next(each for each in tries if fold(each) not in taken)
