"""One address is downloaded: never from elsewhere, never too much, never for too long."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from provenance.download import Download, DownloadRefusedError, NoAnswerError, download
from provenance.signing.certificates import to_pem
from provenance.signing.software_key import key_pem
from tests.provenance.signing.serving import Answer, Asked, Served, nobody


class Shelf(Served):
    """Answers with what lies at a path; a redirect is a path that begins with a number."""

    def __init__(self, moved_to: str = "") -> None:
        super().__init__()
        self.moved_to = moved_to

    def answer(self, asked: Asked) -> Answer:
        status = asked.path.strip("/").split("/")[0]
        if status.isdigit():
            return Answer(int(status), b"moved", {"Location": self.moved_to})
        return Answer(200, b"at " + asked.path.encode() + asked.body)


def get(url: str, max_bytes: int = 1000, **more: object) -> bytes:
    return download(Download(url, max_bytes, **more))  # type: ignore[arg-type]  # named by each test


def test_an_answer_comes_whole() -> None:
    with Shelf() as shelf:
        assert get(shelf.url + "/list") == b"at /list"
        assert get(shelf.url + "/ocsp", body=b"?", content_type="application/ocsp-request") == b"at /ocsp?"
    assert [each.method for each in shelf.seen] == ["GET", "POST"]
    assert shelf.seen[1].headers["Content-Type"] == "application/ocsp-request"


def test_a_redirect_on_the_same_host_is_followed() -> None:
    with Shelf("/list") as shelf:
        assert get(shelf.url + "/302") == b"at /list"
        assert get(shelf.url + "/307", body=b"?") == b"at /list?"


def test_a_redirect_to_another_host_or_port_is_refused_and_not_asked() -> None:
    with Shelf() as other, Shelf() as shelf:
        for place in (other.url, f"http://localhost:{shelf.port}/list", "ftp://127.0.0.1/list"):
            shelf.moved_to = place
            with pytest.raises(DownloadRefusedError, match="redirected to"):
                get(shelf.url + "/302")
        assert other.seen == []
        assert {each.path for each in shelf.seen} == {"/302"}


def test_a_redirect_that_would_drop_what_was_sent_is_refused() -> None:
    with Shelf("/list") as shelf, pytest.raises(DownloadRefusedError, match="POST"):
        get(shelf.url + "/302", body=b"?")


def test_redirects_in_a_circle_end() -> None:
    with Shelf("/302") as shelf, pytest.raises(DownloadRefusedError, match="redirects"):
        get(shelf.url + "/302")
    assert len(shelf.seen) == 6


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://127.0.0.1/x", "//127.0.0.1", "data:,x", "", "http://"]
)
def test_only_addresses_of_the_web_are_asked(url: str) -> None:
    with pytest.raises(DownloadRefusedError, match="address"):
        get(url)


def test_an_answer_is_as_long_as_allowed_and_no_longer() -> None:
    with Shelf() as shelf:
        assert get(shelf.url + "/list", max_bytes=8) == b"at /list"
        with pytest.raises(DownloadRefusedError, match="more than 7 bytes"):
            get(shelf.url + "/list", max_bytes=7)


def test_what_is_packed_is_not_unpacked() -> None:
    with Shelf() as shelf:
        packed = gzip.compress(bytes(1 << 20))
        shelf.fault = Answer(200, packed, {"Content-Encoding": "gzip"})
        assert get(shelf.url, max_bytes=5000) == packed
        assert shelf.seen[0].headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize("status", [204, 404, 503])
def test_any_status_but_200_is_no_answer(status: int) -> None:
    with Shelf() as shelf, pytest.raises(NoAnswerError, match=str(status)):
        shelf.fault = Answer(status)
        get(shelf.url)


def test_a_port_nobody_listens_on_gives_no_answer() -> None:
    with pytest.raises(NoAnswerError):
        get(nobody())


Slow = Callable[[socket.socket], None]


def in_headers(peer: socket.socket) -> None:
    peer.sendall(b"HTTP/1.1 200 OK\r\n")
    for _ in range(100):
        peer.sendall(b"x")
        time.sleep(0.1)


def in_body(peer: socket.socket) -> None:
    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(100):
        peer.sendall(b"x")
        time.sleep(0.1)


@pytest.fixture(params=[in_headers, in_body], ids=["headers", "body"])
def slow(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a server that sends a byte every tenth of a second, so that no single read is late."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        peer, _ = listener.accept()
        with peer:
            peer.recv(1000)
            with suppress(OSError):
                request.param(peer)

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    thread.join()
    listener.close()


def test_a_server_that_drips_is_left_when_the_time_is_up(slow: str) -> None:
    start = time.monotonic()
    with pytest.raises(NoAnswerError, match=r"0\.8 s"):
        get(slow, seconds=0.8)
    assert time.monotonic() - start < 4


def test_plain_http_is_refused_where_https_is_wanted() -> None:
    with Shelf() as shelf, pytest.raises(DownloadRefusedError, match="address of https"):
        get(shelf.url + "/list", https_only=True)
    assert shelf.seen == []


@pytest.fixture
def secure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    """A server over TLS whose certificate the client believes."""
    key = ec.generate_private_key(ec.SECP256R1())
    now, day = datetime.now(UTC), timedelta(days=1)
    name = x509.Name.from_rfc4514_string("CN=loopback")
    made = (
        x509.CertificateBuilder(
            name, name, key.public_key(), x509.random_serial_number(), now - day, now + day
        )
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(True, 0), True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "server.pem"
    path.write_text(key_pem(key) + to_pem(made))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    shelf = Shelf()
    shelf._http.socket = context.wrap_socket(shelf._http.socket, server_side=True)
    with shelf:
        yield shelf


def test_https_is_wanted_on_every_hop_and_not_on_the_first_alone(secure: Shelf) -> None:
    address = secure.url.replace("http:", "https:")
    assert get(address + "/list", https_only=True) == b"at /list"
    with Shelf() as plain:
        secure.moved_to = plain.url + "/list"
        with pytest.raises(DownloadRefusedError, match="redirected to http:"):
            get(address + "/302", https_only=True)
        assert plain.seen == []
