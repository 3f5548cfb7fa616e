"""What several policies require together is never weaker than any of them, in whatever order they are named."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from post.errors import JobError
from provenance.policy import checks
from provenance.policy.document import strictness
from provenance.policy.document.conditions import Comparing, Condition
from provenance.policy.document.merge import MergedPolicy, MergedRule, merge_policies, parameter_text
from provenance.policy.document.policy import Parameter, Policy, PolicyRule
from tests.provenance.policy.document.policies import policy, rule

NUMBERS = st.integers(0, 8) | st.fractions(0, 8, max_denominator=4)
WORDS = st.sets(st.sampled_from("abc"), min_size=1).map(lambda each: tuple(sorted(each)))
# Of each type of check, its parameters and how a film that was measured meets them: told here anew, in few words.
CHECKS: Mapping[str, Mapping[str, st.SearchStrategy[Parameter]]] = {
    "label.height": {"percent": NUMBERS, "texts": WORDS},
    "label.first_seen": {"by_s": NUMBERS, "texts": WORDS},
    "c2pa.source_type": {"one_of": WORDS},
    "label.crop": {"to": WORDS},
    "sound.loudness": {"lufs": NUMBERS, "tolerance_lu": NUMBERS},
    "pse.general": {"flashes": NUMBERS, "of": st.sampled_from(("field", "screen"))},
}
Measured = tuple[Fraction, str, frozenset[str]]
MEASURED = st.tuples(
    st.fractions(0, 8, max_denominator=8), st.sampled_from("abc"), st.frozensets(st.sampled_from("abc"))
)


def test_two_policies_that_differ_never_count_as_one() -> None:
    a, b = (policy("p", rule("R", "label.height", {"percent": least})) for least in (3, 5))
    assert len(merge_policies([a, a]).rules) == 1
    with pytest.raises(JobError, match="two policies have one name and version"):
        merge_policies([a, b])


@st.composite
def rules(draw: st.DrawFn) -> PolicyRule:
    check = draw(st.sampled_from(sorted(CHECKS)))
    params = {name: draw(values) for name, values in CHECKS[check].items()}
    when = draw(st.sampled_from((Condition("all", ()), Condition("all", (Comparing("f", "eq", (True,)),)))))
    return rule(
        draw(st.uuids()).hex, check, params, when=when, on_fail=draw(st.sampled_from(("fail", "warn")))
    )


POLICIES = st.lists(st.lists(rules(), min_size=1, max_size=4), min_size=1, max_size=3).map(
    lambda several: [policy(f"p{number}", *each) for number, each in enumerate(several)]
)


def meets(check: str, params: Mapping[str, Parameter], measured: Measured) -> bool:
    number, word, words = measured

    def exact(name: str) -> Fraction:
        value = params[name]
        assert isinstance(value, int | Fraction)
        return Fraction(value)

    if check == "label.height":
        return number >= exact("percent")
    if check == "label.first_seen":
        return number <= exact("by_s")
    if check == "c2pa.source_type":
        return word in params["one_of"]  # type: ignore[operator]
    if check == "label.crop":
        return words >= set(params["to"])  # type: ignore[arg-type]
    if check == "sound.loudness":
        return abs(number - exact("lufs")) <= exact("tolerance_lu")
    return number <= exact("flashes")


@given(POLICIES, st.randoms(use_true_random=False))
def test_the_order_of_policies_does_not_matter(policies: list[Policy], random: object) -> None:
    shuffled = sorted(policies, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert merge_policies(policies) == merge_policies(shuffled)
    assert merge_policies([*policies, policies[0]]) == merge_policies(policies)


@given(POLICIES, MEASURED)
def test_what_meets_the_merged_rules_meets_each_rule(policies: list[Policy], measured: Measured) -> None:
    merged = merge_policies(policies)
    rules_by_name = {f"{each.name}/{one.id}": one for each in policies for one in each.rules}
    assert sorted(name for each in merged.rules for name in each.rules) == sorted(rules_by_name)
    for each in merged.rules:
        contradicted = any(one.value is None for one in each.parameters)
        if not contradicted and meets(each.check, each.values, measured):
            assert all(meets(each.check, rules_by_name[name].parameters, measured) for name in each.rules)
        if contradicted:
            assert not all(meets(each.check, rules_by_name[name].parameters, measured) for name in each.rules)


@given(POLICIES)
def test_each_number_is_one_that_a_rule_states_or_lies_between(policies: list[Policy]) -> None:
    """And the rules that set it are named."""
    for each in merge_policies(policies).rules:
        for one in each.parameters:
            assert one.set_by
            assert set(one.set_by) <= set(each.rules)
            if each.check not in ("sound.loudness", "c2pa.source_type", "label.crop"):
                assert all(dict(one.stated)[name] == one.value for name in one.set_by)


def only(merged: MergedPolicy) -> MergedRule:
    (found,) = merged.rules
    return found


def test_the_strictest_number_wins_and_its_rule_is_named() -> None:
    a = policy("a", rule("R", "label.height", {"percent": 3, "texts": ("AI",)}, force="code"))
    b = policy("b", rule("S", "label.height", {"percent": 5, "texts": ("AI",)}, force="law"))
    found = only(merge_policies([a, b]))
    assert found.values["percent"] == 5
    assert {each.name: (each.set_by, each.origin) for each in found.parameters}["percent"] == (
        ("b/S",),
        "law",
    )


def test_labels_of_other_texts_are_other_labels() -> None:
    a = policy("a", rule("R", "label.height", {"percent": 3, "texts": ("AI",)}))
    b = policy("b", rule("S", "label.height", {"percent": 5, "texts": ("AI生成",)}))
    assert len(merge_policies([a, b]).rules) == 2


def test_targets_that_no_film_meets_are_told_once_with_their_tolerances() -> None:
    quiet = policy("quiet", rule("R", "sound.loudness", {"lufs": -27, "tolerance_lu": 2}))
    loud = policy(
        "loud", rule("S", "sound.loudness", {"lufs": -14, "tolerance_lu": Fraction(1, 2)}, on_fail="warn")
    )
    (found,) = merge_policies([quiet, loud]).contradictions
    assert (
        str(found) == "no film meets sound.loudness of all: lufs: loud/S has -14 +- 0.5; quiet/R has -27 +- 2"
    )


def test_rules_that_all_apply_are_merged_whatever_they_depend_on() -> None:
    when = Condition("all", (Comparing("f", "eq", (True,)),))
    a = policy("a", rule("R", "label.crop", {"to": ("1:1",)}, when=when))
    b = policy("b", rule("S", "label.crop", {"to": ("9:16",)}))
    assert only(merge_policies([a, b], {"f": True})).values["to"] == ("1:1", "9:16")
    assert len(merge_policies([a, b]).rules) == 2
    assert only(merge_policies([a, b], {"f": False})).rules == ("b/S",)
    assert merge_policies([a, b], {}).undecided == (("a/R", "nobody has declared: f"),)


def test_a_parameter_that_nothing_is_known_of_keeps_rules_apart() -> None:
    a = policy("a", rule("R", "ours.check", {"much": 3}))
    b = policy("b", rule("S", "ours.check", {"much": 4}))
    assert len(merge_policies([a, b]).rules) == 2


def test_numbers_are_written_as_policy_files_have_them() -> None:
    assert [parameter_text(each) for each in (Fraction(249, 10), Fraction(3), 3, "a", ("a", "b"))] == [
        "24.9", "3", "3", "a", "a, b",
    ]  # fmt: skip


def test_two_versions_of_one_policy_are_told_apart() -> None:
    several = [
        policy("p", rule("R", "label.height", {"percent": value}), version=str(value)) for value in (3, 5)
    ]
    found = only(merge_policies(several))
    assert found.rules == ("p 3/R", "p 5/R")
    assert found.parameters[0].set_by == ("p 5/R",)


def test_every_parameter_of_a_check_is_known_here_or_none_is() -> None:
    """Else a policy that names it would be refused where its check is not at hand."""
    for name, check in checks.CHECKS.items():
        known = strictness.known_parameters(name)
        assert not known or set(check.takes) <= set(known), name
        for parameter, kind in check.takes.items():
            direction = known.get(parameter, "apart")
            assert direction not in strictness.NUMBERS or kind in (int, Fraction), (name, parameter)
            assert direction not in strictness.LISTS or kind is tuple, (name, parameter)
