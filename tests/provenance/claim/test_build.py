"""Building a claim from a receipt."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from post.errors import ProvenanceError
from post.values.claim import IPTC, Action
from provenance import manifest
from provenance.claim.build import PROMPTS_LABEL, Assertion, Claim, build_claim, build_receipt, digest_text
from tests.provenance.made import House, ingredient, receipt

SECRET = "a cat in the style of a client who is not announced yet"


ROW = ("prompt", SECRET, "recorded")
SEED = ("seed", "1", "recorded")


def labels(made: Claim) -> list[str]:
    return [each.label for each in made.assertions]


def test_a_generated_clip_adds_a_disclosure(film: Path, clip: Path) -> None:
    made = build_claim(receipt(film, [ingredient(clip)]), film)
    told = next(each.data for each in made.assertions if each.label == "c2pa.ai-disclosure")
    assert told == {
        "modelType": "c2pa.types.model",
        "modelName": "Model 1",
        "contentProfile": {"humanOversightLevel": "human_validated"},
    }


def test_footage_adds_no_disclosure(film: Path, clip: Path) -> None:
    made = build_claim(receipt(film, [ingredient(clip, source_type=IPTC + "digitalCapture")]), film)
    assert "c2pa.ai-disclosure" not in labels(made)


def test_the_answer_on_training_is_the_jobs_or_left_out(film: Path) -> None:
    told = build_claim(receipt(film, training_mining="allowed"), film)
    entries = next(each.data for each in told.assertions if each.label == "cawg.training-mining")["entries"]
    assert {entry["use"] for entry in entries.values()} == {"allowed"}
    assert "cawg.training-mining" not in labels(build_claim(receipt(film, training_mining=""), film))
    with pytest.raises(ProvenanceError, match="training"):
        build_claim(receipt(film, training_mining="maybe"), film)


def test_a_receipt_of_another_film_is_refused(film: Path, clip: Path) -> None:
    with pytest.raises(ProvenanceError, match="another file"):
        build_claim(receipt(clip), film)


def test_the_receipt_can_remake_a_film_and_has_no_prompt_in_it(film: Path, clip: Path) -> None:
    known = (("accepted", "no time", "job"), ("prompt", SECRET, "sidecar"), ("seed", "7", "sidecar"))
    made = receipt(film, [ingredient(clip, credential="tampered", record=known)])
    told = build_receipt(made)
    text = json.dumps(told)
    (take,) = told["takes"]
    assert SECRET not in text
    assert str(clip.parent) not in text
    assert (take["credential"], take["accepted"]) == ("tampered", "no time")
    assert ["seed", "7", "sidecar"] in take["record"]
    assert told["sha256"] == made.sha256
    assert told["segments"] == list(made.segments)


def test_two_prompts_have_different_digests(film: Path, clip: Path) -> None:
    def kept(prompt: str) -> str:
        part = ingredient(clip, record=(("prompt", prompt, "job"),))
        return str(build_receipt(receipt(film, [part]))["takes"][0]["record"])

    assert kept("a cat") == kept("a cat") != kept("a dog")


def test_the_claim_generator_is_the_tool_that_made_it(film: Path) -> None:
    made = build_claim(replace(receipt(film), tool="answerprint 2.5.1"), film)
    assert (made.tool, made.version, made.title) == ("answerprint", "2.5.1", "main.mp4")


def told(made: Claim, label: str) -> list[Mapping[str, Any]]:
    return [each.data for each in made.assertions if each.label == label]


def test_prompts_are_published_only_where_the_job_says_so(film: Path, clip: Path) -> None:
    rows = (ROW, ("rewritten_prompt", SECRET + "!", "provider-asserted"), ("prompt.2", "b", "recorded"), SEED)
    part = ingredient(clip, record=rows)
    closed = build_claim(receipt(film, [part]), film)
    assert SECRET not in str(closed)
    (data,) = told(build_claim(replace(receipt(film, [part]), prompts=True), film), PROMPTS_LABEL)
    (take,) = data["takes"]
    assert take == {"sha256": part.file.sha256, "prompts": [list(row) for row in rows[:3]]}


def test_the_digests_stay_beside_the_prompts_and_prove_them(film: Path, clip: Path) -> None:
    made = replace(receipt(film, [ingredient(clip, record=(ROW,))]), prompts=True)
    (kept,) = build_receipt(made)["takes"]
    assert kept["record"] == [["prompt", digest_text(SECRET), "recorded"]]


@pytest.mark.parametrize(
    "name",
    [
        "comment",
        "description",
        "workflow",
        "Parameters",
        "prompt.2",
        "rewritten_prompt",
        "com.apple.quicktime.description",
        "comment-eng",
        "operator",
    ],
)
def test_prompts_in_any_field_and_names_of_people_become_digests(name: str, film: Path, clip: Path) -> None:
    part = ingredient(clip, record=((name, SECRET, "container-claimed"),))
    assert SECRET not in str(build_claim(receipt(film, [part]), film))


def test_a_contradiction_is_declared_and_not_resolved(film: Path, clip: Path) -> None:
    part = ingredient(clip, record=(SEED, ("seed", "2", "provider-asserted"), ("cost", "1", "recorded")))
    (take,) = build_receipt(receipt(film, [part]))["takes"]
    assert take["conflicts"] == ["seed"]
    assert [row[1] for row in take["record"]] == ["1", "2", "1"]


def test_each_algorithm_of_bindings_has_one_assertion(film: Path) -> None:
    found = (
        ("io.iscc.v0", "KMAA", ""),
        ("org.answerprint.mark.1", "0badf00d", "0:12"),
        ("io.iscc.v0", "KMAB", ""),
    )
    made = build_claim(replace(receipt(film), bindings=found), film)
    whole = {"scope": {}, "value": "KMAA"}
    iscc, mark = told(made, "c2pa.soft-binding")
    assert iscc == {"alg": "io.iscc.v0", "blocks": [whole, {"scope": {}, "value": "KMAB"}], "pad": []}
    region = {"type": "temporal", "time": {"type": "npt", "start": "0", "end": "0.5"}}
    assert mark["blocks"] == [{"scope": {"region": {"region": [region]}}, "value": "0badf00d"}]


def names(made: Claim) -> list[str]:
    (data,) = told(made, "c2pa.actions.v2")
    return [action["action"] for action in data["actions"]]


def test_a_watermark_is_declared_once_and_a_fingerprint_is_not_one(film: Path) -> None:
    plain, bound = receipt(film), "c2pa.watermarked.bound"
    mark = (("org.answerprint.mark.1", "0badf00d", ""),)
    assert bound not in names(build_claim(replace(plain, bindings=(("io.iscc.v0", "KMAA", ""),)), film))
    assert names(build_claim(replace(plain, bindings=mark), film)).count(bound) == 1
    own = replace(plain, bindings=mark, actions=(*plain.actions, Action(bound)))
    assert names(build_claim(own, film)).count(bound) == 1


def test_a_watermark_without_a_binding_is_refused(film: Path) -> None:
    with pytest.raises(ProvenanceError, match="a watermark is declared without"):
        build_claim(replace(receipt(film), actions=(Action("c2pa.watermarked.bound"),)), film)


@pytest.mark.parametrize("scope", ["x", "3", "0:13", "5:2", "0:1:2", "-1:2"])
def test_a_binding_outside_the_film_is_refused(scope: str, film: Path) -> None:
    with pytest.raises(ProvenanceError, match="not a part of a film|runs past the end"):
        build_claim(replace(receipt(film), bindings=(("io.iscc.v0", "KMAA", scope),)), film)


@pytest.mark.parametrize(
    "label",
    ["c2pa.actions", "c2pa.soft-bindings", "cawg.identities", "stds.exif", "receipt", "c2pa.watermark"],
)
def test_only_known_assertions_can_be_written(label: str) -> None:
    with pytest.raises(ProvenanceError, match="this assertion cannot be written"):
        Claim("t", "tool", "1", (Assertion(label, {}),))


def test_a_film_with_bindings_passes_every_rule_and_the_sdk_accepts_it(
    film: Path, clip: Path, house: House, tmp_path: Path
) -> None:
    bindings = (("io.iscc.v0", "KMAA", ""), ("org.answerprint.mark.1", "0badf00d", "0:12"))
    made = replace(receipt(film, [ingredient(clip)]), bindings=bindings)
    out = tmp_path / "bound.mp4"
    manifest.sign(
        film,
        out,
        build_claim(made, film),
        [(each, clip) for each in made.ingredients],
        house.signer,
        house.pem,
    )
    found = house.verify(out)
    assert found.conformance is not None
    assert (found.sound, found.conformance.passed, found.conformance.total) == (True, 31, 31)
    assertions = manifest.read(out, house.pem).manifests[0]["assertions"]
    assert [assertions[name]["alg"] for name in assertions if "soft-binding" in name] == [
        "io.iscc.v0",
        "org.answerprint.mark.1",
    ]
