"""Compares what an archive holds with what was made again from it: frames, then the values that they were made with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from post.archive.frames import ArchivedFrames, segment_digest
from post.values import Span
from post.values.short_text import short_text
from provenance.approval.frames import FilmFrames

EQUAL, DIFFERENT, NOT_COMPARED = "equal", "different", "not-compared"
MOST_FIELDS = 20  # of a segment that are told
FEW = 4  # values of a list that are told
_CALL = {"stage", "version", "knobs"}


@dataclass(frozen=True, slots=True)
class ValueDifference:
    """A value that differs. place: dotted, as in clips[0].colour.look.saturation; was, now: in words, "" for none;
    origin: what writes it now, where that is known."""

    place: str
    was: str
    now: str
    origin: str = ""


@dataclass(frozen=True, slots=True)
class ComparedSegment:
    """One segment of a film. place: its frames; verdict: EQUAL, DIFFERENT or NOT_COMPARED, of its pictures; different,
    heard: of how many of its frames the picture differs, and the sound; first: the first whose picture does, None for
    none; values: what it is made with that differs; was, now: the digests of all its frames."""

    place: Span
    verdict: str
    different: int
    heard: int
    first: int | None
    values: tuple[ValueDifference, ...]
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class ComparedFilm:
    """One film. sound: the verdict on its samples; frames: how many each has, in the archive and made again; segments:
    the archive's; why: why nothing was compared, "" where it was."""

    name: str
    segments: tuple[ComparedSegment, ...]
    sound: str
    frames: tuple[int, int]
    rate: str
    sound_values: tuple[ValueDifference, ...] = ()
    why: str = ""

    @property
    def verdict(self) -> str:
        """EQUAL where every frame and every sample is."""
        if self.why:
            return NOT_COMPARED
        verdicts = {self.sound, *(each.verdict for each in self.segments)}
        return DIFFERENT if DIFFERENT in verdicts or self.frames[0] != self.frames[1] else EQUAL

    @property
    def first(self) -> ComparedSegment | None:
        """The first segment that differs; None where none does."""
        return next((each for each in self.segments if each.verdict == DIFFERENT), None)

    def at_s(self, frame: int) -> float:
        """Returns when a frame is shown, in seconds."""
        return round(float(frame / Fraction(self.rate)), 6)


def compare_film(
    archived: ArchivedFrames,
    film: Mapping[str, Any],
    again: FilmFrames,
    planned: Mapping[str, Any],
) -> ComparedFilm:
    """Returns how a film that was made again differs from the archive's.

    film, planned: of the archive's plan and of the new one, as plan.json has them; again: what the new film shows.
    """
    now = {
        (place.first, place.stop): row
        for place, row in zip(_places(planned), planned["segments"], strict=True)
    }
    segments = tuple(
        _segment(place, archived, again, (row, now.get((place.first, place.stop))))
        for place, row in zip(archived.places, film["segments"], strict=True)
    )
    old = archived.shown
    sound = EQUAL if old.sound == again.sound else DIFFERENT
    values = tuple(differences(film.get("mix"), planned["mix"])) if sound == DIFFERENT else ()
    frames = len(old.picture), len(again.picture)
    return ComparedFilm(archived.name, segments, sound, frames, old.rate, values[:MOST_FIELDS])


def not_compared(archived: ArchivedFrames, why: str) -> ComparedFilm:
    """Returns a film that could not be made again. why: in words."""
    shown = archived.shown
    rows = tuple(
        ComparedSegment(place, NOT_COMPARED, 0, 0, None, (), segment_digest(shown, place), "")
        for place in archived.places
    )
    return ComparedFilm(archived.name, rows, NOT_COMPARED, (len(shown.picture), 0), shown.rate, (), why)


def _places(film: Mapping[str, Any]) -> Iterator[Span]:
    at = 0
    for row in film["segments"]:
        length = row["span"]["stop"] - row["span"]["first"]
        yield Span(at, at + length)
        at += length


