"""Walks through the segments of an AAF's composition and finds its pieces and transitions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from post.errors import SourceError
from post.handoff.aaf.library import exact, property_of
from post.handoff.aaf.media import media_of_master
from post.handoff.aaf.speeds import frame_map
from post.handoff.aaf.spot import Spot
from post.handoff.layers import Passage, TrackPiece
from post.handoff.losses import Refusal
from post.handoff.time_keys import PositionKey
from post.handoff.timeline import TimelineMedia
from post.printable import printable

DEEPEST, MOST_PIECES = 24, 20_000
Height = tuple[int, ...]
# Operations that change nothing that a job has, or only what an editor sees.
PLAIN = ("Submaster", "Audio Pan", "Mono Audio Pan", "Mono Audio Gain", "Audio Gain")


@dataclass
class AafWalk:
    """What was found. where: the file; rate: the composition's edit units a second; picture: of pictures, not sound."""

    where: str
    rate: Fraction
    picture: bool = True
    pieces: list[TrackPiece] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    curved: list[str] = field(default_factory=list)

    def segment(self, segment: Any, spot: Spot, height: Height, rate: Fraction, depth: int = 0) -> None:
        """Finds the pieces of a segment. rate: its slot's edit units a second; depth: of segments in each other.

        Raises SourceError for what would be another picture here, with where and why.
        """
        if depth > DEEPEST:
            raise SourceError("nested too deep", where=self.where, expected=f"at most {DEEPEST} levels")
        if len(self.pieces) > MOST_PIECES:
            raise SourceError("too many clips", where=self.where, expected=f"at most {MOST_PIECES}")
        kind = type(segment).__name__
        if kind in ("Filler", "ScopeReference"):
            return
        step = self._steps().get(kind)
        if step is None:
            self._refuse(spot, f"a segment of the kind {kind}: left out")
            return
        step(segment, spot, height, rate, depth + 1)

    def _steps(self) -> dict[str, Callable[[Any, Spot, Height, Fraction, int], None]]:
        return {
            "Sequence": self._sequence, "SourceClip": self._clip, "OperationGroup": self._operation,
            "NestedScope": self._scope, "Selector": self._selector, "EssenceGroup": self._choices,
            "Pulldown": self._pulldown,
        }  # fmt: skip

    def _sequence(self, sequence: Any, spot: Spot, height: Height, rate: Fraction, depth: int) -> None:
        parts = list(_parts(sequence))
        if spot.points or spot.speed <= 0:
            self._retimed_sequence(parts, spot, height, rate, depth)
            return
        out: TrackPiece | None = None
        crossing: SequencePart | None = None
        for part in parts:
            if part.is_transition:
                crossing = part
                continue
            count = len(self.pieces)
            if (inner := spot.within(part.first, part.stop, part.base)) is not None:
                self.segment(part.item, inner, height, rate, depth)
            found = self.pieces[count:]
            if crossing is not None:
                self._passage(crossing, spot, (out, found[0] if found else None))
            out, crossing = (found[-1] if found else None), None
        if crossing is not None:
            self._passage(crossing, spot, (out, None))

    def _retimed_sequence(
        self, parts: list[SequencePart], spot: Spot, height: Height, rate: Fraction, depth: int
    ) -> None:
        """A sequence below a map that stands still, runs backwards or changes: that of one clip alone."""
        shown = [each for each in parts if type(each.item).__name__ not in ("Filler", "ScopeReference")]
        if not spot.speed and not spot.points:
            shown = [each for each in shown if each.first <= spot.start < each.stop] or shown[:1]
        if len(shown) != 1:
            raise SourceError(
                "a retime over several clips", where=self._place(spot), fix="render it in the editor"
            )
        self.segment(shown[0].item, spot.moved(-shown[0].base), height, rate, depth)

    def _passage(
        self, crossing: SequencePart, spot: Spot, sides: tuple[TrackPiece | None, TrackPiece | None]
    ) -> None:
        step = 1 / (spot.speed * self.rate)
        at = (crossing.cut - spot.start) / spot.speed
        group = property_of(crossing.item, "OperationGroup")
        name = str(group.operation.name) if group is not None else "Video Dissolve"
        stage, wipe = ("dissolve", None) if "dissolve" in name.lower() else ("", None)
        code = (
            next((each for each in group.parameters if str(each.name) == "WipeNumber"), None)
            if group
            else None
        )
        if code is not None:
            stage, wipe = "wipe", int(code.value)
        where = f"{self.where}: transition {printable(name)!r} at frame {int(at)}"
        if not stage:
            self.refused.append(Refusal(where, "not known here: a dissolve in its place"))
        before, after = (crossing.cut - crossing.first) * step, (crossing.stop - crossing.cut) * step
        self.passages.append(Passage(at / self.rate, before, after, where, *sides, stage, name, wipe))

    def _operation(self, group: Any, spot: Spot, height: Height, rate: Fraction, depth: int) -> None:
        place, name = self._place(spot), str(group.operation.name)
        inputs = list(group.segments)
        retime = frame_map(group, place) if self.picture else None
        if retime is not None:
            inner = spot.through(retime)
            if inner is None:
                raise SourceError("a retime within a retime", where=place, fix="render it in the editor")
            if retime.curved:
                self.curved.append(place)
            self.segment(inputs[0], inner, height, rate, depth)
            return
        if "title" in name.lower():
            self._refuse(spot, "a title: write it under titles: in the job")
            return
        if len(inputs) > 1 and name != "Submaster":
            raise SourceError(
                "pictures that an effect mixes",
                where=place,
                got=printable(name),
                fix="render it in the editor",
            )
        if name not in PLAIN:
            self._refuse(spot, f"the effect {printable(name)}: make it in the job, or render it")
        for number, each in enumerate(inputs):
            self.segment(each, spot, (*height, number), rate, depth)

    def _scope(self, scope: Any, spot: Spot, height: Height, rate: Fraction, depth: int) -> None:
        for number, each in enumerate(scope.slots):
            self.segment(each, spot, (*height, number), rate, depth)

    def _selector(self, selector: Any, spot: Spot, height: Height, rate: Fraction, depth: int) -> None:
        self.segment(property_of(selector, "Selected"), spot, height, rate, depth)

    def _choices(self, group: Any, spot: Spot, height: Height, rate: Fraction, depth: int) -> None:
        for each in list(property_of(group, "Choices") or ())[:1]:
            self.segment(each, spot, height, rate, depth)

    def _pulldown(self, pulldown: Any, spot: Spot, height: Height, rate: Fraction, depth: int) -> None:
        self._refuse(spot, "a pulldown: the frames of its input are shown")
        self.segment(property_of(pulldown, "InputSegment"), spot, height, rate, depth)

    def _clip(self, clip: Any, spot: Spot, height: Height, rate: Fraction, depth: int) -> None:
        mob = clip.mob
        if mob is None:
            if clip.mob_id.int:
                raise SourceError(
                    "a clip whose media is not in the file", where=self._place(spot), got=str(clip.mob_id)
                )
            return
        start = Fraction(int(clip.start or 0))
        if type(mob).__name__ == "CompositionMob":
            slot = next((each for each in mob.slots if each.slot_id == clip.slot_id), None)
            if slot is None or slot.segment is None:
                raise SourceError(
                    "a nested sequence that is not in the file", where=self._place(spot), got=str(mob.name)
                )
            inner = Fraction(slot.edit_rate)
            self.segment(slot.segment, spot.moved(start, inner / rate), height, inner, depth)
            return
        media, offset = media_of_master(mob, clip.slot_id, picture=self.picture)
        self.pieces.append(self._piece(media, spot.moved(start), height, (rate, offset)))

    def _piece(
        self, media: TimelineMedia, spot: Spot, height: Height, counted: tuple[Fraction, Fraction]
    ) -> TrackPiece:
        """Returns a piece. counted: the rate that the spot's segment counts in, and the media's offset in seconds."""
        rate, offset = counted
        points = [(at, frame) for at, frame in spot.points if spot.first < at < spot.stop]
        if spot.points:
            points = [(spot.first, spot.at(spot.first)), *points, (spot.stop, spot.at(spot.stop))]
        keys = tuple(PositionKey(at / self.rate, frame / rate + offset) for at, frame in points)
        return TrackPiece(
            media.name, media, spot.first / self.rate, spot.stop / self.rate, self._place(spot), height,
            spot.at(spot.first) / rate + offset, spot.speed * self.rate / rate, keys,
        )  # fmt: skip

    def _refuse(self, spot: Spot, why: str) -> None:
        self.refused.append(Refusal(self._place(spot), why))

    def _place(self, spot: Spot) -> str:
        return f"{self.where}: frame {int(spot.first)}"


