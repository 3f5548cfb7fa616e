"""A malformed policy is a user's error: it is refused with file and line, and never crashes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

import presets
from post.cli.app import run
from post.errors import AnswerprintError, JobError, Problems
from presets.yaml_nodes import Written, read
from provenance import manifest
from provenance.policy import CHECKS, PolicyInput, load, load_facts
from tests.provenance.made import House

SHIPPED = Path(presets.__file__).parent / "policy" / "house-default.yaml"
# Replaces each value of a policy in turn: every type, empty and filled.
JUNK: tuple[Any, ...] = (
    None, True, 0, -1, 2.5, "", "junk", [], [None], ["junk"], [{}], [[]], {}, {"junk": "junk"}, {"junk": [{}]},
)  # fmt: skip
Place = tuple[str | int, ...]
# Keys that shipped policies do not use, so that junk is put in their places too.
FULL: dict[str, Any] = {
    "when": {
        "all": [
            {"fact": "territory", "one_of": ["EU", "NO"]},
            {
                "any": [
                    {"fact": "is_deepfake", "eq": True},
                    {"not": {"fact": "published_at", "lte": "2026-01-01"}},
                ]
            },
        ]
    },
    "params_origin": {"one_of": "house"},
    "valid": {"from": "2026-01-01", "to": None},
    "confidence": "B",
    "waiver": {"allowed": True, "needs": ["who"]},
    "on_fail": "warn",
    "check": {"type": "c2pa.source_type", "params": {"one_of": ["trainedAlgorithmicMedia"]}},
}


@pytest.fixture(scope="module")
def given(several: Path, house: House) -> PolicyInput:
    facts = {"territory": "EU", "is_deepfake": True}
    return PolicyInput(house.verify(several), manifest.read(several, house.pem), facts)


def places(tree: Any, here: Place = ()) -> Iterator[Place]:
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, item in pairs:
        yield (*here, key)
        yield from places(item, (*here, key))


def with_junk(tree: Any, place: Place, junk: Any) -> Any:
    fresh = deepcopy(tree)
    inner = fresh
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = junk
    return fresh


def without(tree: Any, place: Place) -> Any:
    fresh = deepcopy(tree)
    inner = fresh
    for key in place[:-1]:
        inner = inner[key]
    del inner[place[-1]]
    return fresh


def by_rule(whole: Any) -> Iterator[tuple[Any, list[Place]]]:
    """Yields each rule in a policy of its own, and its places; what stands beside the rules comes with the first.

    All places of the whole are met, in policies that are read in a tenth of the time.
    """
    for number, rule in enumerate(whole["rules"]):
        one = {**whole, "rules": [rule]}
        yield one, [place for place in places(one) if number == 0 or place[:2] == ("rules", 0)]


def junked(sound: Any, spots: list[Place]) -> Iterator[Any]:
    yield from (with_junk(sound, place, junk) for place in spots for junk in JUNK)
    yield from (without(sound, place) for place in spots)


def policy(path: Path) -> Any:
    data = read(Written(path, path.name)).plain()
    # Rules are read alike: one with few keys, and one with all of them.
    data["rules"] = [data["rules"][0], {**data["rules"][0], "id": "FULL", **FULL}]
    data["facts_needed"] = {"is_deepfake": "does it look real?"}
    return data


def test_junk_in_any_place_gives_an_error_with_a_line_or_a_valid_policy(
    given: PolicyInput, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.yaml"
    made = [changed for sound, spots in by_rule(policy(SHIPPED)) for changed in junked(sound, spots)]
    refused = 0
    for data in made:
        wrong.write_text(json.dumps(data, indent=1))  # JSON is YAML
        faults = faults_of(wrong, given)
        refused += bool(faults)
        assert all(str(fault).startswith(f"{wrong}:") for fault in faults), [*map(str, faults)]
        assert {fault.exit_code for fault in faults} <= {2}
    # Some junk is valid in some places (any text as a title), most is not.
    assert refused > len(made) / 2


def faults_of(path: Path, given: PolicyInput) -> tuple[AnswerprintError, ...]:
    """Returns the faults of a policy; none where it can be checked."""
    try:
        load(path).check(given)
    except Problems as found:
        return found.faults
    return ()


RULE = 'rules: [{{id: R, force: house, clause: {{source: s, at: "1"}}, check: {check}{more}}}]'
SOURCES = (
    "profile: p\nversion: '1'\nvalid: {from: 2026-01-01}\nfacts_needed: {x: 'x?', is_deepfake: 'is it?'}\n"
    "sources: [{id: s, title: Source, date: 2026-01-01, confidence: A}]\n"
)


@pytest.mark.parametrize(
    ("check", "more", "says"),
    [
        (
            "{type: c2pa.ingredients, params: {at_least: many}}",
            "",
            "check.params.at_least: not a whole number",
        ),
        (
            "{type: c2pa.ingredients, params: {atleast: 2}}",
            "",
            "check.params.atleast: unknown key; .*'at_least'",
        ),
        ("{type: c2pa.source_type, params: {one_of: []}}", "", "check.params.one_of: an empty list"),
        ("{type: c2pa.first_action, params: {one_of: 5}}", "", "check.params.one_of: not a list; got 5"),
        (
            "{type: c2pa.first_action, params: {one_of: [[]]}}",
            "",
            r"check.params.one_of\[0\]: not text; got a list",
        ),
        ("{type: c2pa.valid}", ", on_fail: fial", "on_fail: unknown choice; .* did you mean 'fail'"),
        ("{type: c2pa.valid}", ", when: {any: []}", "when.any: an empty list"),
        ("{type: c2pa.valid}", ", when: {}", "when: not one condition"),
        ("{type: c2pa.valid}", ", when: {some: []}", "when.some: unknown key; expected all"),
        (
            "{type: c2pa.valid}",
            ", when: {all: [{fact: x}]}",
            r"when.all\[0\]: not one comparison; .*, got none",
        ),
        (
            "{type: c2pa.valid}",
            ", when: {fact: x, eq: 1, gte: 0}",
            "when: not one comparison; .*, got eq, gte",
        ),
        ("{type: c2pa.valid}", ", valid: {from: yesterday}", "valid.from: not a day"),
        ("{type: c2pa.valid}", ", confidence: D", "confidence: unknown choice"),
        ("{type: c2pa.valid}", ", waiver: {needs: [who]}", "waiver: lacks keys"),
        (
            "{type: c2pa.ingredients, params: {at_least: 1}}",
            ", params_origin: {atleast: law}",
            "params_origin.atleast: unknown key",
        ),
        ("{type: c2pa.valid}", ", when: {all: [{fact: x, eq: []}]}", r"when.all\[0\].eq: not one value"),
        ("[c2pa.valid]", "", "check: not keys and values; expected type, got a list"),
    ],
)
def test_a_mistake_that_would_silently_weaken_a_rule_is_refused(
    check: str, more: str, says: str, tmp_path: Path
) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(SOURCES + RULE.format(check=check, more=more))
    with pytest.raises(Problems, match=rf"^{path}:6: rules\[0\]\.{says}"):
        load(path)


def test_two_rules_or_two_sources_with_the_same_id_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(
        "profile: p\nversion: 1\nvalid: {from: 2026-01-01}\n"
        "sources: [{id: s, title: A, date: x, confidence: A}, {id: s, title: B, date: x, confidence: A}]\n"
        "rules:\n" + 2 * "  - {id: R, force: law, clause: {source: s, at: a}, check: {type: c2pa.valid}}\n"
    )
    with pytest.raises(Problems) as caught:
        load(path)
    assert str(caught.value).splitlines() == [
        f"{path}:4: sources[1].id: two sources with the same id; got s",
        f"{path}:7: rules[1].id: two rules with the same id; got R",
    ]


def test_true_cannot_be_compared_with_1(given: PolicyInput, tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    when = ", when: {all: [{fact: is_deepfake, eq: 1}]}"
    path.write_text(SOURCES + RULE.format(check="{type: c2pa.valid}", more=when))
    assert load(path).check(given).rulings[0].verdict == "needs_human"


@pytest.mark.parametrize("kind", CHECKS)
def test_every_check_runs_without_parameters(kind: str, given: PolicyInput) -> None:
    verdicts = ("pass", "fail", "needs_human", "not_applicable", "cannot_check")
    assert CHECKS[kind].run(given, {}).verdict in verdicts


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("facts: 3\n", "1: facts: not keys and values"),
        ("facts: [a]\n", "1: facts: not keys and values"),
        ("facts:\n  a: 1\n  b: [1]\n", "3: facts.b: not one value; expected a text, a number, true or false"),
        ("a: {b: 1}\n", "1: a: lacks keys; expected value, by, at"),
        ("a: {value: 1, by: Ana, at: soon}\n", "1: a.at: not a day"),
        ("a:\n", "1: a: not one value; .*, got nothing"),
        ("a: 1\na: 2\n", "2: a: a key written twice"),
        ("- a\n", "1: not a set of keys"),
    ],
)
def test_facts_of_a_wrong_type_are_refused_with_their_line(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text(text)
    with pytest.raises(JobError, match=rf"^{path}:{says}"):
        load_facts(path)


def test_facts_are_read_from_under_their_key_or_from_the_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    for text in ("facts: {territory: EU, shown: true}\n", "territory: EU\nshown: true\n"):
        path.write_text(text)
        assert dict(load_facts(path)) == {"territory": "EU", "shown": True}


@pytest.mark.parametrize("data", [b"{", b"a: *a", b"a: \x00", b"\xff", b"a: " + b"[" * 2000, b"a: &a [*a]"])
def test_a_file_that_is_not_yaml_is_a_usage_error(
    data: bytes, several: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "p.yaml"
    path.write_bytes(data)
    for option in ("--policy", "--facts"):
        assert run(["verify", str(several), option, str(path)]) == 2
        assert capsys.readouterr().err.startswith(f"{path}:")
