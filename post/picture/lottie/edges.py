"""Changes rewritten shapes where ThorVG draws their edges otherwise than other players do."""

from __future__ import annotations

from post.picture.lottie.properties import is_always
from post.picture.lottie.reading import Json

SHARP = 0.001  # px: the radius of a corner that looks sharp
FILLS, STROKES = ("fl", "gf"), ("st", "gs")
PAINTS = (*FILLS, *STROKES)
# A sharp corner and the length of a path are not the same to these.
ROUNDING, MODIFIERS = ("pb", "rd"), ("pb", "rd", "tm", "rp")


def set_edges(items: list[Json]) -> list[Json]:
    """Returns the elements of a layer with the edges that they should have."""
    if not _holds(items, ROUNDING):
        _round_slightly(items)
    return items if _holds(items, MODIFIERS) else _close_filled(items, fills=False, strokes=False)


def _holds(items: list[Json], kinds: tuple[str, ...]) -> bool:
    return any(item["ty"] in kinds or _holds(item.get("it", []), kinds) for item in items)


def _round_slightly(items: list[Json]) -> None:
    """Rounds every sharp rectangle a little, in place: ThorVG moves a sharp one by whole pixels of the picture."""
    for item in items:
        if item["ty"] == "gr":
            _round_slightly(item["it"])
        elif item["ty"] == "rc" and is_always(item["r"], 0.0):
            item["r"] = {"a": 0, "k": SHARP}


def _close_filled(items: list[Json], *, fills: bool, strokes: bool) -> list[Json]:
    """Returns the elements with a last edge for each open path that is filled: ThorVG leaves that edge in steps.

    fills, strokes: whether the groups around paint these elements too. Where a stroke must not have that edge, the path
    is written twice: with the edge for the fill, and without it.
    """
    own = [item for item in items if item["ty"] in PAINTS]
    filled = fills or any(item["ty"] in FILLS for item in own)
    stroked = strokes or any(item["ty"] in STROKES for item in own)
    shapes = [item for item in items if item["ty"] not in (*PAINTS, "tr")]
    within = [item for item in shapes if item["ty"] == "gr"]
    if filled and _has_open(shapes) and not _holds(within, PAINTS):
        if not stroked:
            return [_closed(item) for item in items]
        if not (fills or strokes):
            closed = [_closed(shape) for shape in shapes]
            apart = [
                {"ty": "gr", "it": [*(closed if paint["ty"] in FILLS else shapes), paint]} for paint in own
            ]
            return [*apart, *(item for item in items if item["ty"] == "tr")]
    return [
        item | {"it": _close_filled(item["it"], fills=filled, strokes=stroked)}
        if item["ty"] == "gr"
        else item
        for item in items
    ]


def _has_open(items: list[Json]) -> bool:
    return any(_has_open(item["it"]) if item["ty"] == "gr" else _is_open(item) for item in items)


def _paths(item: Json) -> list[Json]:
    shape = item["ks"]
    return [key["s"][0] for key in shape["k"]] if shape["a"] else [shape["k"]]


def _is_open(item: Json) -> bool:
    return item["ty"] == "sh" and not all(path["c"] for path in _paths(item))


def _closed(item: Json) -> Json:
    """Returns an element whose open paths have a straight edge from the last point to the first."""
    if item["ty"] == "gr":
        return item | {"it": [_closed(one) for one in item["it"]]}
    if not _is_open(item):
        return item
    shape = item["ks"]
    if not shape["a"]:
        return item | {"ks": shape | {"k": _with_edge(shape["k"])}}
    return item | {"ks": shape | {"k": [key | {"s": [_with_edge(key["s"][0])]} for key in shape["k"]]}}


def _with_edge(path: Json) -> Json:
    return {
        "i": [*path["i"], [0.0, 0.0]], "o": [*path["o"][:-1], [0.0, 0.0], [0.0, 0.0]],
        "v": [*path["v"], path["v"][0]], "c": path["c"],
    }  # fmt: skip
