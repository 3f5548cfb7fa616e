"""The standard's JSON, told in our words where the SDK cannot judge."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from provenance import manifest
from provenance.verify import examine
from provenance.verify.crjson_merge import is_answered_by_us
from tests.provenance.made import House


def codes(found: dict[str, object], kind: str) -> list[str]:
    rows = found["validationResults"][kind]  # type: ignore[index]  # a JSON object
    return [row["code"] for row in rows]


def test_everything_of_the_sdk_stays_but_the_codes_we_answer(several: Path, house: House) -> None:
    theirs = manifest.read(several, house.pem).crjson
    mine = examine(several, house.anchors).reading.crjson
    json.dumps(mine, allow_nan=False)
    assert mine["@context"] == theirs["@context"]
    for before, after in zip(theirs["manifests"], mine["manifests"], strict=True):
        assert {k: v for k, v in before.items() if k != "validationResults"} == {
            k: v for k, v in after.items() if k != "validationResults"
        }
        for kind in ("success", "failure", "informational"):
            kept = [code for code in codes(before, kind) if not is_answered_by_us(code)]
            assert [code for code in codes(after, kind) if not is_answered_by_us(code)] == kept
    assert mine["jsonGenerator"]["name"] == "answerprint"
    assert "c2pa-rs" in mine["jsonGenerator"]["extras:reader"]


@pytest.mark.parametrize("trusting", [True, False])
def test_the_crjson_and_the_report_never_disagree(trusting: bool, several: Path, house: House) -> None:
    done = examine(several, house.anchors if trusting else ())
    active = done.reading.manifests[0]
    wanted = "success" if trusting else "failure"
    assert f"signingCredential.{done.report.signer}" in codes(dict(active), wanted)


def test_a_list_of_signers_in_the_role_of_authorities_trusts_no_signer(several: Path, house: House) -> None:
    swapped = [replace(each, role="tsa") for each in house.anchors]
    assert manifest.read(several, house.pem).state == "Trusted"
    active = dict(examine(several, swapped).reading.manifests[0])
    assert "signingCredential.untrusted" in codes(active, "failure")
    assert "signingCredential.trusted" not in codes(active, "success")
