"""Broken, hostile and odd Lottie files: those that must be refused, and those that must be drawn."""

from __future__ import annotations

import json
from typing import Any

from tests.picture.lottie.made import (
    animation,
    ellipse,
    fill,
    group,
    layer,
    moving,
    rectangle,
    square,
    still,
    stood,
    stroke,
)  # fmt: skip

WHOLE = json.dumps(animation(square()))
NAN = WHOLE.replace('"r": {"a": 0, "k": 0}', '"r": {"a": 0, "k": NaN}', 1)


def with_ks(**more: Any) -> dict[str, Any]:
    return animation(square(ks=stood(**more)))


def with_path(path: Any) -> dict[str, Any]:
    return animation(layer(group({"ty": "sh", "ks": still(path)}, fill())))


def precomp(key: str, **more: Any) -> dict[str, Any]:
    return layer(ty=0, refId=key, w=40, h=40, **more)


def deep_groups(depth: int) -> dict[str, Any]:
    item = group(rectangle(20, 20, 20, 20), fill())
    for _ in range(depth):
        item = group(item)
    return animation(layer(item))


def bomb(levels: int) -> dict[str, Any]:
    """Returns precomps of which each holds the next ten times."""
    comps = [{"id": f"c{n}", "layers": [precomp(f"c{n + 1}") for _ in range(10)]} for n in range(levels)]
    return animation(precomp("c0"), assets=[*comps, {"id": f"c{levels}", "layers": [square()]}])


def repeater(copies: Any) -> dict[str, Any]:
    return {
        "ty": "rp",
        "c": still(copies),
        "o": still(0),
        "m": 1,
        "tr": {**stood(1), "so": still(100), "eo": still(100)},
    }


def image(text: str, **more: Any) -> dict[str, Any]:
    return animation(layer(ty=2, refId="i"), assets=[{"id": "i", "w": 8, "h": 8, "e": 1, "p": text, **more}])


