"""Status codes mean different things, and an unknown one never means well."""

from __future__ import annotations

import pytest

from provenance.crjson import status


@pytest.mark.parametrize(
    ("name", "means"),
    [
        ("signingCredential.untrusted", "untrusted"),
        ("signingCredential.invalid", "untrusted"),
        ("signingCredential.expired", "expired"),
        ("signingCredential.ocsp.revoked", "revoked"),
        ("claimSignature.outsideValidity", "expired"),
        ("claimSignature.mismatch", "tampered"),
        ("assertion.bmffHash.mismatch", "tampered"),
        ("assertion.bmffHash.malformed", "malformed"),
        ("ingredient.manifest.missing", "missing"),
        ("cawg.x509.credential.untrusted", "identity"),
        ("timeStamp.mismatch", "time"),
        ("a.code.of.the.future", "malformed"),
    ],
)
def test_a_failure_means_what_the_longest_fitting_row_says(name: str, means: str) -> None:
    assert status.look_up(name).means == means


@pytest.mark.parametrize(
    "name", ["claimSignature.validated", "assertion.dataHash.match", "timeStamp.trusted"]
)
def test_old_lists_mix_in_what_went_well(name: str) -> None:
    assert status.meaning(name) == "good"


@pytest.mark.parametrize(
    "results", [None, [], {"failure": None}, {"failure": [1, {"no": "code"}]}, {"failure": {}}]
)
def test_a_result_of_nonsense_has_no_entries(results: object) -> None:
    assert status.read_entries(results, "failure") == ()
