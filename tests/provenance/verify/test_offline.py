"""Nothing but --online reaches for the network."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest

from provenance.download import Download, download
from provenance.trust.lists import Anchors
from provenance.verify import VerifyOptions, verify
from tests.provenance.formats.public_files import KNOWN
from tests.provenance.made import House


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """No socket at all, the loopback's neither; and no names looked up."""

    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise AssertionError("verifying reached for the network")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)


def folder() -> list[str]:
    root = os.environ.get("ANSWERPRINT_MEDIA")
    return sorted(path.name for path in Path(root, "c2pa").iterdir()) if root else ["C.jpg"]


@pytest.mark.media
@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize("name", folder())
def test_every_file_verifies_with_the_network_closed(
    name: str, media: Callable[[str], Path], official: tuple[Anchors, ...]
) -> None:
    report = verify(media(f"c2pa/{name}"), official)
    assert report.revocation in ("unknown", "not checked")
    if name in KNOWN:
        assert (report.integrity, report.signer, report.chain) == KNOWN[name][:3]


def test_the_public_files_have_every_state_of_integrity() -> None:
    integrity, signer, chain, _ = (set(column) for column in zip(*KNOWN.values(), strict=True))
    assert integrity == {"intact", "tampered", "absent", "unreadable"}
    assert {"trusted", "untrusted", "none"} <= signer
    assert {"sound", "laundered", "none"} <= chain


@pytest.mark.usefixtures("closed")
def test_a_closed_network_is_noticed() -> None:
    with pytest.raises(AssertionError, match="reached for the network"):
        download(Download("http://127.0.0.1:9/", 100))


@pytest.mark.usefixtures("closed")
def test_online_asks_nobody_where_the_certificate_names_nobody(several: Path, house: House) -> None:
    report = verify(several, house.anchors, options=VerifyOptions(online=True))
    assert (report.signer, report.revocation) == ("trusted", "unknown")
