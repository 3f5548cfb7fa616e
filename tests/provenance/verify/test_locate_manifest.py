"""A manifest in its film, beside it, or at an address: where it was is told, and nothing is fetched unasked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from post.cli.app import run
from provenance import manifest
from provenance.claim import build as claims
from provenance.manifest.request import SignOptions, SignRequest
from provenance.public_addresses import HostPolicy
from provenance.verify import VerifyOptions, verify
from tests.provenance.file_server import FileServer, use_tls
from tests.provenance.formats.made_boxes import first_box
from tests.provenance.made import House, flipped, receipt
from tests.provenance.signing.serving import Answer

PLACE = "/film.c2pa"
ONLINE = VerifyOptions(online=True, hosts=HostPolicy(("127.0.0.1",)))


def kept(film: Path, out: Path, house: House, way: SignOptions) -> Path:
    made = claims.build_claim(receipt(film, []), film)
    manifest.sign_film(film, out, SignRequest(made, (), house.signer, house.pem), way)
    return out


@pytest.fixture
def beside(film: Path, house: House, tmp_path: Path) -> Path:
    return kept(film, tmp_path / "f.mp4", house, SignOptions(keep="sidecar"))


def test_a_manifest_in_the_film_says_so(several: Path, house: House) -> None:
    assert house.verify(several).manifest_source == "embedded"


def test_a_manifest_beside_its_film_is_found_and_judged_alike(beside: Path, house: House) -> None:
    report = house.verify(beside)
    assert (report.integrity, report.signer, report.manifest_source) == ("intact", "trusted", "sidecar")
    assert (report.revocation, report.vouched_by) == ("unknown", ("this user's development root",))
    assert report.exit_code == 0


def test_a_film_changed_beside_its_manifest_is_found(beside: Path, house: House) -> None:
    beside.write_bytes(flipped(beside.read_bytes(), first_box(beside, "mdat").stop - 99))
    assert house.verify(beside).integrity == "tampered"


def test_a_sidecar_can_be_named_and_a_sidecar_of_another_film_does_not_match(
    beside: Path, film: Path, clip: Path, house: House, tmp_path: Path
) -> None:
    named = VerifyOptions(sidecar=beside.with_suffix(".c2pa").rename(tmp_path / "elsewhere.c2pa"))
    assert house.verify(beside).integrity == "absent"
    assert verify(beside, house.anchors, options=named).integrity == "intact"
    assert verify(clip, house.anchors, options=named).integrity == "tampered"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    served = FileServer()
    monkeypatch.setenv("SSL_CERT_FILE", str(use_tls(served, tmp_path)))
    with served:
        yield served


@pytest.fixture
def remote(film: Path, house: House, tmp_path: Path, server: FileServer) -> Path:
    """A film that names an address of the server, which has its manifest."""
    out = kept(film, tmp_path / "r.mp4", house, SignOptions(keep="sidecar", remote=server.url + PLACE))
    beside = out.with_suffix(".c2pa")
    server.files[PLACE] = beside.read_bytes()
    beside.unlink()
    return out


def test_an_address_is_reported_and_not_fetched(remote: Path, house: House, server: FileServer) -> None:
    report = house.verify(remote)
    assert (report.integrity, report.manifest_source) == ("absent", "remote")
    (found,) = [each for each in report.findings if each.code == "manifest.absent"]
    assert server.url in found.where
    assert report.exit_code == 6
    assert server.seen == []


def test_a_manifest_fetched_with_online_is_what_the_film_is_judged_by(
    remote: Path, house: House, server: FileServer
) -> None:
    report = verify(remote, house.anchors, options=ONLINE)
    assert (report.integrity, report.signer, report.manifest_source) == ("intact", "trusted", "remote")
    assert [each.path for each in server.seen] == [PLACE]


def test_a_film_cannot_make_this_machine_ask_itself(remote: Path, house: House, server: FileServer) -> None:
    report = verify(remote, house.anchors, options=VerifyOptions(online=True))
    (found,) = [each for each in report.findings if each.code == "manifest.inaccessible"]
    assert "no public address of 127.0.0.1" in found.why
    assert (report.integrity, report.exit_code, server.seen) == ("absent", 6, [])


def test_the_verb_asks_a_host_of_this_machine_where_it_is_named(
    remote: Path, server: FileServer, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANSWERPRINT_CONFIG", str(config))
    assert run(["verify", str(remote), "--online", "--json"]) == 6
    assert server.seen == []
    assert run(["verify", str(remote), "--online", "--allow-host", "127.0.0.1", "--json"]) == 0
    assert run(["verify", str(remote), "--allow-host", "127.0.0.1"]) == 2


@pytest.mark.parametrize("answer", [b"", b"<html>", bytes(5000)])
def test_an_address_that_answers_with_no_manifest_is_no_pass(
    answer: bytes, remote: Path, house: House, server: FileServer
) -> None:
    server.files[PLACE] = answer
    report = verify(remote, house.anchors, options=ONLINE)
    assert report.integrity in ("absent", "unreadable")
    assert report.exit_code == 6


def test_an_address_without_an_answer_is_a_finding(remote: Path, house: House, server: FileServer) -> None:
    server.fault = Answer(503)
    report = verify(remote, house.anchors, options=ONLINE)
    assert "manifest.inaccessible" in {found.code for found in report.findings}
    assert report.integrity == "absent"
