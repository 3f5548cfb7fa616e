"""The commands keys and stamp, as a user types them."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from post.cli.app import run
from post.deliver.output_set import LOCK
from post.owned import owned
from provenance.signing import certificates, development, keyring
from provenance.signing.certificates import CLAIM_SIGNING, to_pem
from provenance.signing.stamping import stamp_queue
from provenance.signing.stamping.stamp_queue import PendingStamp
from provenance.trust import lists
from tests.provenance.made import House, finish
from tests.provenance.signing.conftest import PIN, SoftToken
from tests.provenance.signing.serving import nobody
from tests.provenance.signing.tsa import Tsa

Typed = Callable[..., tuple[int, str, str]]


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "config"
    monkeypatch.setenv("ANSWERPRINT_CONFIG", str(folder))
    monkeypatch.setenv("ANSWERPRINT_STORE", str(tmp_path / "store"))
    return folder


@pytest.fixture
def typed(config: Path, capsys: pytest.CaptureFixture[str]) -> Typed:
    """Returns a function that runs a command and gives its exit code, its result and its messages."""

    def command(*words: str | Path) -> tuple[int, str, str]:
        code = run([str(word) for word in words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


def data(answer: tuple[int, str, str]) -> Any:
    assert answer[0] == 0, answer
    return json.loads(answer[1])


def test_a_request_has_what_c2pa_needs_and_its_certificate_is_imported(
    typed: Typed, config: Path, tmp_path: Path
) -> None:
    made = data(typed("keys", "request", "film", "--organisation", "Studio Ltd", "--json"))["request"]
    asked = x509.load_pem_x509_csr(made.encode())
    assert asked.is_signature_valid
    assert asked.subject.rfc4514_string() == "CN=Studio Ltd,O=Studio Ltd"
    purposes = asked.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert set(purposes) == {CLAIM_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION}
    assert asked.extensions.get_extension_for_class(x509.KeyUsage).value.digital_signature
    assert "PRIVATE" not in made
    waiting = config / "keys" / "film.request"
    assert stat.S_IMODE(waiting.stat().st_mode) == 0o600
    assert data(typed("keys", "list", "--json")) == {"keys": []}
    again = x509.load_pem_x509_csr(
        data(typed("keys", "request", "film", "--organisation", "S", "--json"))["request"].encode()
    )
    assert again.public_key() == asked.public_key()
    issuer = certificates.make_intermediate("CA", certificates.make_root("Root", 99), 99)
    issued = certificates.issue_signing_certificate("Studio", asked.public_key(), issuer, 60)  # type: ignore[arg-type]  # an EC key
    chain = tmp_path / "issued.pem"
    chain.write_text(to_pem(issued, issuer.certificate))
    row = data(typed("keys", "add", "film", "--chain", chain, "--json"))
    assert (row["name"], row["subject"], row["at"]) == ("film", "Studio", "file")
    assert not waiting.exists()
    assert keyring.load_signer(config, "film").algorithm == "es256"


def test_a_certificate_for_another_request_leaves_the_key_waiting(
    typed: Typed, config: Path, tmp_path: Path
) -> None:
    typed("keys", "request", "film", "--organisation", "Studio")
    issuer = certificates.make_intermediate("CA", certificates.make_root("Root", 99), 99)
    chain = tmp_path / "issued.pem"
    chain.write_text(to_pem(certificates.make_leaf("Other", issuer, 60).certificate, issuer.certificate))
    code, _, said = typed("keys", "add", "film", "--chain", chain)
    assert (code, "not the certificate's" in said) == (6, True)
    assert (config / "keys" / "film.request").exists()
    code, _, said = typed("keys", "add", "other", "--chain", chain)
    assert (code, "keys request" in said) == (6, True)


def test_a_key_that_expires_soon_gives_a_warning(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(development, "SIGNER_DAYS", 29)
    data(typed("keys", "new", "soon", "--json"))
    monkeypatch.setattr(development, "SIGNER_DAYS", 31)
    assert typed("keys", "new", "later")[2] == ""
    _, out, said = typed("keys", "list", "--json")
    rows = {row["name"]: row["warning"] for row in json.loads(out)["keys"]}
    assert rows == {"development": "", "later": "", "soon": "expires in 28 days: renew it"}
    assert said == "warning: soon: expires in 28 days: renew it\n"


def test_a_key_in_a_token_is_made_shown_and_used(
    typed: Typed, config: Path, token: SoftToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    uri = token.new_ec("cli")
    assert typed("keys", "new", "hsm", "--uri", uri)[0] == 6
    monkeypatch.setenv("ANSWERPRINT_PIN_HSM", PIN)
    row = data(typed("keys", "new", "hsm", "--uri", uri, "--tsa", "http://tsa.example/", "--json"))
    assert (row["at"], row["tsa"]) == (uri, "http://tsa.example/")
    assert data(typed("keys", "show", "hsm", "--json")) == row


@pytest.mark.parametrize("url", ["ftp://a/", "http://user:s3cret@a/", "tsa", "http://"])
def test_an_invalid_authority_is_refused(url: str, typed: Typed) -> None:
    code, _, said = typed("keys", "new", "film", "--tsa", url)
    assert (code, "not the address of a time-stamping authority" in said) == (2, True)
    assert "s3cret" not in said


def films(config: Path, film: Path, folder: Path, *names: str) -> list[Path]:
    """Returns films signed with the development key, without a time-stamp."""
    house = House(keyring.load_signer(config), lists.read_own_root(config))
    return [finish(film, folder / f"{name}.mp4", [], house) for name in names]


def test_waiting_films_are_stamped_and_leave_the_queue(
    typed: Typed, config: Path, film: Path, tsa: Tsa, tmp_path: Path
) -> None:
    (config / "trust" / "tsa").mkdir(parents=True)
    (config / "trust" / "tsa" / "authority.pem").write_text(tsa.pem)
    first, second = films(config, film, tmp_path, "first", "second")
    assert "no film waits" in typed("stamp")[1]
    for path in (first, second):
        stamp_queue.add(config, PendingStamp(path, "development", tsa.url))
    rows = data(typed("stamp", "--json"))["stamped"]
    assert [(row["path"], row["time"]) for row in rows] == [(str(first), "trusted"), (str(second), "trusted")]
    assert stamp_queue.list_pending(config) == ()
    assert data(typed("stamp", first, "--tsa", tsa.url, "--json"))["stamped"][0]["time"] == "there"


def test_a_film_that_cannot_be_stamped_stays_in_the_queue_and_delays_no_other(
    typed: Typed, config: Path, film: Path, tsa: Tsa, tmp_path: Path
) -> None:
    lost, good = films(config, film, tmp_path, "a-lost", "b-good")
    stamp_queue.add(config, PendingStamp(lost, "development", nobody()))
    stamp_queue.add(config, PendingStamp(good, "development", tsa.url))
    code, out, said = typed("stamp", "--json")
    assert code == 75
    assert [row["path"] for row in json.loads(out)["stamped"]] == [str(good)]
    assert "time-stamping authority cannot be reached" in said
    assert [each.film for each in stamp_queue.list_pending(config)] == [lost]


def test_a_film_is_not_stamped_while_somebody_else_owns_its_folder(
    typed: Typed, config: Path, film: Path, tsa: Tsa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("post.owned.SHORT_WORK_S", 0.3)
    (path,) = films(config, film, tmp_path, "one")
    stamp_queue.add(config, PendingStamp(path, "development", tsa.url))
    before = path.read_bytes()
    with owned(tmp_path / LOCK, str(tmp_path)):
        code, _, said = typed("stamp")
    assert (code, f"process {os.getpid()}, since 20" in said) == (75, True)
    assert path.read_bytes() == before
    assert [each.film for each in stamp_queue.list_pending(config)] == [path]
    assert typed("stamp")[0] == 0
    assert not (tmp_path / LOCK).exists()
    assert typed("stamp", tmp_path / "missing" / "film.mp4", "--tsa", tsa.url)[0] == 3
    assert not (tmp_path / "missing").exists()


def test_stamping_a_film_by_name_needs_an_authority(
    typed: Typed, config: Path, film: Path, tmp_path: Path
) -> None:
    (path,) = films(config, film, tmp_path, "one")
    code, _, said = typed("stamp", path)
    assert (code, "no time-stamping authority" in said) == (6, True)


def test_the_warning_counts_whole_days() -> None:
    now = datetime.now(UTC)
    info = keyring.KeyInfo("k", "s", "i", "es256", now + timedelta(days=30), "p")
    assert info.warning(now) == ""
    assert info.warning(now + timedelta(seconds=1)) == "expires in 29 days: renew it"
    assert info.warning(now + timedelta(days=30)).startswith("expired")
