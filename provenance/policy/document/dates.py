"""Says on which days a rule holds. Days are ISO 8601 text, such as 2026-08-02, which sorts by time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Validity:
    """The first and the last day on which something holds; "" for no such day."""

    first: str = ""
    last: str = ""

    def is_before(self, at: str) -> bool:
        """Returns whether it does not hold yet on a day; no day ("") comes before nothing."""
        return bool(at and self.first) and at < self.first

    def is_after(self, at: str) -> bool:
        """Returns whether it holds no longer on a day."""
        return bool(at and self.last) and at > self.last

    def within(self, whole: Validity) -> Validity:
        """Returns the days on which a part of something holds: its first day is its own, and where it has none that of
        the whole; it ends with the whole at the latest."""
        last = min(filter(None, (self.last, whole.last)), default="")
        return Validity(self.first or whole.first, last)

    def __str__(self) -> str:
        if not self.last:
            return f"from {self.first}" if self.first else "always"
        return f"{self.first or '...'} to {self.last}"


ALL_TIME = Validity()


def is_day(text: str) -> bool:
    """Returns whether a text is a day in ISO 8601, as in 2026-08-02."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
