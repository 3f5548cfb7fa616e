"""Finds type whose colour and its plate's make a fringe in the film: chroma has half the picture's samples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from post.picture.label import Label
from post.picture.title import Title
from post.picture.type.fringe import edge_error
from post.picture.type.paint import hex_colour
from post.plan.layers import DrawnLayer
from post.stage import LayerStage
from post.values import Format, Span
from post.values.warning import JobWarning

SEEN_FRINGE = 0.4  # of R'G'B', 0..1: red on green has 0.56, blue on white 0.35, white on black 0
OPAQUE = 0.8  # a plate that lets more through has no colour of its own


def saturated_edge_warnings(
    films: Mapping[str, tuple[Format, Sequence[DrawnLayer]]], part: Span
) -> Iterator[JobWarning]:
    """Yields a warning for each layer whose type has a fringe on its plate.

    films: the format and the layers of each, by name.
    """
    found: dict[int, tuple[DrawnLayer, float, tuple[str, str], list[str]]] = {}
    for name, (film, layers) in films.items():
        for number, layer in enumerate(layers):
            if not layer.placement.span.meets(part):
                continue
            for pair in _pairs(layer.timed.layer):
                error = edge_error(hex_colour(pair[0]), hex_colour(pair[1]), film)
                if error > SEEN_FRINGE:
                    found.setdefault(number, (layer, error, pair, []))[3].append(name)
    for layer, error, (type_, plate), names in found.values():
        yield JobWarning(
            "saturated-edge",
            f"has a fringe round its letters: {type_} on {plate}",
            f"an error of {error:.2f} of full scale at their edges in {', '.join(names)}",
            "set a colour nearer to the plate's in hue, or one of the two white, black or grey",
            layer.name,
            layer.timed.where,
            films=tuple(names),
        )


def _pairs(layer: LayerStage) -> Iterator[tuple[str, str]]:
    """Yields the colours of type and of the plate that it stands on."""
    if isinstance(layer, Title) and layer.plate and layer.plate_opacity >= OPAQUE:
        yield layer.colour, layer.plate_colour
        if layer.second.strip() and not layer.second_plate:
            yield layer.second_colour, layer.plate_colour
    if isinstance(layer, Title) and layer.second.strip() and layer.second_plate:
        yield layer.second_colour, layer.second_plate_colour
    if isinstance(layer, Label) and layer.plate_opacity >= OPAQUE:
        yield layer.colour, layer.plate_colour
