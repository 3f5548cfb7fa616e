"""Signs whole jobs: a lost authority can be retried, nothing is rendered twice, and no secret is written."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from provenance import manifest
from provenance.manifest.cawg_identity import LABEL
from provenance.signing import enrolment, keyring
from provenance.signing.enrolment import KeyOptions
from provenance.signing.key_file import read as read_kept
from provenance.signing.software_key import parse_private
from provenance.signing.stamping import stamp_queue
from provenance.trust import lists as trust_lists
from provenance.verify import verify
from tests.provenance.signing.conftest import PIN, SO_PIN, SoftToken
from tests.provenance.signing.desk import Desk
from tests.provenance.signing.services import SECRETS, Azure, Kms, Vault
from tests.provenance.signing.serving import Answer
from tests.provenance.signing.tsa import Tsa


def test_a_lost_authority_exits_75_and_the_next_run_only_signs(desk: Desk, tsa: Tsa) -> None:
    folder = desk.config / "trust" / "tsa"
    folder.mkdir(parents=True)
    (folder / "test.pem").write_text(tsa.pem)
    tsa.fault = Answer(503)
    assert desk.finish(tsa=tsa.url) == (75, None)
    assert "time-stamping authority cannot be reached" in desk.said
    assert desk.left() == []
    tsa.fault = None
    code, made = desk.finish(tsa=tsa.url)
    assert (code, made["reused"]) == (0, made["segments"])
    assert verify(Path(made["path"]), trust_lists.read_configured(desk.config)).time == "trusted"


def test_the_signers_list_vouches_for_time_too_unless_tsa_names_another(desk: Desk, tsa: Tsa) -> None:
    folder = desk.config / "trust" / "tsa"
    folder.mkdir(parents=True)
    (folder / "test.pem").write_text(tsa.pem)
    code, made = desk.finish(tsa=tsa.url)
    assert code == 0
    both, signer, authority = (desk.folder / f"{name}.pem" for name in ("both", "signer", "authority"))
    signer.write_text(trust_lists.join_pem(trust_lists.read_own_root(desk.config)))
    authority.write_text(tsa.pem)
    both.write_text(signer.read_text() + tsa.pem)

    def told(*asked: object) -> tuple[str, str]:
        desk.verify(made["path"], *asked)
        return desk.data["signer"], desk.data["time"]

    assert told() == ("trusted", "trusted")
    assert told("--trust", both) == ("trusted", "trusted")
    assert told("--trust", signer) == ("trusted", "untrusted")
    assert told("--trust", signer, "--tsa", authority) == ("trusted", "trusted")
    assert told("--trust", both, "--tsa", signer) == ("trusted", "untrusted")
    assert told("--tsa", signer) == ("trusted", "untrusted")


def test_signing_warns_of_a_certificate_that_expires_soon(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolment.make_key(desk.config, "soon")
    monkeypatch.setattr(keyring, "EXPIRES_SOON", timedelta(days=4000))
    code, _ = desk.finish(key="soon")
    assert code == 0
    assert re.search(r"^the key soon: expires in \d+ days: renew it$", desk.said, re.MULTILINE)


def test_a_film_to_be_stamped_later_waits_in_the_queue_with_its_organisation_in_it(
    desk: Desk, tsa: Tsa
) -> None:
    code, _ = desk.finish(time="later")
    assert (code, "nobody to stamp the time later" in desk.said) == (2, True)
    enrolment.make_key(desk.config, "house")
    code, made = desk.finish(time="later", tsa=tsa.url, identity="house", role="cawg.publisher")
    assert code == 0
    film, lists = Path(made["path"]), trust_lists.read_configured(desk.config)
    report = verify(film, lists)
    assert (report.integrity, report.signer, report.time) == ("intact", "trusted", "none")
    (active,) = manifest.read(film, trust_lists.join_pem(lists)).manifests
    assert active["assertions"][LABEL]["signer_payload"]["role"] == ["cawg.publisher"]
    assert not tsa.seen
    (waiting,) = stamp_queue.list_pending(desk.config)
    assert (str(waiting.film), waiting.tsa_url) == (made["path"], tsa.url)


@pytest.mark.parametrize("wrong", ["tsa: nowhere", "identity: nobody", "time: sometime", "role: boss"])
def test_a_wrong_setting_of_a_job_is_named(wrong: str, desk: Desk) -> None:
    name, _, value = wrong.partition(": ")
    code, _ = desk.finish(**{name: value})
    assert code in (2, 6)
    assert f"provenance.{name}" in desk.said
    assert not (desk.folder / "store").exists()


def written(folder: Path, *but: Path) -> Iterator[tuple[Path, bytes]]:
    for path in folder.rglob("*"):
        if path.is_file() and path not in but:
            yield path, path.read_bytes()


def test_no_secret_is_written_or_logged(
    desk: Desk,
    token: SoftToken,
    vault: Vault,
    azure: Azure,
    tsa: Tsa,
    kms: Kms,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("ANSWERPRINT_PIN", PIN)
    private = {Path(enrolment.make_key(desk.config, "house").path)}
    private |= {desk.config / "development" / name for name in ("signer.pem", "issuer.pem")}
    places = {
        "hsm": token.new_ec("quiet"),
        "vault": "vault://transit/film",
        "azure": "azurekv://studio/film/v1",
        "kms": f"awskms:///film?region=eu-west-1&endpoint={kms.url}",
    }
    shown = []
    with caplog.at_level(logging.DEBUG):
        for name, uri in places.items():
            shown.append(
                repr(enrolment.make_key(desk.config, name, KeyOptions(uri, tsa.url, "house"), lambda _: PIN))
            )
            shown.append(repr(keyring.load_signer(desk.config, name, lambda _: PIN)))
        assert desk.finish(key="hsm")[0] == 0
        monkeypatch.setenv("VAULT_TOKEN", SECRETS[0] + "x")
        assert desk.finish(key="vault")[0] == 6
        vault.fault, azure.fault = Answer(503), Answer(403, b"{}")
        assert desk.finish(key="vault")[0] == 75
        assert desk.finish(key="azure")[0] == 6
        monkeypatch.setenv("ANSWERPRINT_PIN", "41978236")
        assert desk.finish(key="hsm", title="Another")[0] == 6
        assert "refuses the PIN" in desk.said
    held = [
        parse_private(read_kept(path).private_pem.encode(), "")
        for path in private
        if "issuer" not in path.name
    ]
    numbers = [f"{key.private_numbers().private_value:x}" for key in held]
    bodies = [read_kept(path).private_pem.splitlines()[1] for path in private if "issuer" not in path.name]
    secrets = [*SECRETS, PIN, SO_PIN, "41978236", *numbers, *bodies]
    everything = "".join(shown) + caplog.text + desk.everything
    assert [secret for secret in secrets if secret in everything] == []
    # The token's own folder and the key files themselves are elsewhere, or private.
    ours = [desk.folder / "out", desk.folder / "store", desk.config]
    kept = dict(pair for folder in ours for pair in written(folder, *private))
    assert len(kept) > 5
    assert [(p, s) for p, data in kept.items() for s in secrets if s.encode() in data] == []
    assert [p for p, data in kept.items() if b"PRIVATE KEY" in data] == []
