"""What went into a film: what was said of it then, and what its own bytes say now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from post.values.claim import GENERATED, Finding
from provenance import manifest
from provenance.claim.build import Assertion, Claim
from provenance.crjson import ingredients
from provenance.manifest.redact import RedactionRequest, redact
from provenance.trust.lists import Anchors
from provenance.verify import chain, verify
from provenance.verify.chain import IngredientFault, IngredientResults
from provenance.verify.reviewer.manifest_tree import MAX_LINES, list_tree
from tests.made.work import count_lines
from tests.provenance.formats.made_boxes import first_box
from tests.provenance.made import House, finish, flipped, ingredient

Manifest = dict[str, Any]


def one(label: str, *parts: Manifest, **more: Any) -> Manifest:
    named = {f"c2pa.ingredient.v3__{number}": part for number, part in enumerate(parts)}
    return {"label": label, "assertions": named, **more}


def part(label: str = "", title: str = "", *failed: str) -> Manifest:
    found: Manifest = {"relationship": "componentOf", "dc:title": title or label}
    if label:
        found["activeManifest"] = {"url": f"self#jumbf=/c2pa/{label}"}
    results = {"activeManifest": {"failure": [{"code": code} for code in failed]}}
    return {**found, "validationResults": results}


def test_a_failure_is_reported_with_the_trail_to_it() -> None:
    films = [
        one("a", part("b", "b.mp4")),
        one("b", part("c", "c.mp4")),
        one("c", part("", "raw", "claimSignature.mismatch")),
    ]
    came, findings = chain.judge(films)
    assert came == "laundered"
    (found,) = findings
    assert (found.code, found.where) == ("chain.laundered", "this file > b.mp4 > c.mp4 > raw")
    assert "claimSignature.mismatch" in found.why


@pytest.mark.parametrize(("signed_over", "came"), [(True, "laundered"), (False, "incomplete")])
def test_a_fault_found_now_counts_whatever_was_recorded(signed_over: bool, came: str) -> None:
    fault = IngredientFault(
        "b", "assertion.hashedURI.mismatch", "c2pa.actions.v2", "it is not what was signed", signed_over
    )
    found, findings = chain.judge([one("a", part("b", "b.mp4")), one("b")], IngredientResults((fault,)))
    assert found == came
    assert [each.where for each in findings] == ["this file > b.mp4"]


def test_a_redacted_assertion_is_a_finding_and_breaks_nothing() -> None:
    uri = "self#jumbf=/c2pa/b/c2pa.assertions/org.example.prompt"
    found, findings = chain.judge([one("a", part("b")), one("b")], IngredientResults((), (uri,)))
    assert found == "sound"
    assert [(each.code, each.where) for each in findings] == [("assertion.redacted", uri)]


def test_loops_end() -> None:
    films = [one("a", part("b"), part("a")), one("b", part("a"), part("c")), one("c", part("b"))]
    came, _ = chain.judge(films)
    assert came == "sound"
    labels = {each["label"] for each in films}
    assert set(chain.trails_to(films, ingredients.read_ingredient_links(films))) == labels


@pytest.mark.parametrize(
    "made",
    [
        lambda: [one("a", *(part("", f"clip {n}", "assertion.dataHash.mismatch") for n in range(5000)))],
        lambda: [one(str(n), part(str(n + 1))) for n in range(5000)],
        lambda: [one("a", *(part("b") for _ in range(30_000))), one("b")],
    ],
    ids=["wide", "deep", "more than are looked at"],
)
def test_thousands_of_ingredients_are_each_judged_once_and_reported_in_a_page(
    made: Callable[[], list[Manifest]],
) -> None:
    films = made()
    judged: list[tuple[str, Sequence[Finding]]] = []
    lines = count_lines(lambda: judged.append(chain.judge(films)))
    ((came, findings),) = judged
    assert came != "sound"
    assert len(findings) < 500
    assert all(len(each.where) < 2000 for each in findings)
    assert lines < 300 * sum(1 + len(each["assertions"]) for each in films)


def test_a_tree_of_thousands_is_cut_and_needs_no_recursion(several: Path, house: House) -> None:
    (summary, _) = house.verify(several).manifests
    deep = [one(summary.label, part("1")), *(one(str(n), part(str(n + 1))) for n in range(1, 5000))]
    assert len(list_tree(deep, [summary])) == MAX_LINES


def test_a_prompt_taken_out_reads_as_redacted_and_not_as_missing(
    film: Path, house: House, tmp_path: Path
) -> None:
    created = {"action": "c2pa.created", "digitalSourceType": GENERATED}
    done = {"allActionsIncluded": True, "actions": [created]}
    prompts = Assertion(
        "org.answerprint.prompts", {"prompts": {"ab" * 32: "a red fox in the snow"}}, json=True
    )
    made = Claim("f.mp4", "FakeGen", "3", (Assertion("c2pa.actions.v2", done), prompts))
    signed, blank = tmp_path / "signed.mp4", tmp_path / "blank.mp4"
    manifest.sign(film, signed, made, [], house.signer, house.pem)
    redact(
        signed, blank, RedactionRequest("a client's secret", house.signer, house.pem, ("answerprint", "0"))
    )
    report = house.verify(blank)
    assert (report.integrity, report.signer, report.chain) == ("intact", "trusted", "sound")
    codes = {found.code for found in report.findings}
    assert "assertion.redacted" in codes
    assert "assertion.missing" not in codes


def test_an_ingredient_that_fails_now_is_found_though_its_failure_was_never_recorded(
    film: Path, generated: Path, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever launders writes down what they like: here that all was well."""
    spoilt = tmp_path / "spoilt.mp4"
    data = generated.read_bytes()
    at = first_box(generated, "uuid")
    inside = data.index(b"trainedAlgorithmicMedia", at.start)
    spoilt.write_bytes(flipped(data, inside))
    washed = finish(
        film, tmp_path / "washed.mp4", [ingredient(spoilt, "parentOf", credential="tampered")], house
    )

    judge = chain.judge

    def silent(manifests: Any, own: IngredientResults) -> Any:
        said = [
            {**each, "ingredientDeltas": [], "assertions": {
                label: {**data, "validationResults": {"activeManifest": {"failure": []}}}
                if label.startswith("c2pa.ingredient") else data
                for label, data in each["assertions"].items()
            }}
            for each in manifests
        ]  # fmt: skip
        return judge(said, own)

    monkeypatch.setattr(chain, "judge", silent)
    report = house.verify(washed)
    assert report.chain == "laundered"
    (found,) = [each for each in report.findings if each.code == "chain.laundered"]
    assert "does not hold now (assertion.hashedURI.mismatch" in found.why


@pytest.mark.media
def test_a_laundered_picture_reads_as_laundered_though_the_sdk_trusts_it(
    media: Callable[[str], Path], official: tuple[Anchors, ...]
) -> None:
    path = media("c2pa/CIE-sig-CA.jpg")
    everyone = "".join(each.pem for each in official)
    assert manifest.read(path, everyone).state == "Trusted"
    report = verify(path, official)
    assert (report.integrity, report.signer, report.chain) == ("intact", "trusted", "laundered")
    whys = [found.why for found in report.findings if found.code == "chain.laundered"]
    assert any("already failed when it was taken in" in why for why in whys)
    assert any("does not hold now" in why for why in whys)
    assert all(
        found.where == "this file > E-sig-CA.jpg"
        for found in report.findings
        if found.code == "chain.laundered"
    )
