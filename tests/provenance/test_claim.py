"""What a receipt becomes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from post.errors import ProvenanceError
from post.values.claim import IPTC
from provenance.claim import Claim, claim, record
from tests.provenance.made import ingredient, receipt

SECRET = "a cat in the style of a client who is not announced yet"


def labels(made: Claim) -> list[str]:
    return [each.label for each in made.assertions]


def test_a_generated_clip_brings_a_disclosure(film: Path, clip: Path) -> None:
    made = claim(receipt(film, [ingredient(clip)]), film)
    told = next(each.data for each in made.assertions if each.label == "c2pa.ai-disclosure")
    assert told == {
        "modelType": "c2pa.types.model",
        "modelName": "Model 1",
        "contentProfile": {"humanOversightLevel": "human_validated"},
    }


def test_footage_brings_none(film: Path, clip: Path) -> None:
    made = claim(receipt(film, [ingredient(clip, source_type=IPTC + "digitalCapture")]), film)
    assert "c2pa.ai-disclosure" not in labels(made)


def test_training_is_answered_as_the_job_says_or_not_at_all(film: Path) -> None:
    told = claim(receipt(film, training_mining="allowed"), film)
    entries = next(each.data for each in told.assertions if each.label == "cawg.training-mining")["entries"]
    assert {entry["use"] for entry in entries.values()} == {"allowed"}
    assert "cawg.training-mining" not in labels(claim(receipt(film, training_mining=""), film))
    with pytest.raises(ProvenanceError, match="training"):
        claim(receipt(film, training_mining="maybe"), film)


def test_a_receipt_of_another_film_is_refused(film: Path, clip: Path) -> None:
    with pytest.raises(ProvenanceError, match="another file"):
        claim(receipt(clip), film)


def test_the_record_replays_a_film_and_keeps_prompts_to_itself(film: Path, clip: Path) -> None:
    known = (("accepted", "no time", "job"), ("prompt", SECRET, "sidecar"), ("seed", "7", "sidecar"))
    made = receipt(film, [ingredient(clip, credential="tampered", record=known)])
    told = record(made)
    text = json.dumps(told)
    (take,) = told["takes"]
    assert SECRET not in text
    assert str(clip.parent) not in text
    assert (take["credential"], take["accepted"]) == ("tampered", "no time")
    assert ["seed", "7", "sidecar"] in take["record"]
    assert told["sha256"] == made.sha256
    assert told["segments"] == list(made.segments)


def test_a_prompts_digest_tells_two_prompts_apart(film: Path, clip: Path) -> None:
    def told(prompt: str) -> str:
        part = ingredient(clip, record=(("prompt", prompt, "job"),))
        return str(record(receipt(film, [part]))["takes"][0]["record"])

    assert told("a cat") == told("a cat") != told("a dog")


def test_the_claim_generator_is_the_tool_that_made_it(film: Path) -> None:
    made = claim(replace(receipt(film), tool="answerprint 2.5.1"), film)
    assert (made.tool, made.version, made.title) == ("answerprint", "2.5.1", "main.mp4")
