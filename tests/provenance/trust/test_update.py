"""Adds, updates and removes lists: whole or not at all, and never a shorter one without --force."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread, current_thread
from typing import Any

import pytest

from post.cli.app import run
from post.errors import JobError, RetryError
from provenance.signing import certificates
from provenance.signing.certificates import to_pem
from provenance.trust import lists as trust_lists
from provenance.trust import update
from tests.provenance.file_server import FileServer, use_tls
from tests.provenance.made import House
from tests.provenance.trust.own import own_lists


@pytest.fixture(scope="module")
def roots() -> list[str]:
    return [to_pem(certificates.make_root(f"Root {number}", 10).certificate) for number in range(3)]


@pytest.fixture
def several_roots(roots: list[str], tmp_path: Path) -> Path:
    path = tmp_path / "partners.pem"
    path.write_text("Subject\tCN=noise before the first\n# dated: 2026-08-06\n" + "".join(roots))
    return path


@pytest.mark.parametrize(("role", "place"), [("signer", "trust"), ("tsa", "trust/tsa")])
def test_an_added_list_is_read_under_its_role(
    role: trust_lists.Role, place: str, several_roots: Path, tmp_path: Path
) -> None:
    config = tmp_path / "config"
    kept = update.add(config, several_roots, role)
    (found,) = own_lists(config)
    assert found == kept.list
    assert (found.name, found.role, found.dated, found.certificates) == ("partners", role, "2026-08-06", 3)
    assert found.source == str(several_roots)
    assert kept.added == ("Root 0", "Root 1", "Root 2") or len(kept.added) == 3
    path = config / place / "partners.pem"
    assert "noise" not in path.read_text()
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_two_lists_of_a_role_cannot_have_the_same_name(several_roots: Path, tmp_path: Path) -> None:
    update.add(tmp_path, several_roots, "signer")
    with pytest.raises(JobError, match="there is already a list"):
        update.add(tmp_path, several_roots, "signer")
    update.add(tmp_path, several_roots, "tsa")  # another role, another list


def test_a_list_is_compared_with_the_one_that_it_replaces(
    roots: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process brings a longer list while a shorter one is checked: it is not lost to that."""
    one, three = tmp_path / "one.pem", tmp_path / "three.pem"
    one.write_text(roots[0])
    three.write_text("".join(roots))
    reading, waiting = Event(), Event()
    read = trust_lists.read_list
    said: list[str] = []

    def slowly(path: Path, role: trust_lists.Role = "signer", kept: bool = False) -> trust_lists.Anchors:
        found = read(path, role, kept)
        if current_thread() is shorter and not reading.is_set():
            reading.set()
            waiting.wait(0.5)
        return found

    def bring(source: Path) -> None:
        try:
            update.update(tmp_path / "config", "partners", "signer", str(source))
        except JobError as fault:
            said.append(fault.what)

    bring(one)
    monkeypatch.setattr("provenance.trust.update.read_list", slowly)
    shorter, longer = (Thread(target=bring, args=[source]) for source in (one, three))
    shorter.start()
    reading.wait()
    longer.start()
    for each in (shorter, longer):
        each.join()
    (found,) = own_lists(tmp_path / "config")
    assert (found.certificates, said) == (3, [])
    assert not list((tmp_path / "config" / "trust").glob(".*"))


def test_a_shorter_list_is_refused_unless_forced_and_the_previous_one_is_kept(
    roots: list[str], several_roots: Path, tmp_path: Path
) -> None:
    config = tmp_path / "config"
    update.add(config, several_roots, "signer")
    before = (config / "trust" / "partners.pem").read_text()
    shorter = tmp_path / "new.pem"
    shorter.write_text(roots[0])
    with pytest.raises(JobError, match="shorter"):
        update.update(config, "partners", "signer", str(shorter))
    assert (config / "trust" / "partners.pem").read_text() == before
    kept = update.update(config, "partners", "signer", str(shorter), force=True)
    assert (kept.list.certificates, len(kept.removed), kept.added) == (1, 2, ())
    assert (config / "trust" / "partners.pem.before").read_text() == before
    assert len(own_lists(config)) == 1  # the previous one does not count as a list


@pytest.mark.parametrize(
    "text", ["", "<html>moved</html>", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
@pytest.mark.parametrize("force", [True, False])
def test_a_list_is_never_replaced_by_something_else(
    text: str, force: bool, several_roots: Path, tmp_path: Path
) -> None:
    config = tmp_path / "config"
    update.add(config, several_roots, "signer")
    broken = tmp_path / "broken.pem"
    broken.write_text(text)
    with pytest.raises(JobError, match="the trust list cannot be read"):
        update.update(config, "partners", "signer", str(broken), force)
    assert own_lists(config)[0].certificates == 3


def test_a_list_is_no_younger_than_its_file(roots: list[str], tmp_path: Path) -> None:
    path = tmp_path / "old.pem"
    path.write_text(roots[0])
    os.utime(path, (1_700_000_000, 1_700_000_000))
    kept = update.update(tmp_path / "config", "old", "signer", str(path))
    assert kept.list.dated == "2023-11-14"


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("http://127.0.0.1:9/x.pem", JobError),
        ("https://127.0.0.1:9/x.pem", RetryError),
        ("/no/such.pem", JobError),
    ],
)
def test_an_address_without_a_list_changes_nothing(
    source: str, fault: type[Exception], several_roots: Path, tmp_path: Path
) -> None:
    update.add(tmp_path, several_roots, "signer")
    with pytest.raises(fault):
        update.update(tmp_path, "partners", "signer", source)
    assert own_lists(tmp_path)[0].certificates == 3


