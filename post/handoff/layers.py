"""Lays clips on several tracks into one picture: where two lie at one time, the upper one is seen.

Editors stack clips; a job has one picture. A piece is a clip with its place in seconds and its height; what is seen of
all pieces becomes clips that touch, with black where there is nothing. Transitions find the cut that they lie across.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise

from post.handoff.losses import Loss, Refusal
from post.handoff.time_keys import PositionKey, position
from post.handoff.timeline import (
    BLACK,
    ClipAudio,
    ColourDecisions,
    Metadata,
    TimelineClip,
    TimelineMedia,
    TimelineTransition,
)
from post.unused_name import unused_name
from post.values.time import Clock, Span

Height = tuple[int, ...]  # of nested tracks, the outermost first


@dataclass(frozen=True, slots=True, eq=False)
class TrackPiece:
    """A clip on a track. first, stop: seconds of the timeline; source: media time at `first`, in seconds; speed: media
    seconds in a second; keys: its time map, `at` in seconds of the timeline, in place of `speed`; where: its place in
    the file."""

    name: str
    media: TimelineMedia
    first: Fraction
    stop: Fraction
    where: str
    height: Height = (0,)
    source: Fraction = Fraction(0)
    speed: Fraction = Fraction(1)
    keys: tuple[PositionKey, ...] = ()
    sampling: str = ""
    audio: ClipAudio = field(default_factory=ClipAudio)
    notes: str = ""
    keywords: tuple[str, ...] = ()
    metadata: Metadata = field(default_factory=dict)
    id: str = ""
    grade: ColourDecisions | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A transition between two pieces of one track, or from or to what lies below it. at: the cut; before, after: all
    seconds of the timeline."""

    at: Fraction
    before: Fraction
    after: Fraction
    where: str
    out: TrackPiece | None
    into: TrackPiece | None
    stage: str = "dissolve"
    name: str = ""
    wipe: int | None = None
    params: Metadata = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Laid:
    """Pieces as one picture. pieces: of each clip, None for black; hidden: what others hide of pieces, in frames."""

    clips: tuple[TimelineClip, ...]
    transitions: tuple[TimelineTransition, ...]
    refused: tuple[Refusal, ...]
    lost: tuple[Loss, ...]
    pieces: tuple[TrackPiece | None, ...] = ()
    hidden: tuple[tuple[TrackPiece, Span], ...] = ()


def lay(pieces: Sequence[TrackPiece], passages: Iterable[Passage], stop: Fraction, clock: Clock) -> Laid:
    """Returns the picture that pieces make up to `stop`, in seconds, on whole frames of the clock."""
    runs = _seen(pieces, clock.frames(stop), clock)
    names = set[str]()
    clips = tuple(_clip(piece, span, clock, names) for piece, span in runs)
    transitions, refused, lost = _across(runs, passages, clock)
    hidden = tuple((piece, span) for piece in pieces for span in _unseen(piece, runs, clock))
    lost += [Loss("clip", piece.where, "other clips hide a part of it") for piece, _ in hidden]
    seen = tuple(piece for piece, _ in runs)
    return Laid(clips, tuple(transitions), tuple(refused), tuple(dict.fromkeys(lost)), seen, hidden)


Run = tuple[TrackPiece | None, Span]


def _seen(pieces: Sequence[TrackPiece], film: int, clock: Clock) -> list[Run]:
    """Returns what is seen from frame 0 to `film`: a piece, or None for nothing, and its frames."""
    spans = [Span(max(0, clock.frames(p.first)), max(0, clock.frames(p.stop))) for p in pieces]
    edges = {0, film, *(edge for span in spans for edge in (span.first, span.stop) if edge < film)}
    order = sorted(range(len(pieces)), key=lambda n: spans[n].first)
    found, on, later = list[Run](), list[int](), 0
    for first, stop in pairwise(sorted(edges)):
        while later < len(order) and spans[order[later]].first <= first:
            on.append(order[later])
            later += 1
        on = [n for n in on if spans[n].stop > first]
        # The upper one is seen; of two on one track the later one.
        top = max(on, key=lambda n: (_padded(pieces[n].height), spans[n].first), default=None)
        seen = pieces[top] if top is not None else None
        if found and found[-1][0] is seen:
            found[-1] = (seen, Span(found[-1][1].first, stop))
        else:
            found.append((seen, Span(first, stop)))
    return found


