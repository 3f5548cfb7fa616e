"""Takes grouped by beat or by prompt, and what varies inside a group."""

from __future__ import annotations

from typing import Any

from post.job.model import Beat
from post.selects.coverage import TakeGroup, Varied, group_takes
from tests.selects.made import measured, recorded

BEATS = (Beat("open", "a dog runs", "brief.yaml:2"), Beat("end", "it sleeps", "brief.yaml:3"))


def grouped(*takes: tuple[str, str, dict[str, Any]]) -> tuple[TakeGroup, ...]:
    made = [measured(name, beat=beat, record=recorded(**record)) for name, beat, record in takes]
    return group_takes([(each.ref, each.take) for each in made], BEATS)


def test_the_one_dimension_that_varies_is_named_with_its_values() -> None:
    shared = {"model": "ltx", "prompt": "a dog"}
    group, rest = grouped(*[(f"d{seed}", "open", {**shared, "seed": str(seed)}) for seed in (11, 12, 14)])
    assert group.varies == (Varied("seed", ("11", "12", "14")),)
    assert group.dimension == "by seed: 11, 12, 14"
    assert (group.beat, group.says, group.names) == ("open", "a dog runs", ("d11", "d12", "d14"))
    assert (rest.beat, rest.names) == ("end", ())  # what is still to be made


def test_several_dimensions_are_listed_and_a_missing_value_is_told() -> None:
    group = grouped(
        ("a", "open", {"seed": "1", "model": "ltx", "steps": "30", "job_id": "7"}),
        ("b", "open", {"seed": "1", "model": "wan", "job_id": "8"}),
    )[0]
    assert group.dimension == "by model: ltx, wan; by steps: 30, not said"  # each run has its own job_id


def test_takes_that_are_recorded_alike_vary_in_nothing_and_one_take_has_no_dimension() -> None:
    both, one = grouped(("a", "open", {"seed": "1"}), ("b", "open", {"seed": "1"}), ("c", "end", {}))
    assert (both.dimension, one.dimension) == ("nothing that is recorded varies", "")


def test_takes_without_a_beat_are_grouped_by_equal_prompts_or_stand_alone() -> None:
    groups = grouped(
        ("a", "", {"prompt": "a  dog\n", "seed": "1"}), ("x", "", {}), ("b", "", {"prompt": "a dog", "seed": "2"}),
        ("y", "", {}), ("c", "", {"prompt": "a cat"}),
    )[2:]  # fmt: skip
    assert [each.names for each in groups] == [("a", "b"), ("x",), ("y",), ("c",)]
    assert groups[0].varies[-1] == Varied("seed", ("1", "2"))
    assert groups[0].says == "a dog"


def test_a_beat_that_the_brief_does_not_have_comes_after_its_own() -> None:
    groups = grouped(("a", "middle", {}), ("b", "end", {}))
    assert [(each.beat, each.names) for each in groups] == [("open", ()), ("end", ("b",)), ("middle", ("a",))]