def test_a_list_is_fetched_over_https_on_every_hop(
    several_roots: Path, roots: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    longer = {"/list.pem": several_roots.read_bytes() + roots[0].encode()}
    with FileServer(files=longer) as plain, FileServer(files=longer) as secure:
        monkeypatch.setenv("SSL_CERT_FILE", str(use_tls(secure, tmp_path)))
        monkeypatch.setattr(update, "_MAX_SECONDS", 300.0)  # however busy the machine is
        kept = update.update(tmp_path, "partners", "signer", secure.url + "/list.pem")
        assert (kept.list.certificates, kept.list.source) == (4, secure.url + "/list.pem")
        secure.moved_to = plain.url + "/list.pem"
        with pytest.raises(JobError, match="cannot be fetched from this address") as caught:
            update.update(tmp_path, "partners", "signer", secure.url + "/302")
        assert "redirected to http:" in str(caught.value)
        assert plain.seen == []


@pytest.mark.parametrize("name", ["../evil", "a/b", "", ".hidden", "x" * 65])
def test_a_path_is_not_accepted_as_a_name(name: str, several_roots: Path, tmp_path: Path) -> None:
    with pytest.raises(JobError, match="cannot have this name"):
        update.update(tmp_path, name, "signer", str(several_roots))
    with pytest.raises(JobError, match="cannot have this name"):
        update.remove(tmp_path, name, "signer")


def test_a_removed_list_is_no_longer_trusted(several_roots: Path, tmp_path: Path) -> None:
    update.add(tmp_path, several_roots, "signer")
    update.remove(tmp_path, "partners", "signer")
    assert own_lists(tmp_path) == ()
    with pytest.raises(JobError, match="no such list"):
        update.remove(tmp_path, "partners", "signer")


def test_the_verbs_work_together(
    several_roots: Path,
    several: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("ANSWERPRINT_CONFIG", str(tmp_path / "config"))

    def told(*words: str) -> Any:
        capsys.readouterr()
        assert run([*words, "--json"]) in (0, 6)
        return json.loads(capsys.readouterr().out)

    shipped = ["C2PA-TRUST-LIST", "C2PA-TSA-TRUST-LIST"]
    assert [row["name"] for row in told("trust", "list")["lists"]] == shipped
    for name, role in zip(shipped, ([], ["--tsa"]), strict=True):
        assert told("trust", "remove", name, *role) == {"removed": name}
    assert told("trust", "list") == {"lists": []}
    (added,) = told("trust", "add", str(several_roots), "--tsa")["lists"]
    assert (added["name"], added["role"], len(added["names"])) == ("partners", "tsa", 3)
    (row,) = told("trust", "list")["lists"]
    assert (row["dated"], row["certificates"], row["old"]) == ("2026-08-06", 3, False)
    assert [each["name"] for each in told("verify", str(several))["trust_lists"]] == ["partners"]
    assert told("trust", "remove", "partners", "--tsa") == {"removed": "partners"}


def test_a_list_that_ships_is_removed_for_good_and_an_update_brings_it_back(tmp_path: Path) -> None:
    name = "C2PA-TRUST-LIST"
    shipped = trust_lists.find_shipped(name, "signer")
    assert shipped is not None
    update.remove(tmp_path, name, "signer")
    assert [each.name for each in trust_lists.read_configured(tmp_path)] == ["C2PA-TSA-TRUST-LIST"]
    with pytest.raises(JobError, match="no such list"):
        update.remove(tmp_path, name, "signer")
    newer = tmp_path / "newer.pem"
    newer.write_text(shipped.pem)
    kept = update.update(tmp_path, name, "signer", str(newer))
    assert (kept.list.certificates, len(kept.added), kept.list.dated) == (30, 30, "2026-08-01")
    update.remove(tmp_path, name, "signer")
    assert [each.name for each in trust_lists.read_configured(tmp_path)] == ["C2PA-TSA-TRUST-LIST"]


def test_an_update_is_compared_with_the_list_that_ships(roots: list[str], tmp_path: Path) -> None:
    shorter = tmp_path / "new.pem"
    shorter.write_text(roots[0])
    with pytest.raises(JobError, match="shorter"):
        update.update(tmp_path, "C2PA-TSA-TRUST-LIST", "tsa", str(shorter))
    kept = update.update(tmp_path, "C2PA-TSA-TRUST-LIST", "tsa", str(shorter), force=True)
    assert (len(kept.added), len(kept.removed)) == (1, 22)
    assert [(each.name, each.certificates) for each in trust_lists.read_configured(tmp_path)] == [
        ("C2PA-TRUST-LIST", 30),
        ("C2PA-TSA-TRUST-LIST", 1),
    ]
    with pytest.raises(JobError, match="there is already a list"):
        update.add(tmp_path, tmp_path / "trust" / "tsa" / "C2PA-TSA-TRUST-LIST.pem", "tsa")


def test_only_the_official_lists_have_an_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ANSWERPRINT_CONFIG", str(tmp_path))
    assert run(["trust", "update", "partners"]) == 2
    assert "--from" in capsys.readouterr().err
    assert {row[1] for row in trust_lists.OFFICIAL} == {"signer", "tsa"}
    assert all(row[2].startswith("https://") for row in trust_lists.OFFICIAL)


@pytest.mark.media
def test_every_certificate_of_the_official_lists_is_read(
    media: Callable[[str], Path], tmp_path: Path
) -> None:
    for name, role, _ in trust_lists.OFFICIAL:
        kept = update.update(tmp_path, name, role, str(media(f"../conformance/trust/{name}.pem")))
        assert kept.list.certificates == {"signer": 30, "tsa": 22}[role]


def test_a_users_own_root_has_the_role_of_a_signer(house: House, several_roots: Path, config: Path) -> None:
    assert [each.role for each in own_lists(config)] == ["signer"]
