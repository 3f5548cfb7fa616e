"""Finds a place for each AI label whose `place` is auto: where nothing else is, in all the frames that show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from post.errors import JobError, Problems
from post.job.model import Timed
from post.picture.label import AUTO, ORDER, Label
from post.picture.type.place import Bounds, around
from post.plan.layers import DrawnLayer, draw_layer, is_ground
from post.values import Format

CLEARANCE_PCT = 1.0  # kept between the label and anything else, of the frame's shorter side
PLACE_ORIGIN = "auto: the first of the label's places that is free"


def place_labels(layers: Sequence[DrawnLayer], film: Format) -> list[DrawnLayer]:
    """Returns the layers, each label whose place is auto at the first place of ORDER where nothing else is, or nothing
    but a label, beside which it then stands.

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
            placed = _placed(timed, [settled[at] for at in mine], others, film)
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
    timed: Timed, showings: Sequence[DrawnLayer], others: Sequence[DrawnLayer], film: Format
) -> list[DrawnLayer]:
    near = [each for each in others if any(each.placement.span.meets(my.placement.span) for my in showings)]
    in_the_way: dict[str, list[str]] = {}
    for place in ORDER:
        label = replace(Label.require(timed.layer), place=place)
        tried = draw_layer(replace(timed, layer=label), film)
        found = next((each for each in near if _too_near(tried.box, each, film)), None)
        if found is not None and (beside := _beside(label, near, film)) is not None:
            stacked = draw_layer(replace(timed, layer=beside), film)
            if not any(_too_near(stacked.box, each, film) for each in near):
                tried, found = stacked, None
        if found is None:
            return [
                replace(
                    tried,
                    asked_auto=True,
                    placement=replace(tried.placement, span=showing.placement.span),
                )
                for showing in showings
            ]
        in_the_way.setdefault(found.name, []).append(place)
    raise JobError(
        "no place is free for the AI label",
        where=f"{timed.where} ({film.width}x{film.height})",
        expected="one of its places clear of everything else, over the whole time it shows",
        got="; ".join(f"{name} at {', '.join(places)}" for name, places in in_the_way.items()),
        fix="move or shorten one of those, or give the label a smaller height or a time of its own",
    )


def _beside(label: Label, near: Sequence[DrawnLayer], film: Format) -> Label | None:
    """Returns a label that stands under or over those at its place: together they are one thing to read.

    None where no label is there, where its place is no corner or edge to stack from, or half of the frame is taken.
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
