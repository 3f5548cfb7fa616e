"""An organisation states, in addition to the signer, that a film is its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from post.errors import ProvenanceError
from provenance import manifest
from provenance.manifest.cawg_identity import LABEL
from provenance.signing import certificates, enrolment, keyring
from provenance.signing.enrolment import KeyOptions
from provenance.signing.signer import Signer, SignerWithIdentity, with_tsa
from provenance.trust import lists
from tests.provenance.made import House, finish
from tests.provenance.signing.bad_chains import FAULTS
from tests.provenance.signing.conftest import authorities
from tests.provenance.signing.tsa import Tsa


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Returns an organisation with an authority of its own."""
    folder = tmp_path_factory.mktemp("house")
    return House(
        keyring.load_signer(folder),
        tuple(replace(each, name="the house") for each in lists.read_own_root(folder)),
    )


@pytest.fixture
def both(studio: House, house: House) -> House:
    signer = SignerWithIdentity(studio.signer, house.signer, ("cawg.publisher",))
    return House(signer, (*studio.anchors, *house.anchors))


def identity(film: Path) -> Any:
    (active,) = manifest.read(film, "").manifests
    return active["assertions"][LABEL]


def test_the_statement_names_the_organisation_and_signs_the_content(
    film: Path, both: House, house: House, tmp_path: Path
) -> None:
    out = finish(film, tmp_path / "out.mp4", [], both)
    told = identity(out)
    payload = told["signer_payload"]
    stood_by = [each["url"].rpartition("/")[2] for each in payload["referenced_assertions"]]
    assert {"c2pa.hash.bmff.v3", "c2pa.actions.v2"} <= set(stood_by)
    assert (payload["sig_type"], payload["role"]) == ("cawg.x509.cose", ["cawg.publisher"])
    leaf = certificates.read_chain(house.signer.chain_pem, "")[0]
    assert int(told["signature"]["certificateInfo"]["serialNumber"], 16) == leaf.serial_number
    report = both.verify(out)
    assert (report.integrity, report.signer) == ("intact", "trusted")
    assert report.conformance is not None
    assert report.conformance.passed == report.conformance.total == 31


def test_an_organisation_on_no_list_cannot_be_signed_with(
    film: Path, both: House, studio: House, tmp_path: Path
) -> None:
    with pytest.raises(ProvenanceError, match="trusted.*cawg.x509.credential.untrusted"):
        finish(film, tmp_path / "out.mp4", [], replace(both, anchors=studio.anchors))
    assert list(tmp_path.iterdir()) == []


@dataclass(frozen=True)
class Failing:
    """A signer that fails when it signs."""

    signer: Signer
    tsa_url: str | None = None

    @property
    def algorithm(self) -> str:
        return self.signer.algorithm

    @property
    def chain_pem(self) -> str:
        return self.signer.chain_pem

    def sign(self, data: bytes) -> bytes:
        raise RuntimeError("the house's token is gone")


def test_an_error_of_the_organisations_key_is_raised(
    film: Path, both: House, house: House, studio: House, tmp_path: Path
) -> None:
    failing = replace(both, signer=SignerWithIdentity(studio.signer, Failing(house.signer)))
    with pytest.raises(RuntimeError, match="token is gone"):
        finish(film, tmp_path / "out.mp4", [], failing)
    assert list(tmp_path.iterdir()) == []


def test_the_organisations_certificate_is_checked_before_any_work(
    both: House, studio: House, film: Path, tmp_path: Path
) -> None:
    @dataclass(frozen=True)
    class Wrong(Failing):
        @property
        def chain_pem(self) -> str:
            return FAULTS["no extended key usage"][0]()

    wrong = replace(both, signer=SignerWithIdentity(studio.signer, Wrong(studio.signer)))
    with pytest.raises(ProvenanceError, match="the identity's certificate.*extended key usage"):
        finish(film, tmp_path / "out.mp4", [], wrong)


def test_a_key_loads_its_organisation(settings: Path, film: Path, studio: House, tmp_path: Path) -> None:
    enrolment.make_key(settings, "the-house")
    enrolment.make_key(settings, "with-house", KeyOptions(identity="the-house"))
    signer = keyring.load_signer(settings, "with-house")
    assert isinstance(signer, SignerWithIdentity)
    assert keyring.describe(settings, "with-house").identity == "the-house"
    assert not isinstance(keyring.load_identity(settings, "with-house"), SignerWithIdentity)
    out = finish(film, tmp_path / "out.mp4", [], replace(studio, signer=signer))
    assert "the-house" in identity(out)["signature"]["certificateInfo"]["subject"]["CN"]
    with pytest.raises(ProvenanceError, match="no such key"):
        enrolment.make_key(settings, "with-nobody", KeyOptions(identity="nobody"))
    assert "with-nobody" not in keyring.list_names(settings)


def test_one_stamp_covers_signer_and_organisation(film: Path, both: House, tsa: Tsa, tmp_path: Path) -> None:
    stamped = replace(both, signer=with_tsa(both.signer, tsa.url), anchors=(*both.anchors, *authorities(tsa)))
    out = finish(film, tmp_path / "out.mp4", [], stamped)
    assert identity(out)["signer_payload"]["sig_type"] == "cawg.x509.cose"
    report = stamped.verify(out)
    assert (report.integrity, report.signer, report.time) == ("intact", "trusted", "trusted")
    assert len(tsa.seen) == 1


def test_loading_an_identity_loads_no_other_key(settings: Path) -> None:
    """So two keys that name each other, and one whose organisation's token is absent, can still stamp."""
    enrolment.make_key(settings, "one")
    enrolment.make_key(settings, "two", KeyOptions(identity="one"))
    path = settings / "keys" / "one.pem"
    path.write_text(f"identity: two\n{path.read_text()}")
    assert isinstance(keyring.load_signer(settings, "one"), SignerWithIdentity)
    path.unlink()
    assert not isinstance(keyring.load_identity(settings, "two"), SignerWithIdentity)
