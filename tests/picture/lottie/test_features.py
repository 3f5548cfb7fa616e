"""What ThorVG lacks is refused by name with its place; what it draws wrongly of itself is drawn right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from post.errors import JobError
from post.picture.lottie import LottieAnimation, open_lottie
from post.values.array import Array
from tests.picture.lottie.made import (
    Json,
    animation,
    ellipse,
    fill,
    group,
    layer,
    moving,
    rectangle,
    saved,
    square,
    still,
    stood,
    stroke,
)

SIDE = 40


def opened(folder: Path, *layers: Json, **more: Any) -> LottieAnimation:
    return open_lottie(saved(folder, animation(*layers, **more)), "brand.file")


def alpha(folder: Path, *layers: Json, at: int = 0, **more: Any) -> Array:
    return opened(folder, *layers, **more).draw(at, SIDE, SIDE)[..., 3]


def mask(mode: str = "a", **more: Any) -> Json:
    points = [[10.0, 10.0], [30.0, 10.0], [30.0, 30.0], [10.0, 30.0]]
    path = {"v": points, "i": [[0, 0]] * 4, "o": [[0, 0]] * 4, "c": True}
    return {"mode": mode, "inv": False, "pt": still(path), "o": still(100), "x": still(0), **more}


def masked(*masks: Json) -> Json:
    return layer(group(rectangle(20, 20, 40, 40), fill()), hasMask=True, masksProperties=list(masks))


def effect(kind: int, name: str) -> Json:
    return square(ef=[{"ty": kind, "nm": name, "en": 1, "ef": []}])


SHAPE = rectangle(20, 20, 20, 20)
GROUPS = (group(SHAPE, fill()), group(ellipse(20, 20, 9, 9), fill()))
FADED = group(*GROUPS) | {"it": [*GROUPS, {"ty": "tr", **stood(o=still(50))}]}


def text(words: str = "a", **more: Any) -> Json:
    """Returns a text layer in Inter, which comes with the product."""
    document = {"s": 9, "f": "Inter", "t": words, "j": 0, "fc": [1, 0, 0], **more}
    return layer(ty=5, t={"d": {"k": [{"t": 0, "s": document}]}})


LACKING: dict[str, tuple[Json, str]] = {
    "an expression": (square(ks=stood(r={**still(0), "x": "wiggle(2, 9) + time"})), "an expression (wiggle) on `r`"),
    "zig zag": (layer(group(SHAPE, {"ty": "zz"}, fill())), "zig zag"),
    "twist": (layer(group(SHAPE, {"ty": "tw"}, fill())), "twist"),
    "offset paths": (layer(group(SHAPE, {"ty": "op", "a": still(9)}, fill())), "offset paths"),
    "merge paths": (layer(group(SHAPE, ellipse(9, 9, 9, 9), {"ty": "mm", "mm": 4}, fill())), "merge paths"),
    "blend mode of a fill": (layer(group(SHAPE, fill(bm=4))), "the blend mode of a fill"),
    "blend mode": (square(bm=1), "the blend mode Multiply"),
    "group opacity": (layer(group(FADED)), "the opacity of a group of groups inside a group"),
    "group opacity beside": (layer(FADED, fill()), "the opacity of a group of groups beside other shapes"),
    "star points": (layer(group({"ty": "sr", "sy": 1, "pt": moving((0, 3), (9, 5))}, fill())), "a star whose number"),
    "effect": (effect(25, "Shadow"), "the effect Drop Shadow"),
    "effect of a plug-in": (effect(5, "CC Snow"), "the effect CC Snow"),
    "layer style": (square(sy=[{"ty": 1, "nm": "Glow"}]), "the layer style Glow"),
    "motion blur": (square(mb=True), "motion blur"),
    "3D": (square(ddd=1, ks=stood(rx=still(30), ry=still(0))), "a layer that is turned in 3D"),
    "camera": (layer(ty=13), "a 3D camera"),
    "sound": (layer(ty=6), "sound"),
    "feather": (masked(mask(f=still([4, 4]))), "the feather of a mask"),
    "expansion": (masked(mask(x=still(4))), "the expansion of a mask"),
    "mask mode": (masked(mask(), mask("f")), "a mask of the mode Difference among others"),
    "inverted mask": (masked(mask(), mask(inv=True)), "a mask of the mode Add, inverted among others"),
    "mask order": (masked(mask("s"), mask("a")), "masks that add to what a first mask subtracts"),
    "small capitals": (text(ca=2), "small capitals"),
    "text animator": (layer(ty=5, t={"a": [{"a": {"o": still(0)}}], "d": {"k": []}}), "a text animator"),
    "Arabic": (text("سلام"), "is shaped with its neighbours"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(LACKING))
def test_what_thorvg_lacks_is_refused_by_name_and_place(tmp_path: Path, name: str) -> None:
    made, said = LACKING[name]
    with pytest.raises(JobError) as caught:
        opened(tmp_path, made)
    text = str(caught.value)
    assert text.startswith('brand.file: made.json: layer "Layer"')
    assert said in text
    assert "cannot be drawn as it was made" in text


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(JobError) as caught:
        opened(tmp_path, *(made | {"ind": n} for n, (made, _) in enumerate(LACKING.values())))
    assert len(str(caught.value).splitlines()) == 12


def test_what_is_switched_off_or_has_no_effect_is_not_refused(tmp_path: Path) -> None:
    control = {"ty": 5, "nm": "Speed", "mn": "ADBE Slider Control", "en": 1, "ef": []}
    plain = alpha(tmp_path, square())
    for more in (
        {"ef": [control]}, {"ef": [{"ty": 29, "en": 0}]}, {"sy": [{"ty": 1, "hd": True}]},
        {"ddd": 1, "ks": stood(rx=still(0), ry=still(0)) | {"or": still([0, 0, 0])}},
    ):  # fmt: skip
        assert np.array_equal(alpha(tmp_path, square(**more)), plain)


def test_a_solid_fades_once(tmp_path: Path) -> None:
    """ThorVG multiplies the opacity of a solid twice."""
    solid = layer(ty=1, sw=40, sh=40, sc="#f00", ks=stood(o=still(50)))
    assert alpha(tmp_path, solid)[20, 20] == pytest.approx(0.5, abs=0.01)


def test_an_inverted_matte_is_the_rest(tmp_path: Path) -> None:
    """Alpha and luma mattes, and their inverses, add up to the layer."""
    source = layer(group(ellipse(20, 20, 30, 30), fill(0.9, 0.5, 0.2, o=still(70))), td=1)
    target = layer(group(rectangle(20, 20, 40, 40), fill()), ind=2)
    for kind in (1, 3):
        shown, rest = (alpha(tmp_path, source, target | {"tt": tt}) for tt in (kind, kind + 1))
        assert 0.1 < shown[20, 20] < 0.9
        assert np.abs(shown + rest - 1).max() < 0.02


def test_a_subtracting_or_inverted_mask_is_the_rest(tmp_path: Path) -> None:
    inside = alpha(tmp_path, masked(mask()))
    assert inside[20, 20] == 1
    assert inside[5, 5] == 0
    for rest in (mask("s"), mask(inv=True)):
        assert np.abs(alpha(tmp_path, masked(rest)) + inside - 1).max() < 0.01
    assert np.array_equal(alpha(tmp_path, masked(mask("s", inv=True))), inside)


def test_each_part_of_a_value_has_its_own_ease(tmp_path: Path) -> None:
    """ThorVG reads the first ease for both sides of a scale."""
    fast, slow = ({"x": [0.1, 0.9], "y": [0.9, 0.1]}, {"x": [0.2, 0.99], "y": [1, 0.2]})
    scale = {"a": 1, "k": [{"t": 0, "s": [0, 0], "o": fast, "i": slow}, {"t": 50, "s": [100, 100]}]}
    made = layer(group(rectangle(0, 0, 40, 40), fill()), ks=stood(20, 20, s=scale))
    shown = alpha(tmp_path, made, at=25)
    assert shown[20].sum() > 1.5 * shown[:, 20].sum()


def test_a_loop_repeats_its_keyframes(tmp_path: Path) -> None:
    turn = moving((0, 0), (10, 30), (20, 75)) | {"x": "var $bm_rt;\n$bm_rt = loopOut('cycle');"}
    looping = opened(tmp_path, square(ks=stood(20, 20, a=still([20, 20]), r=turn)))
    for at in (0, 7, 13, 19):
        assert np.allclose(looping.draw(at, SIDE, SIDE), looping.draw(at + 20, SIDE, SIDE), atol=0.02)
        assert np.allclose(looping.draw(at, SIDE, SIDE), looping.draw(at + 40, SIDE, SIDE), atol=0.02)


def test_the_copies_of_a_repeater_stand_and_fade_in_steps(tmp_path: Path) -> None:
    step = {**stood(10), "so": still(100), "eo": still(20)}
    repeater = {"ty": "rp", "c": still(3), "o": still(0), "m": 1, "tr": step}
    shown = alpha(tmp_path, layer(group(rectangle(5, 20, 8, 8), fill(), repeater)))
    assert [shown[20, x] for x in (5, 15, 25, 35)] == pytest.approx([1, 0.6, 0.2, 0], abs=0.01)


def test_a_point_with_round_caps_is_a_dot(tmp_path: Path) -> None:
    point = {"ty": "sh", "ks": still({"v": [[20, 20]], "i": [[0, 0]], "o": [[0, 0]], "c": True})}
    shown = alpha(tmp_path, layer(group(point, stroke(20))))
    assert shown.sum() == pytest.approx(np.pi * 100, rel=0.03)


def test_the_last_edge_of_a_filled_open_path_is_smooth(tmp_path: Path) -> None:
    """ThorVG leaves it in steps; a stroke does not go along it."""
    points = [[2, 2], [38, 2], [2, 20]]
    path, closed = (
        {"ty": "sh", "ks": still({"v": points, "i": [[0, 0]] * 3, "o": [[0, 0]] * 3, "c": c})}
        for c in (False, True)
    )
    wanted = alpha(tmp_path, layer(group(closed, fill())))
    assert np.abs(alpha(tmp_path, layer(group(path, fill()))) - wanted).max() < 0.01
    thin = stroke(1, o=still(100))
    assert alpha(tmp_path, layer(group(path, thin, fill())))[12, 2] == pytest.approx(wanted[12, 2], abs=0.01)


def test_colours_of_old_files_are_read(tmp_path: Path) -> None:
    colour = fill() | {"c": still([255, 128, 0, 255])}
    drawn = opened(tmp_path, layer(group(SHAPE, colour)), v="4.1.6").draw(0, SIDE, SIDE)
    assert drawn[20, 20] == pytest.approx([1, 128 / 255, 0, 1], abs=0.005)


def test_a_group_of_groups_fades_as_a_whole(tmp_path: Path) -> None:
    """ThorVG fades each part by itself; what the layer carries and how it is masked stays."""
    child = square(ind=2, parent=1, ks=stood(-10, -10))
    drawn = opened(tmp_path, layer(FADED, group(rectangle(36, 36, 8, 8), fill(0, 1)), ks=stood(1)), child)
    picture = drawn.draw(0, SIDE, SIDE)
    assert picture[20, 21] == pytest.approx([0.5, 0, 0, 0.5], abs=0.01)
    assert picture[20, 12] == pytest.approx([0.5, 0, 0, 0.5], abs=0.01)
    assert picture[36, 37] == pytest.approx([0, 1, 0, 1], abs=0.01)
    assert picture[4, 4] == pytest.approx([1, 0, 0, 1], abs=0.01)
    clipped = masked(mask()) | {"shapes": [FADED, group(rectangle(20, 20, 40, 40), fill(0, 1))]}
    shown = opened(tmp_path, clipped).draw(0, SIDE, SIDE)
    assert shown[5, 5, 3] == 0
    assert shown[20, 20] == pytest.approx([0.5, 0.5, 0, 1], abs=0.01)


def test_a_slot_gives_a_colour(tmp_path: Path) -> None:
    colour = fill() | {"c": {"sid": "accent", "a": 0, "k": [1, 0, 0]}}
    made = opened(tmp_path, layer(group(SHAPE, colour)), slots={"accent": {"p": still([0, 0, 1])}})
    assert made.draw(0, SIDE, SIDE)[20, 20] == pytest.approx([0, 0, 1, 1])


def test_a_hidden_layer_still_moves_others(tmp_path: Path) -> None:
    hidden = layer(ind=2, hd=True, ks=stood(8))
    moved = alpha(tmp_path, square(parent=2), hidden)
    assert np.array_equal(moved[:, 8:], alpha(tmp_path, square())[:, :-8])


def test_keys_may_stand_in_any_order(tmp_path: Path) -> None:
    whole = animation(masked(mask(inv=True)))
    turned = json.loads(json.dumps(whole), object_pairs_hook=lambda pairs: dict(reversed(pairs)))
    first, second = (open_lottie(saved(tmp_path, one), "x").draw(0, SIDE, SIDE) for one in (whole, turned))
    assert np.array_equal(first, second)
