"""A job names policies by name, path, territory or platform, and facts and waivers in place or in files."""

from __future__ import annotations

from pathlib import Path

import pytest

from post.errors import AnswerprintError, Problems
from post.job import load_job
from post.job.disclosure.model import DisclosureAsked
from post.job.versions.load import load_versions

JOB = """schema: Job.2
title: Spot
clock: 24
takes: {a: {file: a.mp4}}
cut: [{take: a, length: 2s}]
deliver: [social-16x9]
"""
OWN = """profile: ours
version: '7'
valid: {from: 2026-01-01}
territory: [EU]
role: [deployer]
sources: [{id: s, title: S, date: 2026-01-01, confidence: A}]
rules: [{id: R, force: house, clause: {source: s, at: '1'}, check: {type: c2pa.valid}}]
"""


def written(folder: Path, more: str) -> Path:
    (folder / "a.mp4").write_bytes(b"")
    (folder / "job.yaml").write_text(JOB + more)
    return folder / "job.yaml"


def asked(folder: Path, more: str) -> DisclosureAsked:
    return load_job(written(folder, more)).disclosure


def named(given: DisclosureAsked) -> list[str]:
    return [each.name for each in given.policies]


def test_a_job_that_says_nothing_has_no_policies(tmp_path: Path) -> None:
    assert asked(tmp_path, "") == DisclosureAsked()


def test_territories_bring_the_policies_of_the_role(tmp_path: Path) -> None:
    assert named(asked(tmp_path, "territories: [EU, CN]\n")) == ["eu-art50-deployer", "cn-gb45438"]
    assert named(asked(tmp_path, "territories: [eu]\n")) == ["eu-art50-deployer"]
    assert named(asked(tmp_path, "territories: [EU]\nrole: provider\n")) == ["eu-art50-provider"]
    assert named(asked(tmp_path, "territories: [EU]\nrole: broadcaster\n")) == ["r128"]
    assert asked(tmp_path, "territories: [EU]\n").role == "deployer"
    assert asked(tmp_path, "territories: [BR, EU]\n").unmatched == ("BR",)


def test_a_policy_beside_the_job_counts_as_one_that_ships(tmp_path: Path) -> None:
    folder = tmp_path / "presets" / "policy"
    folder.mkdir(parents=True)
    (folder / "ours.yaml").write_text(OWN)
    assert "ours" in named(asked(tmp_path, "territories: [EU]\n"))
    by_path = asked(tmp_path, "policies: [wcag, presets/policy/ours.yaml]\n")
    assert [(each.name, each.version) for each in by_path.policies][1] == ("ours", "7")
    # One that changed is read anew, in the same process.
    (folder / "ours.yaml").write_text(OWN.replace("'7'", "'8'"))
    assert asked(tmp_path, "policies: [ours]\n").policies[0].version == "8"


def test_a_policy_that_is_named_twice_counts_once(tmp_path: Path) -> None:
    assert named(asked(tmp_path, "policies: [tiktok, cn-gb45438]\nplatforms: [tiktok]\nterritories: [CN]\n")) == [
        "tiktok", "cn-gb45438",
    ]  # fmt: skip


@pytest.mark.parametrize("inline", [True, False])
def test_facts_and_waivers_stand_in_the_job_or_in_a_file(inline: bool, tmp_path: Path) -> None:
    facts = "{is_deepfake: {value: true, by: Ana Roth, at: 2026-11-01}, n: 3}"
    waivers = "[{rule: R, who: Ana, why: so, expires: 2026-12-31}]"
    (tmp_path / "said.yaml").write_text(f"facts: {facts}\nwaivers: {waivers}\n")
    more = f"facts: {facts}\nwaivers: {waivers}\n" if inline else "facts: said.yaml\nwaivers: said.yaml\n"
    given = asked(tmp_path, more)
    assert dict(given.facts) == {"is_deepfake": True, "n": 3}
    assert given.facts.unsigned() == ("n",)
    assert [(each.rule, each.expires) for each in given.waivers] == [("R", "2026-12-31")]


def test_a_file_of_facts_says_in_a_job_all_that_it_says_to_check(tmp_path: Path) -> None:
    (tmp_path / "said.yaml").write_text(
        "is_deepfake: true\nclaims: [{id: price, text: From 3 euros}]\nbrand: {colours: {ink: '#000000'}}\nmarks: []\n"
        "waivers: [{rule: R, who: Ana, why: so, expires: 2026-12-31}]\n"
    )
    given = asked(
        tmp_path, "facts: said.yaml\nwaivers: [{rule: S, who: Ana, why: so, expires: 2026-12-31}]\n"
    )
    assert dict(given.facts) == {"is_deepfake": True}
    assert [each.text for each in given.facts.references.claims or ()] == ["From 3 euros"]
    assert (given.facts.references.marks, given.facts.references.brand is None) == ((), False)
    assert [each.rule for each in given.waivers] == ["R", "S"]
    assert len(asked(tmp_path, "facts: said.yaml\nwaivers: said.yaml\n").waivers) == 1


