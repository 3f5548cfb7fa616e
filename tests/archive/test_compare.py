"""What differs between two plans is named by its place: a knob by its stage, never a whole segment."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from post.archive.compare import FEW, ValueDifference, differences, origin_differences

CALL = {"stage": "look", "version": 1, "knobs": [["slope", [1.0, 1.0, 1.0]], ["saturation", 1.0]]}


def said(was: Any, now: Any) -> list[tuple[str, str, str]]:
    return [(each.place, each.was, each.now) for each in differences(was, now)]


def changed(**knobs: object) -> dict[str, Any]:
    return {**CALL, "knobs": [[name, knobs.get(name, value)] for name, value in CALL["knobs"]]}  # type: ignore[misc,has-type,attr-defined]


def test_a_knob_is_named_by_its_stage() -> None:
    was, now = {"colour": [CALL]}, {"colour": [changed(saturation=1.2)]}
    assert said(was, now) == [("colour.look.saturation", "1", "1.2")]


def test_a_stage_that_is_new_or_gone_is_named() -> None:
    grain = {"stage": "grain", "version": 1, "knobs": []}
    assert said({"colour": [CALL]}, {"colour": [CALL, grain]}) == [("colour.grain", "", "grain")]
    assert said({"grain": None}, {"grain": grain}) == [("grain", "", "grain")]


def test_the_order_of_stages_is_told() -> None:
    other = {"stage": "vignette", "version": 1, "knobs": []}
    assert said({"colour": [CALL, other]}, {"colour": [other, CALL]}) == [
        ("colour", "in this order", "in another")
    ]


def test_another_version_of_a_stage_is_told() -> None:
    assert said(CALL, {**CALL, "version": 2}) == [("version", "1", "2")]


def test_a_release_is_named_by_its_library() -> None:
    assert said(
        {"toolchain": [["av", "1"], ["numpy", "2"]]}, {"toolchain": [["av", "1"], ["numpy", "3"]]}
    ) == [("toolchain.numpy", "2", "3")]


def test_of_long_lists_the_first_difference_is_told() -> None:
    was, now = [[number, "0/1"] for number in range(50)], [[number + 1, "0/1"] for number in range(50)]
    (one,) = said({"frames": was}, {"frames": now})
    assert one == ("frames[0][0]", "0", "1")


def test_lists_of_other_lengths_are_told_by_their_lengths() -> None:
    assert said([1] * 9, [1] * (FEW + 1)) == [("", "9 values", f"{FEW + 1} values")]


@pytest.mark.parametrize(("was", "now"), [(1, True), (0, False), (1, 1.0), ("1", 1), (None, 0)])
def test_values_that_only_look_equal_differ(was: object, now: object) -> None:
    assert len(said({"a": was}, {"a": now})) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)


@given(JSON, JSON)
def test_there_is_a_difference_where_there_is_one_and_none_where_there_is_none(was: Any, now: Any) -> None:
    assert list(differences(was, was)) == []
    same = repr(_sorted(was)) == repr(_sorted(now))
    assert (list(differences(was, now)) == []) == same


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(each) for each in value] if isinstance(value, list) else value


def test_origins_name_what_writes_a_value_now() -> None:
    was = [("look.saturation", "1.0", "look clean"), ("gone", "1", "job.yaml:3")]
    now = [("look.saturation", "1.2", "job.yaml:9"), ("new", "2", "default")]
    assert origin_differences(was, now) == (
        ValueDifference("look.saturation", "1.0", "1.2", "job.yaml:9"),
        ValueDifference("gone", "1", "", "job.yaml:3"),
        ValueDifference("new", "", "2", "default"),
    )
