"""Trust lists have names and dates."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from post.errors import JobError
from provenance import manifest
from provenance.trust import lists as trust_lists
from provenance.verify import verify
from tests.provenance.made import House


def test_nobody_is_trusted_by_default(tmp_path: Path) -> None:
    assert trust_lists.read_configured(tmp_path) == ()


def test_a_users_own_root_is_trusted_by_name(config: Path) -> None:
    (own,) = trust_lists.read_configured(config)
    assert (own.name, own.certificates) == ("this user's development root", 1)


def test_lists_in_the_trust_folder_come_first(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "trust"
    folder.mkdir()
    (folder / "partners.pem").write_text("# dated: 2026-08-06\n" + house.pem)
    (only,) = trust_lists.read_configured(tmp_path)
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
    lists = trust_lists.read_configured(tmp_path)
    assert [(each.name, each.role) for each in lists] == [("x", "signer"), ("x", "tsa")]
    assert verify(several, lists).signer == "trusted"
