"""Follows the place in a Lottie file that is being read, and collects what cannot be drawn there."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NoReturn

from post.errors import JobError, Problems
from post.printable import without_controls

Json = dict[str, Any]
LARGEST = 1e7  # of any number: px, degrees, frames, per cent
MOST_FAULTS = 12  # that are shown
MOST_COPIES = 50_000  # elements that repeaters and precomps may come to
LONGEST_LABEL = 40
BAKE = "convert it to keyframes or shapes in After Effects, and export again"
EXPORT = "export the animation again"


class Reading:
    """One file as it is read. where: what errors name first ("brand.file"); name: the file's, for people."""

    def __init__(self, where: str, name: str, slots: Mapping[str, Any] | None = None) -> None:
        self.slots: Mapping[str, Any] = slots or {}
        self.end = 0.0  # the last frame that the properties of this layer are asked for, on its own clock
        self.copies = 0
        self.eases: dict[tuple[float, ...], str] = {}
        self._where, self._name = where, name
        self._place: list[str] = []
        self._faults: dict[str, JobError] = {}

    @contextmanager
    def inside(self, kind: str, given: object = None, number: int = 0) -> Iterator[None]:
        """Names an element for the block: by its own name, else by its number (from 1)."""
        name = given.get("nm") if isinstance(given, dict) else given
        label = f' "{_short(name)}"' if isinstance(name, str) and name else f" {number}" if number else ""
        self._place.append(f"{kind}{label}")
        try:
            yield
        finally:
            self._place.pop()

    @property
    def place(self) -> str:
        """Where it is: `brand.file: star.json: layer "Star" > group "Rays"`."""
        return f"{self._where}: {self._name}" + (f": {' > '.join(self._place)}" if self._place else "")

    def lacks(self, feature: str, fix: str = BAKE) -> None:
        """Notes a feature that cannot be drawn as it was made."""
        fault = JobError(f"{feature} cannot be drawn as it was made", where=self.place, fix=fix)
        self._faults.setdefault(str(fault), fault)

    def broken(self, what: str, expected: str, got: object = None, fix: str = EXPORT) -> NoReturn:
        """Raises JobError for what is not as the format has it."""
        shown = None if got is None else _short(repr(got))
        raise JobError(what, where=self.place, expected=expected, got=shown, fix=fix)

    def finish(self) -> None:
        """Raises Problems with all that was noted, if anything was."""
        if self._faults:
            raise Problems(list(self._faults.values())[:MOST_FAULTS])

    def count(self, more: int) -> None:
        """Counts elements that stand in the picture. Raises JobError where they are too many."""
        self.copies += more
        if self.copies > MOST_COPIES:
            self.broken("too many elements", f"at most {MOST_COPIES} with all copies", fix="simplify it")

    def number(self, given: object, key: str) -> float:
        """Returns a number of the file. Raises JobError for anything else, and for one out of bounds."""
        if isinstance(given, bool):
            return float(given)
        if not isinstance(given, int | float):
            self.broken(f"`{key}` is no number", "a number", given)
        if not abs(given) <= LARGEST or math.isnan(given):
            self.broken(f"`{key}` is out of bounds", f"at most {LARGEST:g}", given)
        return float(given)

    def whole(self, given: object, key: str, default: int = 0) -> int:
        """Returns a whole number, or the default where there is none."""
        return default if given is None else int(self.number(given, key))

    def vector(self, given: object, key: str, default: tuple[float, ...]) -> list[float]:
        """Returns as many numbers as the default has; a single number stands for the first of them."""
        parts = given if isinstance(given, list) else [given]
        found = [self.number(part, key) for part in parts[: len(default)]]
        return found + list(default[len(found) :])

    def items(self, given: object, key: str) -> list[Json]:
        """Returns a list of objects; an empty one where there is none."""
        if given is None:
            return []
        if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
            self.broken(f"`{key}` is no list of objects", "a list of objects", given)
        return given

    def object(self, given: object, key: str) -> Json:
        """Returns an object of the file."""
        if not isinstance(given, dict):
            self.broken(f"`{key}` is no object", "an object", given)
        return given


def _short(text: str) -> str:
    clean = without_controls(" ".join(text.split()))
    return clean if len(clean) <= LONGEST_LABEL else f"{clean[: LONGEST_LABEL - 3]}..."