def _unseen(piece: TrackPiece, runs: Sequence[Run], clock: Clock) -> list[Span]:
    """Returns the frames of a piece in which another one is seen."""
    found, at, stop = list[Span](), max(0, clock.frames(piece.first)), clock.frames(piece.stop)
    for seen in (span for each, span in runs if each is piece):
        found += [Span(at, seen.first)] if seen.first > at else []
        at = seen.stop
    return [*found, Span(at, stop)] if at < stop else found


def _padded(height: Height) -> Height:
    return height + (0,) * (32 - len(height))


def _clip(piece: TrackPiece | None, span: Span, clock: Clock, names: set[str]) -> TimelineClip:
    if piece is None:
        return TimelineClip(_unique("black", names), "black", BLACK, span)
    own = piece.id or piece.name or "clip"
    start = clock.seconds(span.first)
    keys = tuple(
        replace(k, at=(k.at - start) * clock.rate, lead=k.lead * clock.rate, lag=k.lag * clock.rate)
        for k in piece.keys
    )
    source = position(keys, 0) if keys else piece.source + (start - piece.first) * piece.speed
    if piece.speed != 1 and not keys and not piece.media.still:
        length = len(span)
        keys = (
            PositionKey(Fraction(0), source),
            PositionKey(Fraction(length), source + clock.seconds(length) * piece.speed),
        )
    return TimelineClip(
        id=_unique(own, names), name=piece.name, media=piece.media, record=span, source=source, positions=keys,
        sampling=piece.sampling, audio=piece.audio, notes=piece.notes, keywords=piece.keywords,
        metadata=dict(piece.metadata), grade=piece.grade,
    )  # fmt: skip


def _unique(name: str, names: set[str]) -> str:
    given = unused_name(name, names)
    names.add(given)
    return given


def _across(
    runs: Sequence[Run], passages: Iterable[Passage], clock: Clock
) -> tuple[list[TimelineTransition], list[Refusal], list[Loss]]:
    """Returns each transition at the cut that it lies across; refused where its clips are not both seen there."""
    found, refused, lost = list[TimelineTransition](), list[Refusal](), list[Loss]()
    cuts = {span.first: number for number, (_, span) in enumerate(runs)}
    end = runs[-1][1].stop if runs else 0
    for each in sorted(passages, key=lambda passage: passage.at):
        at = clock.frames(each.at)
        before, after = clock.frames(each.before), clock.frames(each.after)
        number = cuts.get(at, len(runs) if at == end else -1)
        fault = _misfit(runs, number, each, before, after)
        if found and not fault and found[-1].at + found[-1].after > at - before:
            fault = "it overlaps the transition before it"
        if fault:
            refused.append(Refusal(f"{each.where}: transition {each.name or each.stage!r}", fault))
        elif before + after:
            found.append(
                TimelineTransition(at, before, after, each.stage, each.wipe, each.name, dict(each.params))
            )
    return found, refused, lost


def _misfit(runs: Sequence[Run], number: int, each: Passage, before: int, after: int) -> str:
    """Returns why a transition cannot lie across the cut before run `number`; "" where it can."""
    if number < 0:
        return "no cut lies under it, or another clip hides it"
    out, into = (runs[n] if 0 <= n < len(runs) else None for n in (number - 1, number))
    if (each.out is not None and (out is None or out[0] is not each.out)) or (
        each.into is not None and (into is None or into[0] is not each.into)
    ):
        return "another clip hides a part of it"
    if (out is not None and before > len(out[1])) or (into is not None and after > len(into[1])):
        return "it is longer than what is seen of its clips"
    return ""