def _segment(
    place: Span,
    archived: ArchivedFrames,
    again: FilmFrames,
    rows: tuple[Mapping[str, Any], Mapping[str, Any] | None],
) -> ComparedSegment:
    old = archived.shown
    off = [number for number in place if _at(old.picture, number) != _at(again.picture, number)]
    heard = [number for number in place if _at(old.sound, number) != _at(again.sound, number)]
    before, after = rows
    if after is None:
        said = f"frames {place.first} to {place.stop - 1}"
        values: tuple[ValueDifference, ...] = (ValueDifference("segment", said, "cut elsewhere"),)
    else:
        values = tuple(differences(before, after))
    return ComparedSegment(
        place, DIFFERENT if off else EQUAL, len(off), len(heard), off[0] if off else None, values[:MOST_FIELDS],
        segment_digest(old, place), segment_digest(again, place),
    )  # fmt: skip


def _at(hashes: Sequence[str], number: int) -> str | None:
    """Returns one of the hashes; None where there are fewer."""
    return hashes[number] if number < len(hashes) else None


def differences(was: Any, now: Any, place: str = "") -> Iterator[ValueDifference]:
    """Yields each value that differs between two plain values, by its dotted place: the knobs of a stage by name, of
    two long lists of numbers the first."""
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        yield from _in_mappings(was, now, place)
    elif isinstance(was, list) and isinstance(now, list):
        yield from _in_lists(was, now, place)
    elif was != now or type(was) is not type(now):
        yield ValueDifference(place, _words(was), _words(now))


def _in_mappings(was: Mapping[str, Any], now: Mapping[str, Any], place: str) -> Iterator[ValueDifference]:
    if set(was) == set(now) == _CALL and was["stage"] == now["stage"]:
        yield from differences(was["version"], now["version"], _dotted(place, "version"))
        yield from _in_mappings(_named(was["knobs"]), _named(now["knobs"]), place)
        return
    for key in [*was, *(key for key in now if key not in was)]:
        if key not in was or key not in now:
            yield ValueDifference(_dotted(place, key), _words(was.get(key)), _words(now.get(key)))
        else:
            yield from differences(was[key], now[key], _dotted(place, key))


def _in_lists(was: list[Any], now: list[Any], place: str) -> Iterator[ValueDifference]:
    if (_are_pairs(was) and _are_pairs(now)) or (_are_calls(was) and _are_calls(now)):
        by_name = _named if _are_pairs(was) else _by_stage
        found = list(_in_mappings(by_name(was), by_name(now), place))
        yield from found or ([ValueDifference(place, "in this order", "in another")] if was != now else [])
    elif len(was) != len(now):
        yield ValueDifference(place, _words(was), _words(now))
    else:
        plain = all(not isinstance(each, Mapping) for each in (*was, *now))
        for number, (before, after) in enumerate(zip(was, now, strict=True)):
            found = list(differences(before, after, f"{place}[{number}]"))
            yield from found
            if found and plain and len(was) > MOST_FIELDS:
                return


def _are_pairs(rows: list[Any]) -> bool:
    pairs = all(isinstance(row, list) and len(row) == 2 and isinstance(row[0], str) for row in rows)
    return pairs and len({row[0] for row in rows}) == len(rows) > 0


def _are_calls(rows: Sequence[Any]) -> bool:
    calls = all(isinstance(row, Mapping) and set(row) == _CALL for row in rows)
    return calls and len({row["stage"] for row in rows}) == len(rows) > 0


def _by_stage(rows: list[Any]) -> dict[str, Any]:
    return {row["stage"]: row for row in rows}


def _named(rows: Any) -> dict[str, Any]:
    return {str(row[0]): row[1] for row in rows}


def _dotted(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key


def _words(value: Any) -> str:
    """Returns a value in few words; "" for none."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return short_text(str(value.get("stage") or value.get("name") or f"{len(value)} values"))
    if isinstance(value, list):
        nested = any(isinstance(each, list | Mapping) for each in value)
        return short_text(f"{len(value)} values" if nested or len(value) > FEW else str(value))
    return short_text(value)


def origin_differences(
    was: Sequence[tuple[str, str, str]], now: Sequence[tuple[str, str, str]]
) -> tuple[ValueDifference, ...]:
    """Returns each value of a job or preset that differs, by its place in the job, with what writes it now."""
    old, new = ({place: (value, origin) for place, value, origin in rows} for rows in (was, now))
    places = [*old, *(place for place in new if place not in old)]
    found = ((place, old.get(place, ("", "")), new.get(place, ("", ""))) for place in places)
    return tuple(
        ValueDifference(place, before[0], after[0], after[1] or before[1])
        for place, before, after in found
        if before[0] != after[0]
    )
