"""Trust lists have names and dates."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from post.errors import JobError
from provenance import manifest
from provenance.trust import lists as trust_lists
from provenance.trust import update
from provenance.trust.update import certificate_names
from provenance.verify import verify
from tests.provenance.made import House
from tests.provenance.trust.own import own_lists


def test_the_programmes_lists_alone_are_trusted_by_default(tmp_path: Path) -> None:
    found = trust_lists.read_configured(tmp_path)
    assert [(each.name, each.role, each.certificates, each.kind) for each in found] == [
        ("C2PA-TRUST-LIST", "signer", 30, "public"),
        ("C2PA-TSA-TRUST-LIST", "tsa", 22, "public"),
    ]
    assert {each.dated for each in found} == {"2026-08-01"}
    assert own_lists(tmp_path) == ()


def test_the_lists_that_ship_are_those_that_the_programme_published(media: Callable[[str], Path]) -> None:
    for each in trust_lists.read_shipped():
        published = media(f"../conformance/trust/{each.name}.pem").read_text()
        assert each.pem.endswith(published)
        head = each.pem.removesuffix(published)
        assert "Creative Commons Attribution 4.0" in head
        assert "C2PA" in head
        assert each.source.endswith(f"/{each.name}.pem")


def test_googles_authorities_for_generated_media_are_on_the_lists_that_ship() -> None:
    """Veo's files are signed under them: such a file reads trusted with no list of the user's."""
    signers, authorities = (certificate_names(each) for each in trust_lists.read_shipped())
    assert "Google C2PA Media Services 1P ICA G3" in signers
    assert "Google C2PA Core Time-Stamping ICA G3" in authorities


def test_a_users_list_takes_the_place_of_one_that_ships(house: House, tmp_path: Path) -> None:
    (tmp_path / "trust").mkdir()
    (tmp_path / "trust" / "C2PA-TRUST-LIST.pem").write_text(house.pem)
    found = trust_lists.read_configured(tmp_path)
    assert [(each.name, each.certificates) for each in found] == [
        ("C2PA-TSA-TRUST-LIST", 22),
        ("C2PA-TRUST-LIST", 1),
    ]
    (tmp_path / "trust" / "C2PA-TRUST-LIST.pem").rename(tmp_path / "trust" / "C2PA-TSA-TRUST-LIST.pem")
    names = [(each.name, each.role) for each in trust_lists.read_configured(tmp_path)]
    assert len(names) == 3  # a signers' list of that name is not the authorities' list


def test_a_development_root_is_known_as_one_however_it_is_given(house: House, tmp_path: Path) -> None:
    path = tmp_path / "release.pem"
    path.write_text(house.pem)
    assert {each.kind for each in (*house.anchors, trust_lists.read_list(path))} == {"development"}
    path.write_text(house.pem + trust_lists.read_shipped()[0].pem)
    assert trust_lists.read_list(path).kind == "own"


def test_a_file_that_says_it_is_the_programmes_is_the_users_own_unless_it_is_kept(
    house: House, tmp_path: Path
) -> None:
    name, role, address = trust_lists.OFFICIAL[0]
    path = tmp_path / "trust" / f"{name}.pem"
    path.parent.mkdir()
    path.write_text(f"# source: {address}\n" + house.pem)
    assert trust_lists.read_list(path, role).kind == "development"
    assert [each.kind for each in own_lists(tmp_path)] == ["public"]
    said = f"# source: {address}\n# dated: 2026-08-01\n" + trust_lists.read_shipped()[0].pem
    path.unlink()
    mine = tmp_path / f"{name}.pem"
    mine.write_text(said)
    assert trust_lists.read_list(mine, role).kind == "own"
    update.remove(tmp_path, name, role)
    assert update.add(tmp_path, mine, role).list.kind == "own"
    assert [each.kind for each in own_lists(tmp_path)] == ["own"]


def test_a_development_root_is_never_old_and_an_own_list_is_updated_from_a_file(
    house: House, tmp_path: Path
) -> None:
    late = datetime(2028, 1, 1, tzinfo=UTC)
    assert not replace(house.anchors[0], dated="2026-01-01").old(late)
    public, own = trust_lists.read_shipped()[0], tmp_path / "partners.pem"
    assert public.old(late)
    assert public.update_command == "answerprint trust update C2PA-TRUST-LIST"
    own.write_text(public.pem)
    options: dict[trust_lists.Role, str] = {"signer": "", "tsa": " --tsa", "identity": " --identity"}
    for role, option in options.items():
        command = trust_lists.read_list(own, role).update_command
        assert command == f"answerprint trust update partners --from FILE{option}"


def test_a_users_own_root_is_trusted_by_name(config: Path) -> None:
    (own,) = own_lists(config)
    assert (own.name, own.certificates) == ("this user's development root", 1)


def test_lists_in_the_trust_folder_come_first(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "trust"
    folder.mkdir()
    (folder / "partners.pem").write_text("# dated: 2026-08-06\n" + house.pem)
    (only,) = own_lists(tmp_path)
    assert (only.name, only.dated) == ("partners", "2026-08-06")


def test_a_list_without_a_date_has_the_date_of_its_file(house: House, tmp_path: Path) -> None:
    path = tmp_path / "list.pem"
    path.write_text(house.pem)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    assert trust_lists.read_list(path).dated == "2023-11-14"


@pytest.mark.parametrize("content", [None, "", "no certificate", "-----BEGIN CERTIFICATE-----\nAA\n"])
def test_a_file_that_is_no_list_is_refused(content: str | None, tmp_path: Path) -> None:
    path = tmp_path / "list.pem"
    if content is not None:
        path.write_text(content)
    with pytest.raises(JobError, match="the trust list cannot be read"):
        trust_lists.read_list(path)


@pytest.mark.parametrize("order", ["ours first", "ours last"])
@pytest.mark.parametrize("role", ["signer", "tsa"])
def test_two_lists_with_the_same_name_are_separate(
    order: str, role: trust_lists.Role, house: House, stranger: House, several: Path
) -> None:
    ours = replace(house.anchors[0], name="x")
    other = replace(stranger.anchors[0], name="x", role=role)
    report = verify(several, (ours, other) if order == "ours first" else (other, ours))
    assert (report.signer, report.vouched_by) == ("trusted", ("x",))
    assert len(report.trust_lists) == 2


def test_a_list_that_ends_without_a_line_end_does_not_hide_the_next(
    house: House, stranger: House, several: Path
) -> None:
    """The SDK reads PEM by the line."""
    lists = [replace(each.anchors[0], pem=each.pem.rstrip()) for each in (stranger, house)]
    assert manifest.read(several, trust_lists.join_pem(lists[:1])).state == "Valid"
    assert manifest.read(several, trust_lists.join_pem(lists)).state == "Trusted"


def test_lists_with_the_same_name_in_two_folders_are_both_read(
    house: House, stranger: House, several: Path, tmp_path: Path
) -> None:
    for folder, pem in (("trust", house.pem), ("trust/tsa", stranger.pem)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.pem").write_text(pem)
    lists = own_lists(tmp_path)
    assert [(each.name, each.role) for each in lists] == [("x", "signer"), ("x", "tsa")]
    assert verify(several, lists).signer == "trusted"
