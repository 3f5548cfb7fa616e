"""Several processes at once make, renew and name keys: they end with one of each, and it works."""

from __future__ import annotations

import multiprocessing
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from post.errors import ProvenanceError
from provenance.signing import development, enrolment, keyring
from provenance.signing.csr import make_key_pair
from provenance.signing.software_key import read_private
from provenance.signing.stamping import stamp_queue
from provenance.signing.stamping.stamp_queue import PendingStamp


def chain_of(config: Path) -> str:
    return keyring.load_signer(config).chain_pem


def test_two_processes_at_once_make_one_key(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")  # the SDK does not survive fork
    with spawn.Pool(2) as pool:
        made = pool.map(chain_of, [tmp_path] * 6, chunksize=1)
    assert len(set(made)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["development"]


def test_losing_the_race_uses_the_winners_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill = development._fill

    def beaten(home: Path) -> None:
        fill(home)
        monkeypatch.setattr(development, "_fill", fill)
        winner.append(keyring.load_signer(tmp_path).chain_pem)

    winner: list[str] = []
    monkeypatch.setattr(development, "_fill", beaten)
    assert keyring.load_signer(tmp_path).chain_pem == winner[0]
    assert [path.name for path in tmp_path.iterdir()] == ["development"]


def make_studio(config: Path) -> str:
    try:
        enrolment.make_key(config, "studio")
    except ProvenanceError as fault:
        return str(fault)
    return "made"


def test_of_several_processes_that_make_one_name_one_wins(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    with spawn.Pool(4) as pool:
        said = sorted(pool.map(make_studio, [tmp_path] * 8, chunksize=1))
    assert said == ["made"] + ["studio: there is a key of that name; choose another name"] * 7
    assert keyring.load_signer(tmp_path, "studio").algorithm == "es256"


def test_a_name_that_is_taken_while_its_key_is_made_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certify = development.certify

    def beaten(*asked: Any) -> str:
        monkeypatch.setattr(development, "certify", certify)
        enrolment.make_key(tmp_path, "studio")
        return certify(*asked)

    monkeypatch.setattr(development, "certify", beaten)
    with pytest.raises(ProvenanceError, match="there is a key of that name"):
        enrolment.make_key(tmp_path, "studio")
    assert keyring.load_signer(tmp_path, "studio").algorithm == "es256"


def test_of_two_requests_at_once_both_are_for_the_key_that_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def beaten() -> Any:
        monkeypatch.setattr("provenance.signing.enrolment.make_key_pair", make_key_pair)
        first.append(enrolment.request_certificate(tmp_path, "studio", "Studio 7", "Studio 7"))
        return make_key_pair()

    first: list[str] = []
    monkeypatch.setattr("provenance.signing.enrolment.make_key_pair", beaten)
    second = enrolment.request_certificate(tmp_path, "studio", "Studio 7", "Studio 7")
    asked = [x509.load_pem_x509_csr(pem.encode()).public_key() for pem in (*first, second)]
    kept = read_private(tmp_path / "keys" / "studio.request")
    assert asked == [kept.public_key()] * 2


def queue(asked: tuple[Path, int]) -> None:
    config, number = asked
    for turn in range(10):
        film = config / f"{number}-{turn}.mp4"
        stamp_queue.add(config, PendingStamp(film, "k", "http://one.example/"))
        stamp_queue.list_pending(config)
        if turn % 2:
            stamp_queue.remove(config, film)


def test_several_processes_that_change_the_queue_of_stamps_lose_nothing(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    with spawn.Pool(4) as pool:
        pool.map(queue, [(tmp_path, number) for number in range(4)], chunksize=1)
    left = sorted(each.film.name for each in stamp_queue.list_pending(tmp_path))
    assert left == [f"{number}-{turn}.mp4" for number in range(4) for turn in range(0, 10, 2)]
