"""Finds a place for each AI label whose `place` is auto: where nothing else is, in all the frames that show it, and
where it covers no face, eyes above all.

What policies and platforms keep clear comes first: no place is tried there. Of the places that are free, one that
covers no face is taken, the first of ORDER before all others; where all of them do, places further from the edge are
tried too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from post.errors import JobError, Problems
from post.job.model import Timed
from post.picture.label import AUTO, ORDER, Label
from post.picture.type.place import Bounds, around
from post.plan.label.faces import FilmFaces
from post.plan.layers import DrawnLayer, draw_layer, is_ground
from post.values import Format, Span

NO_FACES = FilmFaces()
CLEARANCE_PCT = 1.0  # kept between the label and anything else, of the frame's shorter side
PLACE_ORIGIN = (
    "auto: the first of the label's places that is free and covers no face; else where it covers least"
)
FROM_EDGE = 24  # steps of the frame's height that a label may stand further from the edge
MOST_CLEAR = 70  # percent of the frame's height, above or below a label: the most that its knob takes
LESS = 0.9  # of what a label covers of faces, that it may cover at a place further from the edge


def place_labels(layers: Sequence[DrawnLayer], film: Format, faces: FilmFaces = NO_FACES) -> list[DrawnLayer]:
    """Returns the layers, each label whose place is auto at the first place of ORDER where nothing else is, or nothing
    but a label, beside which it then stands; of those places, where it covers the least of faces.

    All showings of a label have one place. Raises Problems with one fault for each label that finds none.
    """
    settled, faults = list(layers), list[JobError]()
    for timed in {id(layer.timed): layer.timed for layer in layers if _is_auto(layer.timed)}.values():
        mine = [at for at, layer in enumerate(settled) if layer.timed is timed]
        others = [
            layer
            for layer in settled
            if layer.timed is not timed and not _is_auto(layer.timed) and not is_ground(layer, film)
        ]
        try:
            placed = _placed(timed, [settled[at] for at in mine], others, (film, faces))
        except JobError as fault:
            faults.append(fault)
            continue
        for at, layer in zip(mine, placed, strict=True):
            settled[at] = layer
    if faults:
        raise Problems(faults)
    return settled


def places_taken(layers: Sequence[DrawnLayer], name: str) -> list[tuple[str, str, str]]:
    """Returns each place that was found for a label, as `plan` lists it: (place in the job, value, why).

    name: of the deliverable.
    """
    found = {
        (layer.timed.where, layer.placement.call.knob("place")): (
            f"label.place ({name})",
            str(layer.placement.call.knob("place")),
            PLACE_ORIGIN,
        )
        for layer in layers
        if isinstance(layer.timed.layer, Label) and layer.asked_auto
    }
    return list(found.values())


def _is_auto(timed: Timed) -> bool:
    return isinstance(timed.layer, Label) and timed.layer.place == AUTO


def _placed(
    timed: Timed,
    showings: Sequence[DrawnLayer],
    others: Sequence[DrawnLayer],
    shown: tuple[Format, FilmFaces],
) -> list[DrawnLayer]:
    film, faces = shown
    spans = [showing.placement.span for showing in showings]
    near = [each for each in others if any(each.placement.span.meets(span) for span in spans)]
    in_the_way: dict[str, list[str]] = {}
    free: list[DrawnLayer] = []
    for place in ORDER:
        label = replace(Label.require(timed.layer), place=place)
        tried = draw_layer(replace(timed, layer=label), film)
        found = next((each for each in near if _too_near(tried.box, each, film)), None)
        if found is not None and (beside := _beside(label, near, film)) is not None:
            stacked = draw_layer(replace(timed, layer=beside), film)
            if not any(_too_near(stacked.box, each, film) for each in near):
                tried, found = stacked, None
        if found is None:
            free.append(tried)
            if not faces.cost(tried.box, spans):
                break
        else:
            in_the_way.setdefault(found.name, []).append(place)
    if free:
        best = _clear_of_faces(timed, free, near, (film, faces, spans))
        return [
            replace(best, asked_auto=True, placement=replace(best.placement, span=span)) for span in spans
        ]
    raise JobError(
        "no place is free for the AI label",
        where=f"{timed.where} ({film.width}x{film.height})",
        expected="one of its places clear of everything else, over the whole time it shows",
        got="; ".join(f"{name} at {', '.join(places)}" for name, places in in_the_way.items()),
        fix="move or shorten one of those, or give the label a smaller height or a time of its own",
    )


def _clear_of_faces(
    timed: Timed,
    free: Sequence[DrawnLayer],
    near: Sequence[DrawnLayer],
    shown: tuple[Format, FilmFaces, Sequence[Span]],
) -> DrawnLayer:
    """Returns the label where it covers the least of faces: at one of the places that are free, or further from the
    edge of one, where that covers less.

    near: what shows with it; shown: the film, its faces, and when the label shows.
    """
    film, faces, spans = shown
    best = min(free, key=lambda each: faces.cost(each.box, spans))
    least = faces.cost(best.box, spans)
    if not least:
        return best
    for step in range(1, FROM_EDGE):
        for place in ORDER:
            tried = _further(timed, place, step, film)
            if tried is None or any(_too_near(tried.box, each, film) for each in near):
                continue
            if (cost := faces.cost(tried.box, spans)) < least * LESS:
                best, least = tried, cost
        if not least:
            break
    return best


def _further(timed: Timed, place: str, step: int, film: Format) -> DrawnLayer | None:
    """Returns the label so many steps further from the top or the bottom; None where it does not fit there."""
    label = replace(Label.require(timed.layer), place=place)
    above, _, below, _ = label.safe.insets(film)
    share = 100 * step / FROM_EDGE
    top, bottom = (max(inset, label.margin) + share for inset in (above, below))
    try:
        if place.startswith("top") and top <= MOST_CLEAR:
            return draw_layer(replace(timed, layer=label.clear_of(film, top=top)), film)
        if place.startswith("bottom") and bottom <= MOST_CLEAR:
            return draw_layer(replace(timed, layer=label.clear_of(film, bottom=bottom)), film)
    except JobError:  # it does not fit what is left
        return None
    return None


def _beside(label: Label, near: Sequence[DrawnLayer], film: Format) -> Label | None:
    """Returns a label that stands under or over those at its place: together they are one thing to read.

    None where no label is there, its place is no corner or edge to stack from, or half of the frame is taken.
    """
    place = label.place
    boxes = [
        each.box
        for each in near
        if isinstance(each.timed.layer, Label) and each.placement.call.knob("place") == place
    ]
    if not boxes or not place.startswith(("top", "bottom")):
        return None
    gap, box = _gap(film) + 1, around(boxes)
    top = box.bottom + gap if place.startswith("top") else 0
    bottom = film.height - box.top + gap if place.startswith("bottom") else 0
    if max(top, bottom) >= film.height / 2:
        return None
    return label.clear_of(film, top=100 * top / film.height, bottom=100 * bottom / film.height)


def _gap(film: Format) -> int:
    return round(CLEARANCE_PCT / 100 * min(film.width, film.height))


def _too_near(box: Bounds, other: DrawnLayer, film: Format) -> bool:
    wide = box.grown(_gap(film))
    return any(wide.meets(part) for part in (*other.kept, *other.covering))
