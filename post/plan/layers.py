"""Places titles, logos and labels on a film, and finds those that cover each other.

The AI label is laid last: nothing covers it, and two labels in one place are refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from post.errors import AnswerprintError, JobError, Problems
from post.job.model import Timed
from post.knob import duration_frames
from post.picture.bug import Bug
from post.picture.type.place import Bounds
from post.picture.type.standing import SafeAreaLayer
from post.stage import LayerStage, Raster, call_of
from post.values import Format, LayerPlacement, Span
from post.values.warning import JobWarning

LABEL = "label"
# Less of a layer's alpha is the rim of a soft shadow.
SEEN_ALPHA = 0.25
LONGEST_NAME = 32
GROUND = 0.8  # of the frame's area: a layer that covers more is what others stand on


@dataclass(frozen=True, slots=True)
class DrawnLayer:
    """A layer of the job, placed on one film.

    box: the pixels that it is seen in; parts: those of it that nothing may cover, () for all of them: the ground of a
    card may be covered, its type may not; asked_auto: its place was found here, and not asked for.
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
    """Returns what a layer is called in messages: `title "Winter"`, `logo ours.png`."""
    if isinstance(layer, Bug):
        return f"logo {layer.image.name if layer.image else ''}".rstrip()
    text = " ".join(str(getattr(layer, "text", "")).split())
    return f'{layer.name} "{text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 3] + "..."}"'


def draw_layer(timed: Timed, film: Format) -> DrawnLayer:
    """Returns a layer placed on a film. Raises JobError where it shows in none of its frames, or cannot be drawn."""
    first = duration_frames(timed.at, film.clock)
    length = duration_frames(timed.length, film.clock) if timed.length else film.length - first
    if first >= film.length or length < 1:
        raise JobError(
            "a layer outside the film",
            where=timed.where,
            expected=f"at least one of the film's {film.length} frames",
            got=f"frames {first} to {first + length}",
        )
    try:
        box, parts = seen_box(timed.layer.draw(film)), tuple[Bounds, ...]()
        if isinstance(timed.layer, SafeAreaLayer):
            box, parts = _grown(box, timed.layer.sway_px(film)), timed.layer.parts(film)
    except AnswerprintError as fault:
        raise fault.at(f"{timed.where} ({film.width}x{film.height})") from fault
    span = Span(first, min(first + length, film.length))
    return DrawnLayer(timed, LayerPlacement(call_of(timed.layer), span), box, parts)


def layer_for(timed: Timed, clear: tuple[float, ...]) -> Timed:
    """Returns a layer that stays clear of what the controls of a film's platforms cover, in percent of its sides."""
    layer = timed.layer
    if not clear or not isinstance(layer, SafeAreaLayer):
        return timed
    return replace(timed, layer=replace(layer, clear=clear))


def is_ground(layer: DrawnLayer, film: Format) -> bool:
    """Returns whether a layer is the ground of the frame itself, as the picture of an end card is."""
    return not layer.parts and layer.box.width * layer.box.height >= GROUND * film.width * film.height


def seen_box(raster: Raster) -> Bounds:
    """Returns the box around what is seen of a drawn layer; an empty one where nothing is."""
    seen = raster.rgba[..., 3] > SEEN_ALPHA
    rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
    if not rows.size:
        return Bounds(raster.left, raster.top, raster.left, raster.top)
    left, top = raster.left + int(columns[0]), raster.top + int(rows[0])
    return Bounds(left, top, raster.left + int(columns[-1]) + 1, raster.top + int(rows[-1]) + 1)


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


def _grown(box: Bounds, by: int) -> Bounds:
    return Bounds(box.left - by, box.top - by, box.right + by, box.bottom + by)


def _covered(under: DrawnLayer, over: DrawnLayer, film: Format) -> JobError:
    return JobError(
        f"an AI label would be covered by {over.name}",
        where=f"{under.timed.where} ({film.width}x{film.height})",
        expected=f"another place or time than {over.timed.where}",
        fix="move one of the two, or show it at another time",
    )