@dataclass(frozen=True, slots=True)
class SequencePart:
    """A part of a sequence. base: the sequence's frame at which the part's own frame 0 lies; first, stop: its frames
    that are seen; cut: of a transition, where the parts beside it meet."""

    item: Any
    base: Fraction
    first: Fraction
    stop: Fraction
    cut: Fraction

    @property
    def is_transition(self) -> bool:
        """Whether it is a transition, which overlaps the parts beside it."""
        return type(self.item).__name__ == "Transition"


def _parts(sequence: Any) -> Iterator[SequencePart]:
    """Returns the parts of a sequence. Those beside a transition are seen up to its cut point, and from there on."""
    parts = list(sequence.components)
    here = Fraction(0)
    for number, part in enumerate(parts):
        length = exact(part.length)
        if type(part).__name__ == "Transition":
            here -= length
            yield SequencePart(part, here, here, here + length, here + exact(part.cutpoint))
            continue
        base, first = here, here + _cut_of(parts, number - 1, after=False)
        here += length
        yield SequencePart(part, base, first, here - _cut_of(parts, number + 1, after=True), here)


def _cut_of(parts: list[Any], number: int, *, after: bool) -> Fraction:
    """Returns the frames of a transition before its cut point, or after it; 0 where there is none."""
    if not 0 <= number < len(parts) or type(parts[number]).__name__ != "Transition":
        return Fraction(0)
    cut = exact(parts[number].cutpoint)
    return exact(parts[number].length) - cut if after else cut
