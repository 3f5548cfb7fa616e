"""Places titles, logos and labels on a film, and finds those that cover each other.

The AI label is laid last: nothing covers it, and two labels in one place are refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from post.caching import shared
from post.errors import AnswerprintError, JobError, Problems
from post.job.model import Timed
from post.knob import duration_frames
from post.picture.brand.graphic import Graphic
from post.picture.type.place import Bounds
from post.picture.type.standing import SafeAreaLayer, seen_box
from post.stage import LayerStage, Raster, call_of
from post.values import Format, LayerPlacement, Span
from post.values.warning import JobWarning

LABEL = "label"
LONGEST_NAME = 32
GROUND = 0.8  # of the frame's area: a layer that covers more is what others stand on


@dataclass(frozen=True, slots=True)
class DrawnLayer:
    """A layer of the job, placed on one film.

    box: the pixels that it is seen in, all the ways of its motion included; parts: those of it that nothing may cover,
    () for all of them: the ground of a card may be covered, its type may not; asked_auto: its place was found here, and
    not asked for.
    """

    timed: Timed
    placement: LayerPlacement
    box: Bounds
    parts: tuple[Bounds, ...] = ()
    asked_auto: bool = False

    @property
    def kept(self) -> tuple[Bounds, ...]:
        """The boxes that nothing may cover."""
        return self.parts or (self.box,)

    @property
    def covering(self) -> tuple[Bounds, ...]:
        """The boxes in which it covers what is under it, where it lies over a label."""
        return () if self.parts else (self.box,)

    @property
    def name(self) -> str:
        """What it is called in messages."""
        return layer_name(self.timed.layer)


def layer_name(layer: LayerStage) -> str:
    """Returns what a layer is called in messages: `title "Winter"`, `graphic ours.png`."""
    if isinstance(layer, Graphic):
        return f"graphic {layer.file.name if layer.file else ''}".rstrip()
    text = " ".join(str(getattr(layer, "text", "")).split())
    return f'{layer.name} "{text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 3] + "..."}"'


def draw_layer(timed: Timed, film: Format) -> DrawnLayer:
    """Returns a layer placed on a film. Raises JobError where it shows in none of its frames, or cannot be drawn."""
    first, length = _frames_of(timed, film)
    if first >= film.length or length < 1:
        raise JobError(
            "a layer outside the film",
            where=timed.where,
            expected=f"at least one of the film's {film.length} frames",
            got=f"frames {first} to {first + length}",
        )
    span = Span(first, min(first + length, film.length))
    try:
        box, parts = _resting_box(timed.layer, replace(film, length=1)), tuple[Bounds, ...]()
        if isinstance(timed.layer, SafeAreaLayer):
            box, parts = box.grown(timed.layer.sway_px(film)), timed.layer.parts(film)
        box = _swept(box, timed.layer, film, len(span))
    except AnswerprintError as fault:
        raise fault.at(f"{timed.where} ({film.width}x{film.height})") from fault
    return DrawnLayer(timed, LayerPlacement(call_of(timed.layer), span), box, parts)


@shared(512)  # the label, and titles that several versions of a job have
def _resting_box(layer: LayerStage, film: Format) -> Bounds:
    """Returns the box of a layer at rest, which how long the film is does not change."""
    return seen_box(_outline(layer, film))


def _swept(box: Bounds, layer: LayerStage, film: Format, length: int) -> Bounds:
    """Returns the box of everything in the frame that a layer moves over, its place at rest included."""
    moments = {layer.pose(frame, length, film.clock).moment: frame for frame in range(length)}
    for moment, frame in moments.items():
        seen = layer.seen_in(film, frame, length) if moment is not None else None
        if seen is not None and seen.right > seen.left:
            box = Bounds(
                max(min(box.left, seen.left), 0), max(min(box.top, seen.top), 0),
                min(max(box.right, seen.right), film.width), min(max(box.bottom, seen.bottom), film.height),
            )  # fmt: skip
    return box


def layer_for(timed: Timed, clear: tuple[float, ...], label_clear: tuple[float, ...] = ()) -> Timed:
    """Returns a layer that stays clear of what the controls of a film's platforms cover, in percent of its sides.

    label_clear: the same of what policies ask labels alone to stay clear of.
    """
    layer = timed.layer
    if not isinstance(layer, SafeAreaLayer):
        return timed
    sides = [each for each in (clear, label_clear if layer.name == LABEL else ()) if each]
    if not sides:
        return timed
    return replace(timed, layer=replace(layer, clear=tuple(map(max, *sides)) if len(sides) > 1 else sides[0]))


def is_ground(layer: DrawnLayer, film: Format) -> bool:
    """Returns whether a layer is the ground of the frame itself, as the picture of an end card is."""
    return not layer.parts and layer.box.width * layer.box.height >= GROUND * film.width * film.height


def _outline(layer: LayerStage, film: Format) -> Raster:
    """Returns all that a layer shows in any frame."""
    return layer.outline(film) if isinstance(layer, Graphic) else layer.draw(film)


def _frames_of(timed: Timed, film: Format) -> tuple[int, int]:
    """Returns the first frame of a layer, and how many it asks for."""
    if timed.last:
        length = min(duration_frames(timed.last, film.clock), film.length)
        return film.length - length, length
    first = duration_frames(timed.at, film.clock)
    return first, duration_frames(timed.length, film.clock) if timed.length else film.length - first


def refuse_covered_labels(layers: Sequence[DrawnLayer], film: Format) -> None:
    """Raises Problems with one fault for each AI label that another layer would cover."""
    pairs = [(layers[lower], layers[upper]) for lower, upper in _covering(layers, Span(0, film.length))]
    faults = [_covered(under, over, film) for under, over in pairs if under.timed.layer.name == LABEL]
    if faults:
        raise Problems(faults)


def overlap_warnings(films: Mapping[str, Sequence[DrawnLayer]], part: Span) -> Iterator[JobWarning]:
    """Yields a warning for each two layers that overlap in time and place, in a part of the film.

    films: the layers of each, by its name.
    """
    found: dict[tuple[int, int], tuple[DrawnLayer, DrawnLayer, list[str]]] = {}
    for name, layers in films.items():
        for lower, upper in _covering(layers, part):
            row = found.setdefault((lower, upper), (layers[lower], layers[upper], []))
            row[2].append(name)
    for under, over, names in found.values():
        yield JobWarning(
            "layers-overlap",
            f"is covered by {over.name}",
            f"in {', '.join(names)}",
            "move one of the two, or show it at another time",
            under.name,
            under.timed.where,
            films=tuple(names),
        )


def _covering(layers: Sequence[DrawnLayer], part: Span) -> Iterator[tuple[int, int]]:
    """Yields each two layers that overlap in place, and in time in a part of the film, by their numbers, the lower one
    first."""
    for (lower, under), (upper, over) in combinations(enumerate(layers), 2):
        below, above = under.placement.span, over.placement.span
        together = below.meets(above) and below.common(above).meets(part)
        if together and any(part.meets(over.box) for part in under.kept):
            yield lower, upper


def _covered(under: DrawnLayer, over: DrawnLayer, film: Format) -> JobError:
    return JobError(
        f"an AI label would be covered by {over.name}",
        where=f"{under.timed.where} ({film.width}x{film.height})",
        expected=f"another place or time than {over.timed.where}",
        fix="move one of the two, or show it at another time",
    )
