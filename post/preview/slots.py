"""Cuts a planned film into the slots of a preview: pieces of about a second, on a grid that no edit moves.

    film     |---- hook: half seconds ----|-------- seconds ...
    slots    | .5 | .5 | .5 | .5 |   1    |   1    |   1    |

The first seconds come in short slots, so that something can be watched soon. A slot lists parts of the plan's own
segments: what draws a film draws its preview. A change of the job changes the slots that show it, and no others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from post.values import (
    ClipInSegment,
    EncoderSettings,
    LayerInSegment,
    Pose,
    Rendition,
    Segment,
    Span,
    StageCall,
    round_half_up,
)

HOOK_S = 2
HOOK_SLOT_S, SLOT_S = Fraction(1, 2), Fraction(1)


@dataclass(frozen=True, slots=True)
class PictureSlot:
    """A piece of a preview's picture: its digest is its key. pieces: parts of segments that follow one another;
    encoder: of all of them; toolchain: what else makes it, as (library, release)."""

    pieces: tuple[Segment, ...]
    encoder: EncoderSettings
    toolchain: tuple[tuple[str, str], ...]

    @property
    def span(self) -> Span:
        """Its frames on the film's clock."""
        return Span(self.pieces[0].span.first, self.pieces[-1].span.stop)


def slot_spans(frames: int, rate: Fraction) -> tuple[Span, ...]:
    """Returns the slots of a film of that many frames, in order."""
    seconds = Fraction(0)
    edges = [0]
    while edges[-1] < frames:
        seconds += HOOK_SLOT_S if seconds < HOOK_S else SLOT_S
        edge = min(round_half_up(seconds * rate), frames)
        if edge > edges[-1]:
            edges.append(edge)
    return tuple(Span(a, b) for a, b in pairwise(edges))


def hook_spans(frames: int, rate: Fraction) -> tuple[Span, ...]:
    """Returns the slots of the first seconds that lie within that many frames."""
    hook = min(frames, round_half_up(HOOK_S * rate))
    return tuple(span for span in slot_spans(max(frames, hook + 1), rate) if span.stop <= hook)


def cut_slots(
    film: Rendition,
    spans: Sequence[Span],
    notice: StageCall,
    encoder: EncoderSettings,
    toolchain: tuple[tuple[str, str], ...],
) -> tuple[PictureSlot, ...]:
    """Returns a slot for each span. film: planned at the preview's size; notice: the layer over every frame."""
    return tuple(
        PictureSlot(
            tuple(
                _noticed(cut_piece(segment, segment.span.common(span)), notice)
                for segment in film.on_film
                if segment.span.meets(span)
            ),
            encoder,
            toolchain,
        )
        for span in spans
    )


def cut_piece(segment: Segment, span: Span) -> Segment:
    """Returns the part of a segment that shows `span`, as a preview draws it. Both lie on the film's clock."""
    part = segment.part(span).shift(span.first)
    return replace(part, clips=tuple(_quick(clip) for clip in part.clips))


def _quick(clip: ClipInSegment) -> ClipInSegment:
    """Returns a clip without what is made by motion, which takes longest of all: a preview mixes the two frames."""
    return replace(clip, sampling="blend" if clip.synthesised else clip.sampling, exposures=())


def _noticed(piece: Segment, notice: StageCall) -> Segment:
    over = LayerInSegment(notice, piece.span, (Pose(),) * len(piece.span))
    return replace(piece, layers=(*piece.layers, over))
