"""Each rule that ships says where it comes from, since when, how binding it is and how sure that is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import presets
from provenance.policy import CHECKS, load
from provenance.policy.document.dates import is_day
from provenance.policy.document.policy import Policy
from provenance.policy.document.read import read_policy

FILES = sorted((Path(presets.__file__).parent / "policy").glob("*.yaml"))
TAKES = {name: check.takes for name, check in CHECKS.items()}
POLICIES = [read_policy(path, TAKES) for path in FILES]
DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


def named(policy: Policy) -> str:
    return policy.name


@pytest.mark.parametrize("policy", POLICIES, ids=named)
def test_every_rule_has_a_source_dates_force_and_confidence(policy: Policy) -> None:
    assert is_day(policy.valid.first)
    assert policy.doc
    assert policy.territory
    assert policy.role
    assert all(DATE.fullmatch(each.date) and each.title for each in policy.sources)
    for rule in policy.rules:
        assert rule.says, rule.id
        assert rule.clause.at, rule.id
        assert is_day(rule.valid.first), rule.id
        assert rule.waiver.allowed is False or set(rule.waiver.needs) >= {"who", "why", "expires"}, rule.id
        assert not (rule.waiver.allowed and rule.force == "law"), rule.id


@pytest.mark.parametrize("policy", POLICIES, ids=named)
def test_a_doubtful_source_a_draft_and_a_law_to_come_never_fail_a_film(policy: Policy) -> None:
    for rule in policy.rules:
        doubtful = rule.confidence not in "AB" or rule.force == "draft"
        assert not (doubtful and rule.is_firm("")), rule.id
        if rule.force == "law_future":
            assert not rule.is_firm("2000-01-01"), rule.id
            assert not rule.is_firm(""), rule.id


@pytest.mark.parametrize("policy", POLICIES, ids=named)
def test_each_name_is_that_of_its_file_and_each_number_says_who_set_it(policy: Policy) -> None:
    assert f"{policy.name}.yaml" in {path.name for path in FILES}
    for rule in policy.rules:
        assert all(rule.origin_of(name) for name, _ in rule.params)


@pytest.mark.parametrize("policy", POLICIES, ids=named)
def test_every_accepted_text_meets_the_words_that_are_asked_of_it(policy: Policy) -> None:
    for rule in policy.rules:
        params = rule.parameters
        elements, texts = params.get("elements", ()), params.get("texts", ())
        assert isinstance(elements, tuple)
        assert isinstance(texts, tuple)
        for text in texts:
            assert all(any(word in text for word in each.split("|")) for each in elements), (rule.id, text)


def test_no_law_has_the_words_of_our_labels() -> None:
    said = {
        rule.origin_of("texts") for policy in POLICIES for rule in policy.rules if "texts" in rule.parameters
    }
    assert said == {"code", "house"}


def test_every_fact_that_is_asked_for_is_used() -> None:
    for policy in POLICIES:
        used = {fact for rule in policy.rules for fact in rule.facts()}
        asked = {name for name, _ in policy.facts}
        assert asked - used <= {"aigc_producer"}, policy.name


def test_the_rules_of_one_law_ask_the_same_texts() -> None:
    for name in ("cn-gb45438", "eu-art50-deployer", "ny-synthetic-performer"):
        (policy,) = (each for each in POLICIES if each.name == name)
        texts = {rule.parameters["texts"] for rule in policy.rules if "texts" in rule.parameters}
        assert len(texts) == 1


def test_every_one_of_them_can_be_checked() -> None:
    assert all(load(path).rules for path in FILES)


def test_the_zones_of_the_eu_policy_are_the_largest_of_the_platforms() -> None:
    (policy,) = (each for each in POLICIES if each.name == "eu-art50-deployer")
    for rule in policy.rules:
        if rule.check != "label.zone":
            continue
        zones = [zone for zone in platform_zones() if zone["shape"] == rule.parameters["shape"]]
        for side in ("top", "right", "bottom", "left"):
            value = rule.parameters[side]
            assert not isinstance(value, str | tuple)
            assert float(value) == max(float(zone[side]) for zone in zones), (rule.id, side)


def platform_zones() -> list[dict[str, str]]:
    names = ("youtube", "shorts", "reels", "tiktok", "instagram-feed")
    found = [presets.find("platform", name).plain()["zones"] for name in names]
    return [zone for zones in found for zone in zones]
