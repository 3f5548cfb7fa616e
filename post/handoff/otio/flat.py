"""Flattens nested tracks and stacks to one row of pictures, through every speed on the way.

OTIO's own `flatten_stack` knows no speeds and leaves nested items as they are; where there are neither, both say the
same. Times are exact seconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from post.errors import SourceError
from post.handoff.losses import Refusal
from post.handoff.otio.library import exact_number, exact_rate, open_otio
from post.printable import printable

DEEPEST = 24


@dataclass(frozen=True, slots=True)
class FlatPiece:
    """A part of one clip, or a gap. first, stop: when it is seen; at: the media time of its first moment, with the
    media's own start; speed: media seconds in a second; leaf: the library's clip, None for a gap; row: the place of
    the track that it is on; gap: the library's gap, None for none."""

    first: Fraction
    stop: Fraction
    leaf: Any = None
    at: Fraction = Fraction(0)
    speed: Fraction = Fraction(1)
    row: tuple[int, ...] = ()
    gap: Any = None

    def cut(self, first: Fraction, stop: Fraction) -> FlatPiece:
        """Returns the part of it between two times."""
        first, stop = max(first, self.first), min(stop, self.stop)
        return replace(self, first=first, stop=stop, at=self.at + (first - self.first) * self.speed)


@dataclass(frozen=True, slots=True)
class FlatPassage:
    """A transition across the cut at a time. before, after: its seconds on either side; item: the library's."""

    at: Fraction
    before: Fraction
    after: Fraction
    item: Any
    row: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FlatRow:
    """Pieces that follow each other from 0 on, the transitions between them, and what could not be brought along."""

    pieces: tuple[FlatPiece, ...]
    passages: tuple[FlatPassage, ...] = ()
    refused: tuple[Refusal, ...] = ()

    @property
    def length(self) -> Fraction:
        """Its seconds."""
        return self.pieces[-1].stop if self.pieces else Fraction(0)


def flatten(tracks: Any, where: str) -> FlatRow:
    """Returns the one row of pictures that a timeline's stack shows: of several, the topmost. where: the file's name.

    Raises SourceError for a clip without a range, for a retime that is no constant speed, and for nesting that is too
    deep.
    """
    library = open_otio()
    return _Flattener(library, where).overlay(
        [each for each in tracks if getattr(each, "kind", "Video") == library.schema.TrackKind.Video], (), 0
    )


def flat_track(track: Any, where: str) -> FlatRow:
    """Returns the row of one track, as `flatten` does."""
    return _Flattener(open_otio(), where).item(track, (), 0)