REFUSED: dict[str, Any] = {
    "empty": "",
    "no JSON": "hello",
    "cut short": WHOLE[: len(WHOLE) // 2],
    "a list": "[]",
    "a number": "7",
    "null": "null",
    "no layers": {"v": "5.9.0"},
    "layers no list": animation() | {"layers": {}},
    "layers of numbers": animation() | {"layers": [1, 2]},
    "not a number": NAN,
    "infinite": NAN.replace("NaN", "-Infinity"),
    "nested brackets": "[" * 100_000,
    "huge integer": NAN.replace("NaN", "9" * 5000),
    "huge power": NAN.replace("NaN", "1e999"),
    "large": NAN.replace("NaN", "1e12"),
    "text for number": with_ks(r=still("x")),
    "object for number": with_ks(r=still({})),
    "null value": with_ks(r=still(None)),
    "value no object": with_ks(r=5),
    "width 0": animation(square(), w=0),
    "width negative": animation(square(), w=-5),
    "width huge": animation(square(), w=1_000_000),
    "width text": animation(square(), w="wide"),
    "no height": {k: v for k, v in animation(square()).items() if k != "h"},
    "rate 0": animation(square(), fr=0),
    "rate negative": animation(square(), fr=-30),
    "rate huge": animation(square(), fr=1e6),
    "no frames": animation(square(), op=0),
    "ends first": animation(square(), ip=50, op=20),
    "endless": animation(square(), op=1e7),
    "stretch 0": animation(square(sr=0)),
    "parent missing": animation(square(parent=7)),
    "parent of itself": animation(square(parent=1)),
    "parents in a circle": animation(square(ind=1, parent=2), square(ind=2, parent=1)),
    "matte missing": animation(square(tt=1, tp=9)),
    "matte above nothing": animation(square(tt=1)),
    "mattes in a circle": animation(square(ind=1, tt=1, tp=2), square(ind=2, tt=1, tp=1)),
    "matte type": animation(square(td=1), square(ind=2, tt=9)),
    "layer type": animation(layer(ty=99)),
    "no layer type": animation({k: v for k, v in square().items() if k != "ty"}),
    "no precomp": animation(precomp("none")),
    "precomp in itself": animation(precomp("a"), assets=[{"id": "a", "layers": [precomp("a")]}]),
    "precomps in a circle": animation(
        precomp("a"), assets=[{"id": "a", "layers": [precomp("b")]}, {"id": "b", "layers": [precomp("a")]}]
    ),
    "ten to the eighth layers": bomb(8),
    "groups 1,000 deep": deep_groups(300),
    "asset without id": animation(square(), assets=[{"layers": []}]),
    "image text": image("data:image/png;base64,%%%"),
    "image of nothing": image("data:image/png;base64,"),
    "image no picture": image("data:image/png;base64,aGVsbG8="),
    "image of a page": image("data:text/html;base64,aGVsbG8="),
    "image elsewhere": image("photo.png", e=0),
    "image on the net": image("http://localhost/a.png", e=0),
    "image far up": image("../../etc/passwd", e=0),
    "image size": image("data:image/png;base64,aGVsbG8=", w=10**6),
    "no image": animation(layer(ty=2, refId="i")),
    "path without tangents": with_path({"v": [[0, 0], [9, 9], [0, 9]], "i": [], "o": [], "c": True}),
    "path of numbers": with_path({"v": [1, 2], "i": [1, 2], "o": None, "c": True}),
    "path text": with_path("M0 0"),
    "points that vary": animation(
        layer(
            group(
                {
                    "ty": "sh",
                    "ks": {
                        "a": 1,
                        "k": [
                            {
                                "t": t,
                                "s": [{"v": [[0, 0]] * n, "i": [[0, 0]] * n, "o": [[0, 0]] * n, "c": True}],
                            }
                            for t, n in ((0, 3), (9, 7))
                        ],
                    },
                },
                fill(),
            )
        )
    ),
    "keyframes backwards": with_ks(r=moving((30, 0), (10, 90))),
    "keyframe without time": with_ks(r={"a": 1, "k": [{"s": [1], "t": None}]}),
    "keyframe without value": with_ks(r={"a": 1, "k": [{"t": 0}, {"t": 9}]}),
    "ease without points": with_ks(
        r={
            "a": 1,
            "k": [{"t": 0, "s": [0], "i": {"x": [], "y": []}, "o": {"x": [], "y": []}}, {"t": 9, "s": [9]}],
        }
    ),
    "loop of nothing": with_ks(
        r={"a": 1, "x": "loopOut('cycle')", "k": [{"t": 0, "s": [0]}, {"t": 1e-7, "s": [9]}]}
    ),
    "endless expression": with_ks(r={**still(0), "x": "while(true){}"}),
    "a million copies": animation(layer(group(rectangle(9, 9, 2, 2), fill(), repeater(1e6)))),
    "copies of copies": animation(
        layer(group(rectangle(9, 9, 2, 2), fill(), *[repeater(900) for _ in range(3)]))
    ),
    "points of a star": animation(
        layer(
            group(
                {
                    "ty": "sr",
                    "sy": 1,
                    "pt": still(1e6),
                    "or": still(9),
                    "ir": still(4),
                    "p": still([9, 9]),
                    "r": still(0),
                    "os": still(0),
                    "is": still(0),
                },
                fill(),
            )
        )
    ),
    "gradient stops": animation(
        layer(
            group(
                rectangle(9, 9, 9, 9),
                {
                    "ty": "gf",
                    "t": 1,
                    "g": {"p": 9, "k": still([0, 1, 0, 0])},
                    "s": still([0, 0]),
                    "e": still([9, 9]),
                    "o": still(100),
                },
            )
        )
    ),
    "solid colour": animation(layer(ty=1, sw=9, sh=9, sc="red")),
    "text no object": animation(layer(ty=5, t=[])),
    "text endless": animation(
        layer(ty=5, t={"d": {"k": [{"t": 0, "s": {"s": 9, "f": "Inter", "t": "a" * 9999}}]}})
    ),
    "short dashes": animation(
        layer(group(ellipse(20, 20, 1e5, 1e5), stroke(d=[{"n": "d", "v": still(0.1)}])))
    ),
    "slot circle": animation(square(ks=stood(r={"sid": "a"})), slots={"a": {"p": {"sid": "a"}}}),
}

DRAWN: dict[str, Any] = {
    "no layer": animation(),
    "byte order mark": "\ufeff" + WHOLE,
    "keys twice": WHOLE.replace('"w": 40', '"w": 1, "w": 40'),
    "no shapes": animation(layer()),
    "shapes without paint": animation(layer(group(rectangle(9, 9, 9, 9)))),
    "size 0": animation(layer(group(rectangle(9, 9, 0, 0), ellipse(0, 0, 0, -9), fill(), stroke(0)))),
    "far away": animation(square(ks=stood(1e6, -1e6))),
    "enormous": animation(square(ks=stood(s=still([1e6, 1e6, 100])))),
    "stroke as wide as the world": animation(layer(group(rectangle(9, 9, 9, 9), stroke(1e6)))),
    "dashes of nothing": animation(
        layer(
            group(ellipse(20, 20, 1e5, 1e5), stroke(d=[{"n": "d", "v": still(0)}, {"n": "g", "v": still(0)}]))
        )
    ),
    "dashes": animation(
        layer(
            group(
                ellipse(20, 20, 90, 90), stroke(d=[{"n": "d", "v": still(0.1)}, {"n": "g", "v": still(0.1)}])
            )
        )
    ),
    "a path of no points": with_path({"v": [], "i": [], "o": [], "c": True}),
    "a path of one point": with_path({"v": [[9, 9]], "i": [[0, 0]], "o": [[0, 0]], "c": True}),
    "unknown keys": animation(square(zz=[[[]]], ef=[], xx={"a": {"b": None}})),
    "in the past": animation(square(ip=-1e6, op=-9)),
    "skewed flat": animation(square(ks=stood(sk=still(90), sa=still(45)))),
    "radius": animation(
        layer(
            group(
                rectangle(9, 9, 9, 9) | {"r": still(1e6)},
                {"ty": "rd", "r": still(1e6)},
                {"ty": "pb", "a": still(-1e5)},
                fill(),
            )
        )
    ),
    "trim": animation(
        layer(
            group(
                ellipse(9, 9, 9, 9),
                {"ty": "tm", "s": still(-1e5), "e": still(1e5), "o": still(1e6), "m": 1},
                stroke(),
            )
        )
    ),
    "same time": with_ks(r=moving((5, 0), (5, 40), (5, 90))),
    "long run of keyframes": with_ks(r=moving(*((n / 100, n) for n in range(5000)))),
}
