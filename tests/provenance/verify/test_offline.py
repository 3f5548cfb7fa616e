"""Nothing but --online reaches for the network."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest

from post.errors import SourceError
from provenance.trust.lists import Anchors
from provenance.verify import Asked, online, verify
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
    try:
        report = verify(media(f"c2pa/{name}"), official)
    except SourceError:
        return
    assert report.revocation in ("unknown", "not checked")


@pytest.mark.usefixtures("closed")
def test_a_closed_network_is_noticed() -> None:
    with pytest.raises(AssertionError, match="reached for the network"):
        online.fetch("http://127.0.0.1:9/", 100)


@pytest.mark.usefixtures("closed")
def test_online_asks_nobody_where_the_certificate_names_nobody(several: Path, house: House) -> None:
    report = verify(several, house.anchors, asked=Asked(online=True))
    assert (report.signer, report.revocation) == ("trusted", "unknown")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/x", "//127.0.0.1", "data:,x"])
def test_only_addresses_of_the_web_are_asked(url: str) -> None:
    with pytest.raises(ValueError, match="address of the web"):
        online.fetch(url, 100)