@dataclass(frozen=True, slots=True)
class _Flattener:
    library: Any
    where: str

    def item(self, item: Any, row: tuple[int, ...], depth: int) -> FlatRow:
        """Returns the row of any item, as long as it lasts where it stands."""
        schema = self.library.schema
        if depth > DEEPEST:
            raise SourceError("nested too deep", where=self.where, expected=f"at most {DEEPEST} levels")
        if isinstance(item, schema.Gap) or not getattr(item, "enabled", True):
            gap = item if isinstance(item, schema.Gap) else None
            return FlatRow((FlatPiece(Fraction(0), self._range(item)[1], gap=gap),))
        if isinstance(item, schema.Clip):
            return self._clip(item, row)
        inner = (
            self.track(item, row, depth)
            if isinstance(item, schema.Track)
            else self.overlay(list(item), row, depth)
        )
        return self._warped(item, inner)

    def track(self, track: Any, row: tuple[int, ...], depth: int) -> FlatRow:
        """Returns the row of a track: its items, one after the other."""
        pieces: list[FlatPiece] = []
        passages: list[FlatPassage] = []
        refused: list[Refusal] = []
        here = Fraction(0)
        for child in track:
            if isinstance(child, self.library.schema.Transition):
                passages.append(self._passage(child, here, row))
                continue
            inner = self.item(child, row, depth + 1)
            pieces += [_shifted(each, here) for each in inner.pieces]
            for each in inner.passages:
                if 0 < each.at < inner.length:
                    passages.append(replace(each, at=each.at + here))
                else:
                    why = "a transition at the edge of a nested sequence: left out"
                    refused.append(Refusal(self._place(each.item), why))
            refused += inner.refused
            here += inner.length
        return FlatRow(tuple(pieces), tuple(passages), tuple(refused))

    def overlay(self, items: Iterable[Any], row: tuple[int, ...], depth: int) -> FlatRow:
        """Returns the row of a stack: where several are seen at once, the last in the list, which is on top."""
        shown = FlatRow(())
        for number, each in enumerate(items):
            if getattr(each, "enabled", True):
                shown = self._over(shown, self.item(each, (*row, number), depth + 1))
        return shown

    def _over(self, lower: FlatRow, upper: FlatRow) -> FlatRow:
        if not lower.pieces:
            return upper
        seen = [piece for piece in upper.pieces if piece.leaf is not None]
        length = max(lower.length, upper.length)
        pieces = [*seen]
        for gap in _gaps(seen, length):
            under = [each.cut(*gap) for each in lower.pieces if each.first < gap[1] and each.stop > gap[0]]
            pieces += under
            tail = max([gap[0], *(each.stop for each in under)])
            pieces += [FlatPiece(tail, gap[1])] if tail < gap[1] else []
        refused = [*lower.refused, *upper.refused]
        passages = list(upper.passages)
        for each in lower.passages:
            start, stop = each.at - each.before, each.at + each.after
            if any(piece.first < stop and piece.stop > start for piece in seen):
                why = "a transition below another picture: it is left out"
                refused.append(Refusal(self._place(each.item), why))
            else:
                passages.append(each)
        ordered = tuple(sorted(pieces, key=lambda piece: piece.first))
        return FlatRow(ordered, tuple(sorted(passages, key=lambda each: each.at)), tuple(refused))

    def _clip(self, clip: Any, row: tuple[int, ...]) -> FlatRow:
        start, length = self._range(clip)
        speed = self._speed(clip)
        if speed < 0:  # it begins at the last frame of its range
            rate = exact_rate(clip.trimmed_range().duration.rate, self._place(clip))
            start += -speed * length - 1 / rate
        return FlatRow((FlatPiece(Fraction(0), length, clip, start, speed, row),))

    def _passage(self, item: Any, at: Fraction, row: tuple[int, ...]) -> FlatPassage:
        before, after = (self._seconds(each, item) for each in (item.in_offset, item.out_offset))
        if before < 0 or after < 0:
            raise SourceError("a transition of a length below 0", where=self._place(item))
        return FlatPassage(at, before, after, item, row)

    def _warped(self, item: Any, inner: FlatRow) -> FlatRow:
        """Returns the part of a nested row that its item shows, at the speed of the item's effects: that makes it show
        more or less of the row, and last as long as the item's range says."""
        speed, place = self._speed(item), self._place(item)
        start, length = self._span(item, inner.length)
        if speed == 1:
            return _trimmed(inner, start, length, place)
        if speed < 0:
            raise SourceError(
                "a nested sequence that runs backwards", where=place, fix="reverse its clips, or render it"
            )
        frame = 1 / self._rate(item)
        row = _trimmed(inner, start, max(speed * length, frame), place, frame)
        refused = row.refused
        if row.passages:
            refused += (Refusal(place, "transitions in a nested sequence with a speed of its own: left out"),)
        if not speed:
            return FlatRow((replace(row.pieces[0], stop=length, speed=Fraction(0)),), (), refused)
        pieces = [
            replace(each, first=each.first / speed, stop=each.stop / speed, speed=each.speed * speed)
            for each in row.pieces
        ]
        return _filled(FlatRow(tuple(pieces), (), refused), length, Fraction(0))

    def _speed(self, item: Any) -> Fraction:
        """Returns the speed of an item's effects. Raises SourceError for a retime that is no constant speed."""
        schema, speed = self.library.schema, Fraction(1)
        for effect in item.effects:
            if isinstance(effect, schema.FreezeFrame):
                speed = Fraction(0)
            elif isinstance(effect, schema.LinearTimeWarp):
                speed *= exact_number(effect.time_scalar, self._place(item))
            elif isinstance(effect, schema.TimeEffect):
                raise SourceError(
                    "a retime that OTIO has no words for", where=self._place(item),
                    expected="LinearTimeWarp or FreezeFrame",
                    got=printable(effect.effect_name or effect.name or type(effect).__name__),
                    fix="export as fcpxml, or render the clip in the editor",
                )  # fmt: skip
        return speed

    def _range(self, item: Any) -> tuple[Fraction, Fraction]:
        """Returns an item's start and length in seconds. Raises SourceError where it has none."""
        try:
            found = item.trimmed_range()
        except (self.library.exceptions.OTIOError, NotImplementedError) as fault:
            raise SourceError(
                "a clip without a range", where=self._place(item),
                expected="a source range, or media with an available range",
            ) from fault  # fmt: skip
        start, length = (self._seconds(each, item) for each in (found.start_time, found.duration))
        if length < 0:
            raise SourceError("a length below 0", where=self._place(item), got=float(length))
        return start, length

    def _span(self, item: Any, length: Fraction) -> tuple[Fraction, Fraction]:
        """Returns the part of a composition that is shown, as its start and length. length: of all of it."""
        if item.source_range is None:
            return Fraction(0), length
        return self._range(item)

    def _rate(self, item: Any) -> Fraction:
        return exact_rate(item.trimmed_range().duration.rate, self._place(item))

    def _seconds(self, time: Any, item: Any) -> Fraction:
        place = self._place(item)
        return exact_number(time.value, place) / exact_rate(time.rate, place)

    def _place(self, item: Any) -> str:
        return f"{self.where}: {type(item).__name__} {printable(item.name or '')!r}"


