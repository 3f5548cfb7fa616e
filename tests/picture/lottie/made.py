"""Makes small Lottie files for tests: a layer, a group, a fill, and what else a test needs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

Json = dict[str, Any]


def still(value: Any) -> Json:
    return {"a": 0, "k": value}


def moving(*keys: tuple[float, Any]) -> Json:
    """Returns a value that moves between keyframes in straight lines."""
    return {
        "a": 1,
        "k": [{"t": at, "s": value if isinstance(value, list) else [value]} for at, value in keys],
    }


def stood(x: float = 0, y: float = 0, **more: Any) -> Json:
    """Returns a transform."""
    return {
        "p": still([x, y, 0]),
        "a": still([0, 0, 0]),
        "s": still([100, 100, 100]),
        "r": still(0),
        "o": still(100),
        **more,
    }


def rectangle(x: float, y: float, width: float, height: float) -> Json:
    return {"ty": "rc", "d": 1, "p": still([x, y]), "s": still([width, height]), "r": still(0)}


def ellipse(x: float, y: float, width: float, height: float) -> Json:
    return {"ty": "el", "d": 1, "p": still([x, y]), "s": still([width, height])}


def fill(red: float = 1, green: float = 0, blue: float = 0, **more: Any) -> Json:
    return {"ty": "fl", "c": still([red, green, blue, 1]), "o": still(100), "r": 1, **more}


def stroke(width: float = 4, **more: Any) -> Json:
    return {
        "ty": "st",
        "c": still([0, 0, 1, 1]),
        "o": still(100),
        "w": still(width),
        "lc": 2,
        "lj": 2,
        **more,
    }


def group(*items: Json, **more: Any) -> Json:
    return {"ty": "gr", "nm": "Group", "it": [*items, {"ty": "tr", **stood()}], **more}


def layer(*shapes: Json, **more: Any) -> Json:
    return {
        "ind": 1,
        "ty": 4,
        "nm": "Layer",
        "sr": 1,
        "ks": stood(),
        "shapes": list(shapes),
        "ip": 0,
        "op": 60,
        "st": 0,
        **more,
    }


def square(**more: Any) -> Json:
    """Returns a layer with a red square from 10 to 30 px."""
    return layer(group(rectangle(20, 20, 20, 20), fill()), **more)


def animation(*layers: Json, **more: Any) -> Json:
    """Returns a file of 40x40 px, 60 frames at 30 a second."""
    return {
        "v": "5.9.0",
        "fr": 30,
        "ip": 0,
        "op": 60,
        "w": 40,
        "h": 40,
        "assets": [],
        "layers": list(layers),
        "markers": [],
        **more,
    }


def saved(folder: Path, document: Any, name: str = "made.json") -> Path:
    path = folder / name
    path.write_text(document if isinstance(document, str) else json.dumps(document), "utf-8")
    return path