def test_another_policy_of_the_same_name_never_takes_the_place_of_one(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text(OWN.replace("profile: ours", "profile: cn-gb45438"))
    both = asked(tmp_path, "policies: [ours.yaml]\nterritories: [CN]\n").policies
    assert [(each.name, each.version) for each in both] == [("cn-gb45438", "7"), ("cn-gb45438", "2026.12.1")]
    (tmp_path / "theirs.yaml").write_text(
        OWN.replace("profile: ours", "profile: cn-gb45438").replace("id: R", "id: Q")
    )
    with pytest.raises(Problems, match=r"job.yaml:7: policies: two policies have one name and version"):
        asked(tmp_path, "policies: [ours.yaml, theirs.yaml]\n")


def test_each_version_has_its_own_policies(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "policies: [wcag]\nversions: {axes: {market: {cn: {territories: [CN]}, us: {policies: [california]}}}}\n",
    )
    assert [named(each.disclosure) for each in load_versions(path)] == [
        ["wcag", "cn-gb45438"],
        ["california"],
    ]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ("policies: wcag\n", "job.yaml:7: policies: not a list; got 'wcag'; write [wcag]"),
        ("policies: [wcga]\n", "job.yaml:7: policies[0]: unknown policy preset; "),
        (
            "policies: [none.yaml]\n",
            "job.yaml:7: policies[0]: cannot be read; expected a YAML file, got no such file",
        ),
        ("policies: [with_claims.yaml]\n", "with_claims.yaml:1: lacks keys; "),
        ("policies: [cut.yaml]\n", "cut.yaml:2: not YAML ("),
        ("policies: [{name: wcag, at: 3}]\n", "job.yaml:7: policies[0].at: unknown key; expected name"),
        ("platforms: [tictoc]\n", "job.yaml:7: platforms[0]: unknown platform; "),
        ("role: boss\n", "job.yaml:7: role: unknown choice; "),
        ("facts: none.yaml\n", "job.yaml:7: facts: cannot be read; "),
        ("facts: [a]\n", "job.yaml:7: facts: not keys and values"),
        ("facts: with_claims.yaml\n", "none.yaml: cannot be read; "),
        ("facts: {a: {value: 1}}\n", "job.yaml:7: facts.a: lacks keys; expected value, by, at"),
        ("facts: {published_at: soon}\n", "job.yaml:7: published_at: not a day"),
        ("waivers: 3\n", "job.yaml:7: waivers: not a list"),
        ("waivers: [{rule: R}]\n", "job.yaml:7: waivers[0]: lacks keys; expected rule, who, why, expires"),
    ],
)
def test_each_defect_is_said_with_its_line(more: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "with_claims.yaml").write_text("claims: none.yaml\n")
    (tmp_path / "cut.yaml").write_text("a: [\n")
    with pytest.raises(AnswerprintError) as caught:
        asked(tmp_path, more)
    fault = caught.value.faults[0] if isinstance(caught.value, Problems) else caught.value
    assert str(fault).removeprefix(f"{tmp_path}/").startswith(says), str(fault)


def test_a_list_where_a_number_stands_is_a_fault_of_the_policy(tmp_path: Path) -> None:
    rule = OWN.replace("{type: c2pa.valid}", "{type: label.dwell, params: {seconds: [2]}}")
    (tmp_path / "own.yaml").write_text(rule)
    with pytest.raises(AnswerprintError) as caught:
        asked(tmp_path, "policies: [own.yaml]\n")
    assert "rules[0].check.params.seconds: not a number" in str(caught.value)


CLAIMS = "claims: [{id: sugar, text: 50 % less sugar, approved_by: Ana Roth}]\n"


def test_a_job_names_its_approved_texts_and_what_its_brand_fixes(tmp_path: Path) -> None:
    (tmp_path / "claims.yaml").write_text(CLAIMS)
    (tmp_path / "logo.svg").write_text("<svg/>")
    guide = 'brand_guide: {colours: {accent: "#ffc400"}, logos: [{id: logo, file: logo.svg}]}\n'
    given = asked(tmp_path, f"claims: claims.yaml\n{guide}")
    references = given.facts.references
    assert [each.text for each in references.claims or ()] == ["50 % less sugar"]
    assert references.brand is not None
    assert references.brand.colours == (("accent", "#ffc400"),)
    assert [each.id for each in references.brand.logos] == ["logo"]
    assert given.own_text == ""


def test_a_person_approves_the_words_of_the_job(tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_text(f"facts: {{}}\n{CLAIMS}")
    given = asked(tmp_path, "claims: {own_text: Ana Roth}\nfacts: facts.yaml\n")
    assert given.own_text == "Ana Roth"
    assert [each.id for each in given.facts.references.claims or ()] == ["sugar"]  # of the file of facts


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ("claims: gone.yaml\n", "gone.yaml"),
        ("claims: {files: claims.yaml}\n", "job.yaml:7: claims.files: unknown key"),
        (
            "brand_guide: {colours: {accent: yellow}}\n",
            "job.yaml:7: brand_guide.colours.accent: not a colour",
        ),
        ("brand_guide: {logos: [{id: logo, file: gone.svg}]}\n", "brand_guide.logos[0].file: no file"),
        ("brand_guide: {look: {light: 1}}\n", "brand_guide.look: lacks keys"),
    ],
)
def test_faults_in_what_films_are_compared_with_have_their_lines(
    more: str, says: str, tmp_path: Path
) -> None:
    with pytest.raises(AnswerprintError) as caught:
        asked(tmp_path, more)
    assert says in str(caught.value)