def _shifted(piece: FlatPiece, by: Fraction) -> FlatPiece:
    return replace(piece, first=piece.first + by, stop=piece.stop + by)


def _trimmed(
    row: FlatRow, start: Fraction, length: Fraction, place: str, least: Fraction = Fraction(0)
) -> FlatRow:
    """Returns `length` seconds of a row from `start` on, counted from 0; where it has nothing, a gap. least: seconds
    that it may be short by, and is held for."""
    stop = start + length
    pieces = [
        _shifted(each.cut(start, stop), -start)
        for each in row.pieces
        if each.first < stop and each.stop > start
    ]
    kept, refused = list[FlatPassage](), list(row.refused)
    for each in row.passages:
        # At the edge of the whole row it is a fade, which is one in the timeline's own track alone.
        if start < each.at < stop or (each.at in (Fraction(0), row.length) and start <= each.at <= stop):
            kept.append(replace(each, at=each.at - start))
        else:
            refused.append(Refusal(place, "a transition at the edge of a nested sequence: left out"))
    return _filled(FlatRow(tuple(pieces), tuple(kept), tuple(refused)), length, least)


def _filled(row: FlatRow, length: Fraction, least: Fraction) -> FlatRow:
    """Returns a row of a given length: its end is cut, or held if it is short by up to `least`, or black."""
    pieces = [each.cut(Fraction(0), length) for each in row.pieces if each.first < length]
    here = pieces[-1].stop if pieces else Fraction(0)
    if pieces and here < length <= here + least:
        pieces[-1] = replace(pieces[-1], stop=length)
    elif here < length:
        pieces.append(FlatPiece(here, length))
    return replace(row, pieces=tuple(pieces))


def _gaps(pieces: Iterable[FlatPiece], length: Fraction) -> list[tuple[Fraction, Fraction]]:
    """Returns the times up to `length` at which none of some pieces is seen."""
    gaps, here = [], Fraction(0)
    for each in sorted(pieces, key=lambda piece: piece.first):
        if each.first > here:
            gaps.append((here, each.first))
        here = max(here, each.stop)
    return [*gaps, (here, length)] if here < length else gaps
