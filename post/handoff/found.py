"""What a reader finds in an editor's file, before it becomes one timeline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from post.errors import SourceError
from post.handoff.layers import Laid, Passage, TrackPiece
from post.handoff.losses import Loss, Refusal
from post.handoff.markup.xml_tree import XmlElement
from post.handoff.timeline import TimelineClip, TimelineMarker, TimelineMedia, TimelineSound, TimelineTitle
from post.values.time import Clock, Span, round_half_up

LONGEST = 24 * 3600  # seconds


@dataclass(frozen=True, slots=True)
class HeardSound:
    """A sound: beside the picture, or a clip's own. Times in seconds of the timeline and of its media.

    retimed: it runs at another speed than it was recorded at.
    """

    media: TimelineMedia
    first: Fraction
    stop: Fraction
    source: Fraction
    role: str
    gain_db: float
    where: str
    retimed: bool = False
    metadata: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class ShownTitle:
    """A title. first, stop: seconds of the timeline."""

    name: str
    text: str
    first: Fraction
    stop: Fraction
    metadata: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Marked:
    """A marker. at, length: seconds of the timeline."""

    name: str
    note: str
    kind: str
    at: Fraction
    length: Fraction


@dataclass(slots=True)
class Found:
    """All that was found, in the order of the file. label: the file's name; sounds: clips' own among them."""

    label: str
    pieces: list[TrackPiece] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    sounds: list[HeardSound] = field(default_factory=list)
    titles: list[ShownTitle] = field(default_factory=list)
    markers: list[Marked] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    lost: list[Loss] = field(default_factory=list)

    def where(self, each: XmlElement) -> str:
        """Returns the place of an element, for people."""
        name = each.get("name") or each.word("name")
        return f"{self.label}:{each.line}: {each.tag}{f' {name!r}' if name else ''}"

    def refuse(self, each: XmlElement, why: str) -> None:
        """Notes that an element has no right meaning here."""
        self.refused.append(Refusal(self.where(each), why))

    def lose(self, what: str, each: XmlElement, why: str) -> None:
        """Notes that something of an element is left out."""
        self.lost.append(Loss(what, self.where(each), why))

    def titled(self, clock: Clock) -> tuple[TimelineTitle, ...]:
        """Returns the titles on whole frames."""
        return tuple(_title(each, number, clock) for number, each in enumerate(self.titles, 1))

    def marked(self, laid: Laid, clock: Clock) -> tuple[TimelineMarker, ...]:
        """Returns the markers on whole frames, those outside the film left out."""
        rows = []
        for each in sorted(self.markers, key=lambda marked: marked.at):
            at = clock.frames(each.at)
            clip = next((c for c in laid.clips if at in c.record), None)
            if clip is not None:
                length = max(1, clock.frames(each.length))
                rows.append(TimelineMarker(at, each.name, each.note, length, each.kind, clip.id))
        return tuple(rows)


def heard(
    found: Found, laid: Laid, clock: Clock
) -> tuple[tuple[TimelineClip, ...], tuple[TimelineSound, ...], list[Loss]]:
    """Returns the clips with their own sound, the sounds beside them, and what is not heard any more.

    A sound of a clip's own file, in step with it and at least as long, is its own: what it has more is a J or an L cut.
    The sound of a clip that others hide goes on beside them.
    """
    lost, beside, own = list[Loss](), list[HeardSound](), dict[TrackPiece, HeardSound]()
    for sound in found.sounds:
        whose = next((piece for piece in found.pieces if _belongs(sound, piece, 1 / clock.rate)), None)
        if whose is None:
            beside.append(sound)
        else:
            own.setdefault(whose, sound)
    for piece, span in laid.hidden:
        gain = own[piece].gain_db if piece in own else piece.audio.gain_db
        if piece.audio.mute and piece not in own:
            continue
        if piece.keys or piece.speed != 1:
            lost.append(Loss("sound", piece.where, "of a retimed clip under another one"))
            continue
        first, stop = clock.seconds(span.first), clock.seconds(span.stop)
        source = piece.source + first - piece.first
        beside.append(HeardSound(piece.media, first, stop, source, "voice", gain, piece.where))
    clips = tuple(
        _with_sound(clip, piece, own.get(piece) if piece is not None else None, clock)
        for clip, piece in zip(laid.clips, laid.pieces, strict=True)
    )
    kept = {(each.media, each.first, each.stop, each.source): each for each in map(_within_media, beside)}
    sounds = tuple(_sound(each, number) for number, each in enumerate(kept.values(), 1))
    lost += [
        Loss("retime of a sound", each.where, "it is heard at its own speed")
        for each in kept.values()
        if each.retimed
    ]
    return clips, sounds, lost


def _within_media(sound: HeardSound) -> HeardSound:
    """Returns a sound without the silence before its media begins."""
    if sound.source >= 0:
        return sound
    return replace(sound, first=min(sound.first - sound.source, sound.stop), source=Fraction(0))


def _belongs(sound: HeardSound, piece: TrackPiece, step: Fraction) -> bool:
    """Returns whether a sound is a piece's own. step: one frame, in seconds."""
    if sound.media != piece.media or sound.retimed != bool(piece.keys or piece.speed != 1):
        return False
    if sound.first > piece.first + step / 2 or sound.stop < piece.stop - step / 2:
        return False
    shift = (sound.source - sound.first) - (piece.source - piece.first)
    return sound.retimed or abs(shift) < step


def _with_sound(
    clip: TimelineClip, piece: TrackPiece | None, sound: HeardSound | None, clock: Clock
) -> TimelineClip:
    if sound is None or piece is None:
        return clip
    lead, lag = (piece.first - sound.first) * clock.rate, (sound.stop - piece.stop) * clock.rate
    whole = clip.record.first == clock.frames(piece.first), clip.record.stop == clock.frames(piece.stop)
    audio = replace(
        clip.audio,
        mute=False,
        gain_db=sound.gain_db,
        lead=round_half_up(lead) if whole[0] else 0,
        lag=round_half_up(lag) if whole[1] else 0,
    )
    return replace(clip, audio=audio)


def _sound(sound: HeardSound, number: int) -> TimelineSound:
    return TimelineSound(
        id=str(sound.metadata.get("id") or f"{sound.role}-{number}"),
        media=sound.media,
        at=sound.first,
        length=sound.stop - sound.first,
        source=sound.source,
        role=sound.role,
        gain_db=sound.gain_db,
        metadata=dict(sound.metadata),
    )


def _title(title: ShownTitle, number: int, clock: Clock) -> TimelineTitle:
    span = Span(max(0, clock.frames(title.first)), max(0, clock.frames(title.stop)))
    kept = title.metadata.get("title")
    name = kept.get("id") if isinstance(kept, Mapping) else None
    return TimelineTitle(str(name or f"title-{number}"), title.text, span, dict(title.metadata))


def ends(found: Found, least: Fraction) -> Fraction:
    """Returns where the timeline ends, in seconds: with its last picture or title, `least` at the least.

    Raises SourceError where that is more than a day after its start: no timecode counts further.
    """
    stops = [piece.stop for piece in found.pieces] + [title.stop for title in found.titles]
    last = max([least, *stops])
    if last > LONGEST:
        raise SourceError("longer than a day", where=found.label, expected="up to 24 hours")
    return last
