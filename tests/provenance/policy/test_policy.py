"""A policy passes a film only if something was checked and met."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import presets
from post.errors import JobError, Problems
from post.values.claim import Ruling, Verdict
from provenance import manifest
from provenance.coverage.bmff import UnhashedBytes
from provenance.policy import CHECKS, AllOf, AnyOf, PolicyInput, Profile, load
from provenance.policy.document.facts import DeclaredFact, Facts
from provenance.report import PolicyResult
from provenance.verify import verify
from provenance.verify.reviewer.wording import QUESTIONS
from tests.provenance.made import House, flipped

HOUSE = Path(presets.__file__).parent / "policy" / "house-default.yaml"


@pytest.fixture(scope="module")
def evidence(several: Path, house: House) -> PolicyInput:
    return PolicyInput(house.verify(several), manifest.read(several, house.pem), {"territory": "EU"})


def rule(**more: Any) -> dict[str, Any]:
    clause = {"source": "s", "at": "1"}
    return {"id": "R", "force": "house", "clause": clause, "check": {"type": "c2pa.valid"}} | more


def profile(tmp_path: Path, *rules: dict[str, Any], confidence: str = "A") -> Profile:
    source = {"id": "s", "title": "Source", "date": "2026-01-01", "confidence": confidence}
    asked = {"is_deepfake": "is it?"}
    data = {
        "profile": "p", "version": "1", "valid": {"from": "2026-01-01"}, "sources": [source], "facts_needed": asked,
        "rules": list(rules),
    }  # fmt: skip
    path = tmp_path / "p.yaml"
    YAML().dump(data, path)
    return load(path)


def verdict(made: Profile, evidence: PolicyInput) -> Verdict:
    return made.check(evidence).rulings[0].verdict


@dataclass(frozen=True)
class Fixed:
    is_: Verdict

    def check(self, evidence: PolicyInput) -> Ruling:
        return Ruling(self.is_, self.is_)


@pytest.mark.parametrize("name", ["single", "several"])
def test_our_own_films_pass_the_house_policy(name: str, house: House, request: pytest.FixtureRequest) -> None:
    report = verify(request.getfixturevalue(name), house.anchors, [load(HOUSE)])
    (result,) = report.policies
    open_rules = [ruling.id for ruling in result.rulings if ruling.verdict != "pass"]
    # Nothing looks at the picture here, which is no pass.
    assert open_rules == ["HOUSE-LABEL"]
    assert report.exit_code == 7


def test_a_changed_film_fails_the_house_policy(several: Path, house: House, tmp_path: Path) -> None:
    spoilt = tmp_path / "spoilt.mp4"
    spoilt.write_bytes(flipped(several.read_bytes(), several.stat().st_size - 2000))
    (result,) = verify(spoilt, house.anchors, [load(HOUSE)]).policies
    assert "HOUSE-VALID" in {ruling.id for ruling in result.rulings if ruling.verdict == "fail"}


def test_a_film_with_bytes_that_nobody_signed_is_not_valid(evidence: PolicyInput, tmp_path: Path) -> None:
    loose = replace(evidence.report, unhashed=(UnhashedBytes("/free", 6),))
    made = profile(tmp_path, rule())
    assert verdict(made, evidence) == "pass"
    assert verdict(made, replace(evidence, report=loose)) == "fail"


def test_a_failed_policy_alone_exits_4(generated: Path, house: House) -> None:
    report = verify(generated, house.anchors, [load(HOUSE)])
    assert report.sound
    assert report.exit_code == 4


def test_an_unknown_check_is_never_a_pass(several: Path, house: House, tmp_path: Path) -> None:
    made = profile(tmp_path, rule(check={"type": "label.contrast"}), rule(id="S"))
    report = verify(several, house.anchors, [made])
    assert [ruling.verdict for ruling in report.policies[0].rulings] == ["cannot_check", "pass"]
    assert str(report.policies[0]) == "1 rules checked, 1 not checkable"
    assert report.exit_code == 7


def test_a_policy_without_rules_is_refused(tmp_path: Path) -> None:
    with pytest.raises(JobError, match="without rules"):
        profile(tmp_path)


@pytest.mark.parametrize("kind", [AllOf, AnyOf])
def test_a_combination_of_nothing_is_refused(kind: type[AllOf] | type[AnyOf]) -> None:
    with pytest.raises(ValueError, match="no rules"):
        kind("R", [])


@pytest.mark.parametrize(
    ("parts", "all_of", "any_of"),
    [
        (["pass", "pass"], "pass", "pass"),
        (["pass", "fail"], "fail", "pass"),
        (["pass", "cannot_check"], "cannot_check", "pass"),
        (["fail", "cannot_check"], "fail", "cannot_check"),
        (["warn", "not_applicable"], "warn", "warn"),
        (["needs_human", "warn"], "needs_human", "warn"),
        (["not_applicable"], "not_applicable", "not_applicable"),
    ],
)
def test_combinations_give_the_worst_or_the_best_verdict(
    parts: list[Verdict], all_of: Verdict, any_of: Verdict, evidence: PolicyInput
) -> None:
    rules = [Fixed(part) for part in parts]
    assert AllOf("R", rules).check(evidence).verdict == all_of
    assert AnyOf("R", rules).check(evidence).verdict == any_of


def test_an_undeclared_fact_needs_a_human(evidence: PolicyInput, tmp_path: Path) -> None:
    def on(fact: str, value: object) -> Verdict:
        return verdict(profile(tmp_path, rule(when={"all": [{"fact": fact, "eq": value}]})), evidence)

    assert on("is_deepfake", True) == "needs_human"
    assert on("territory", "EU") == "pass"
    assert on("territory", "CN") == "not_applicable"


@pytest.mark.parametrize(
    ("force", "confidence", "comes_to"),
    [
        ("house", "A", "fail"),
        ("law", "B", "fail"),
        ("draft", "A", "warn"),
        ("law", "C", "warn"),
        ("law", "X", "warn"),
    ],
)
def test_a_draft_or_a_doubtful_source_warns_and_never_fails(
    force: str, confidence: str, comes_to: Verdict, evidence: PolicyInput, tmp_path: Path
) -> None:
    stamped = rule(force=force, check={"type": "c2pa.timestamp"})  # our film has no time-stamp
    assert verdict(profile(tmp_path, stamped, confidence=confidence), evidence) == comes_to


@pytest.mark.parametrize(
    ("kind", "params", "comes_to"),
    [
        ("c2pa.first_action", {"one_of": ["c2pa.opened"]}, "fail"),
        ("c2pa.source_type", {"one_of": ["trainedAlgorithmicMedia"]}, "fail"),
        ("c2pa.source_type", {"one_of": ["compositeWithTrainedAlgorithmicMedia"]}, "pass"),
        ("c2pa.ingredients", {"at_least": 3}, "fail"),
        ("c2pa.ingredients", {"at_least": 2}, "pass"),
        ("c2pa.signer_trust", {"is": "untrusted"}, "fail"),
    ],
)
def test_checks_give_the_right_verdict(
    kind: str, params: dict[str, Any], comes_to: Verdict, evidence: PolicyInput, tmp_path: Path
) -> None:
    assert verdict(profile(tmp_path, rule(check={"type": kind, "params": params})), evidence) == comes_to


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("c2pa.first_action", {}),
        ("c2pa.source_type", {"one_of": ["compositeWithTrainedAlgorithmicMedia"]}),
        ("c2pa.ingredients", {"at_least": 2}),
    ],
)
def test_what_a_changed_manifest_says_is_no_pass(
    kind: str, params: dict[str, Any], evidence: PolicyInput, tmp_path: Path
) -> None:
    made = profile(tmp_path, rule(check={"type": kind, "params": params}))
    assert verdict(made, evidence) == "pass"
    changed = replace(evidence, report=replace(evidence.report, integrity="tampered"))
    assert verdict(made, changed) == "fail"


def test_a_generated_film_without_a_disclosure_fails(generated: Path, house: House, tmp_path: Path) -> None:
    made = profile(tmp_path, rule(check={"type": "ai-disclosure.present"}))
    assert verify(generated, house.anchors, [made]).policies[0].rulings[0].verdict == "fail"


def test_every_fault_in_a_policy_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(Problems) as caught:
        profile(
            tmp_path,
            rule(force="rumour"),
            rule(id="S", clause={"source": "none", "at": "1"}),
            rule(id="T", check={}),
            rule(id="U", colour="red"),
            {"id": "V"},
        )
    assert len(caught.value.faults) == 5


@pytest.mark.parametrize("text", ["", "[1]", "profile: x", "{", "rules: {}"])
def test_a_file_that_is_no_policy_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(text)
    with pytest.raises(JobError):
        load(path)


def test_a_result_counts_what_it_could_not_check() -> None:
    result = PolicyResult("p", "1", (Ruling("a", "pass"), Ruling("b", "needs_human"), Ruling("c", "fail")))
    assert str(result) == "2 rules checked, 1 not checkable"
    idle = PolicyResult("p", "1", (Ruling("a", "not_applicable"), Ruling("b", "pass")))
    assert str(idle) == "1 rules checked, 0 not checkable, 1 not applicable"


def test_a_policy_of_which_nothing_applies_is_no_pass(evidence: PolicyInput) -> None:
    sound = replace(evidence.report, policies=(PolicyResult("p", "1", (Ruling("a", "pass"),)),))
    assert (sound.exit_code, QUESTIONS["Policy"].state(sound)) == (0, "passed")
    idle = replace(sound, policies=(PolicyResult("p", "1", (Ruling("a", "not_applicable"),)),))
    assert (idle.exit_code, QUESTIONS["Policy"].state(idle)) == (7, "open")


@pytest.mark.parametrize(
    ("more", "at", "comes_to"),
    [
        ({"force": "law_future", "valid": {"from": "2027-01-01"}}, "2026-12-31", "warn"),
        ({"force": "law_future", "valid": {"from": "2027-01-01"}}, "2027-01-01", "fail"),
        ({"force": "law", "valid": {"from": "2027-01-01"}}, "2026-12-31", "not_applicable"),
        ({"force": "law", "valid": {"from": "2026-06-01", "to": "2026-07-01"}}, "2026-07-01", "fail"),
        (
            {"force": "law", "valid": {"from": "2026-06-01", "to": "2026-07-01"}},
            "2026-07-02",
            "not_applicable",
        ),
        # The policy's own days are those of a rule without any.
        ({"force": "law"}, "2025-12-31", "not_applicable"),
    ],
)
def test_a_rule_is_judged_as_of_a_day(
    more: dict[str, Any], at: str, comes_to: Verdict, evidence: PolicyInput, tmp_path: Path
) -> None:
    stamped = rule(check={"type": "c2pa.timestamp"}, **more)  # our film has no time-stamp
    assert verdict(profile(tmp_path, stamped), replace(evidence, at=at)) == comes_to


def test_a_film_is_judged_as_of_its_publication_where_that_is_declared(
    several: Path, house: House, tmp_path: Path
) -> None:
    made = profile(tmp_path, rule(force="law", valid={"from": "2026-06-01", "to": "2026-07-01"}))

    def judged(facts: Mapping[str, Any]) -> Verdict:
        return verify(several, house.anchors, [made], facts).policies[0].rulings[0].verdict

    assert judged({"published_at": "2026-06-15"}) == "pass"
    # A day that nobody named stands by dates no rule away.
    assert judged({"published_at": "2026-08-15"}) == "needs_human"
    assert judged(Facts((DeclaredFact("published_at", "2026-08-15", by="Ana Roth"),))) == "not_applicable"
    with pytest.raises(JobError, match="published_at: not a day"):
        judged({"published_at": "June"})


def test_the_evidence_says_who_declared_what_a_rule_depends_on(evidence: PolicyInput, tmp_path: Path) -> None:
    made = profile(tmp_path, rule(when={"fact": "is_deepfake", "eq": True}))
    for by, said in (("Ana Roth", "declared by Ana Roth"), ("", "declared by nobody named")):
        facts = Facts((DeclaredFact("is_deepfake", value=True, by=by),))
        assert said in made.check(replace(evidence, facts=facts)).rulings[0].evidence


@pytest.mark.parametrize(
    ("fact", "comes_to"),
    [
        (DeclaredFact("approved", value=True, by="Ana Roth"), "pass"),
        (DeclaredFact("approved", value=True), "needs_human"),
        (DeclaredFact("approved", value=False, by="Ana Roth"), "fail"),
        (DeclaredFact("other", value=True, by="Ana Roth"), "needs_human"),
    ],
)
@pytest.mark.parametrize("kind", ["fact.declared", "sound.notice"])
def test_what_nobody_can_measure_is_as_a_named_person_declares(
    kind: str, fact: DeclaredFact, comes_to: Verdict, evidence: PolicyInput
) -> None:
    outcome = CHECKS[kind].run(replace(evidence, facts=Facts((fact,))), {"fact": "approved"})
    assert outcome.verdict == comes_to


def test_a_rule_that_does_not_apply_says_who_declared_why(evidence: PolicyInput, tmp_path: Path) -> None:
    asked = {"any": [{"fact": "is_deepfake", "eq": True}, {"not": {"fact": "territory", "eq": "EU"}}]}
    (made,) = profile(tmp_path, rule(when=asked)).rules
    facts = Facts((DeclaredFact("is_deepfake", False), DeclaredFact("territory", "EU", "Ana", "2026-11-01")))
    ruling = made.check(replace(evidence, facts=facts))
    assert (ruling.verdict, ruling.evidence) == (
        "not_applicable",
        "is_deepfake is false, declared by nobody named; territory is EU, declared by Ana on 2026-11-01",
    )
