"""Certificates that cannot sign claims are refused before any work, each with one reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.x509.oid import ObjectIdentifier

from post.errors import ProvenanceError
from provenance import manifest
from provenance.claim.build import build_claim
from provenance.signing import profile
from provenance.signing.certificates import to_pem
from provenance.signing.profile import check_signing
from provenance.signing.software_key import SoftwareKey
from tests.provenance.made import House, receipt
from tests.provenance.signing.bad_chains import FAULTS, LEAF, purposes


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_has_its_own_reason(name: str) -> None:
    make, reason = FAULTS[name]
    with pytest.raises(ProvenanceError, match=reason) as caught:
        check_signing(make(), "chain.pem")
    assert str(caught.value).startswith("chain.pem: ")


@pytest.mark.parametrize("purpose", profile.PURPOSES, ids=lambda purpose: profile.PURPOSES[purpose])
def test_each_purpose_that_c2pa_accepts_is_accepted(purpose: ObjectIdentifier) -> None:
    check_signing(purposes(purpose).pem(), "chain.pem")


def test_a_chain_may_be_a_leaf_alone() -> None:
    check_signing(to_pem(LEAF.certificate), "chain.pem")


@pytest.mark.parametrize("name", ["no extended key usage", "no digitalSignature", "with its root"])
def test_a_bad_chain_is_refused_before_the_film_is_opened(
    name: str, studio: House, film: Path, tmp_path: Path
) -> None:
    signer = SoftwareKey(FAULTS[name][0](), _key=LEAF.key)
    made = build_claim(receipt(film), film)
    with pytest.raises(ProvenanceError, match=FAULTS[name][1]):
        manifest.sign(tmp_path / "missing.mp4", tmp_path / "out.mp4", made, [], signer, studio.pem)
