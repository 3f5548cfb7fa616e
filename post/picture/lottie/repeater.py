"""Writes the copies of a repeater out as groups: ThorVG's own are offset and faded otherwise than other players'.

Copy n stands as if the transform had been applied n + offset times (lottie-web, RepeaterModifier).
"""

from __future__ import annotations

from post.picture.lottie.properties import rewrite_value, still_values
from post.picture.lottie.reading import Json, Reading

PATHS = ("rc", "el", "sr", "sh")
MOST = 1000
IN_FRONT = 2  # of the order: each copy above the one before


def repeated(reading: Reading, item: Json, before: list[Json]) -> list[Json]:
    """Returns the elements that stand before a repeater, as many times as it says."""
    copies, offset = (
        _still(reading, item.get(key), key, default) for key, default in (("c", 1.0), ("o", 0.0))
    )
    given = reading.object(item.get("tr"), "tr")
    place, anchor = (_pair(reading, given.get(key), key, 0.0) for key in ("p", "a"))
    scale = _pair(reading, given.get("s"), "s", 100.0)
    turn, first, last = (
        _still(reading, given.get(key), key, default)
        for key, default in (("r", 0.0), ("so", 100.0), ("eo", 100.0))
    )
    if copies % 1 and copies > 0:
        copies = copies.__floor__() + 1.0
    if not 0 <= copies <= MOST:
        reading.broken("a repeater with too many copies", f"0 to {MOST}", copies)
    if offset % 1 and min(scale) < 0:
        reading.lacks("a repeater that mirrors by a part of a step")
        return before
    if (first, last) != (100.0, 100.0) and overlaps(before):
        reading.lacks("the opacity of a repeated group of groups")
    count = int(copies)
    reading.count(count * _size(before))
    made = []
    for n in range(count):
        times = n + offset
        moved = {
            "p": [a + p * times for a, p in zip(anchor, place, strict=True)], "a": anchor, "r": turn * times,
            "s": [100 * abs(part / 100) ** times * (-1 if part < 0 and times % 2 else 1) for part in scale],
            "o": first + (last - first) * n / max(count - 1, 1), "sk": 0, "sa": 0,
        }  # fmt: skip
        rows = {key: {"a": 0, "k": value} for key, value in moved.items()}
        made.append({"ty": "gr", "it": [*before, {"ty": "tr", **rows}]})
    return made[::-1] if reading.whole(item.get("m"), "m", 1) == IN_FRONT else made


def overlaps(items: list[Json]) -> bool:
    """Returns whether elements are drawn over each other: ThorVG fades each by itself, where the whole should fade."""
    drawn = [it["ty"] for it in items if it["ty"] in (*PATHS, "gr")]
    return len(drawn) > 1 and "gr" in drawn


def _size(items: list[Json]) -> int:
    return sum(1 + _size(item.get("it", [])) for item in items)


def _still(reading: Reading, given: object, key: str, default: float) -> float:
    return _values(reading, given, key, (default,))[0]


def _pair(reading: Reading, given: object, key: str, default: float) -> list[float]:
    return _values(reading, given, key, (default, default))


def _values(reading: Reading, given: object, key: str, default: tuple[float, ...]) -> list[float]:
    values = still_values(rewrite_value(reading, given, key, default))
    if any(value != values[0] for value in values):
        reading.lacks(f"a repeater whose `{key}` moves")
    return values[0]
