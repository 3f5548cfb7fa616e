"""Waits until what was found stands still: its size, its time and its place on the disk stay as they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from post.watch.received import Arrival


@dataclass(slots=True)
class _Seen:
    """stillness: as it was last; since_s: when that was seen first; order: the look that found it;
    looks: how often since."""

    stillness: str
    since_s: float
    order: int
    looks: int = 1


class Settling:
    """Remembers, of what lies in a folder now, since when each stands still. Nothing is kept of what has gone.

    Times are of a clock that never jumps (`time.monotonic`); the file system's own times are compared for equality
    alone, so no clock that is set, here or on a server, makes a file old or new.
    """

    def __init__(self, settle_s: float) -> None:
        """settle_s: how long each must stand still, in seconds; it is seen twice at least."""
        self._settle_s = settle_s
        self._seen: dict[str, _Seen] = {}
        self._looks = 0

    def update(self, found: Iterable[Arrival], now_s: float) -> list[Arrival]:
        """Returns those that have stood still for long enough, in the order in which they came.

        Of those that came together, the ones with something beside them are first: what lies beside a copy counts.
        """
        seen: dict[str, _Seen] = {}
        self._looks += 1
        settled: list[Arrival] = []
        for each in found:
            before = self._seen.get(each.path)
            if before is None or before.stillness != each.stillness:
                order = self._looks if before is None else before.order
                seen[each.path] = _Seen(each.stillness, now_s, order)
                continue
            before.looks += 1
            seen[each.path] = before
            if now_s - before.since_s >= self._settle_s:
                settled.append(each)
        self._seen = seen
        return sorted(settled, key=lambda each: (seen[each.path].order, not each.beside, each.path))

    def still_for_s(self, found: Arrival, now_s: float) -> float:
        """Returns how long it stands still, in seconds; 0 where it has changed or gone."""
        seen = self._seen.get(found.path)
        return now_s - seen.since_s if seen and seen.stillness == found.stillness else 0.0

    def unsettled(self, now_s: float) -> int:
        """Returns how many do not stand still for long enough yet."""
        return sum(now_s - seen.since_s < self._settle_s or seen.looks < 2 for seen in self._seen.values())
