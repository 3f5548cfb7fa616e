"""One address is downloaded: never from elsewhere, never too much, never for too long."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from provenance.download import Download, DownloadRefusedError, Downloads, NoAnswerError, download
from provenance.public_addresses import HostPolicy
from tests.provenance.file_server import FileServer, use_tls
from tests.provenance.signing.serving import Answer, nobody

# This machine, as a host that the user named.
HERE = HostPolicy(("127.0.0.1",))


def get(url: str, max_bytes: int = 1000, seconds: float = 300, **more: Any) -> bytes:
    """Downloads from this machine, with time enough for the busiest one."""
    return download(Download(url, max_bytes, seconds, **more), HERE)


def test_an_answer_comes_whole() -> None:
    with FileServer() as server:
        assert get(server.url + "/list") == b"at /list"
        assert get(server.url + "/ocsp", body=b"?", content_type="application/ocsp-request") == b"at /ocsp?"
    assert [each.method for each in server.seen] == ["GET", "POST"]
    assert server.seen[1].headers["Content-Type"] == "application/ocsp-request"


def test_a_redirect_on_the_same_host_is_followed() -> None:
    with FileServer("/list") as server:
        assert get(server.url + "/302") == b"at /list"
        assert get(server.url + "/307", body=b"?") == b"at /list?"


def test_a_redirect_to_another_host_or_port_is_refused_and_not_asked() -> None:
    with FileServer() as other, FileServer() as server:
        for place in (other.url, f"http://localhost:{server.port}/list", "ftp://127.0.0.1/list"):
            server.moved_to = place
            with pytest.raises(DownloadRefusedError, match="redirected to"):
                get(server.url + "/302")
        assert other.seen == []
        assert {each.path for each in server.seen} == {"/302"}


def test_a_redirect_that_would_drop_what_was_sent_is_refused() -> None:
    with FileServer("/list") as server, pytest.raises(DownloadRefusedError, match="POST"):
        get(server.url + "/302", body=b"?")


def test_redirects_in_a_circle_end() -> None:
    with FileServer("/302") as server, pytest.raises(DownloadRefusedError, match="redirects"):
        get(server.url + "/302")
    assert len(server.seen) == 6


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://127.0.0.1/x", "//127.0.0.1", "data:,x", "", "http://"]
)
def test_only_addresses_of_the_web_are_asked(url: str) -> None:
    with pytest.raises(DownloadRefusedError, match="address"):
        get(url)


def test_an_answer_is_as_long_as_allowed_and_no_longer() -> None:
    with FileServer() as server:
        assert get(server.url + "/list", max_bytes=8) == b"at /list"
        with pytest.raises(DownloadRefusedError, match="more than 7 bytes"):
            get(server.url + "/list", max_bytes=7)


def test_what_is_packed_is_not_unpacked() -> None:
    with FileServer() as server:
        packed = gzip.compress(bytes(1 << 20))
        server.fault = Answer(200, packed, {"Content-Encoding": "gzip"})
        assert get(server.url, max_bytes=5000) == packed
        assert server.seen[0].headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize("status", [204, 404, 503])
def test_any_status_but_200_is_no_answer(status: int) -> None:
    with FileServer() as server, pytest.raises(NoAnswerError, match=str(status)):
        server.fault = Answer(status)
        get(server.url)


def test_a_port_nobody_listens_on_gives_no_answer() -> None:
    with pytest.raises(NoAnswerError):
        get(nobody())


IN_HEADERS = b"HTTP/1.1 200 OK\r\n"
IN_BODY = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"


@pytest.fixture(params=[IN_HEADERS, IN_BODY], ids=["headers", "body"])
def slow(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a server that sends a byte every tenth of a second, so that no single read is late, until the
    client leaves: one that does not is waited for until the server has sent what a machine sends in a quarter of an
    hour, and the test fails."""
    listener = socket.create_server(("127.0.0.1", 0))
    left = threading.Event()

    def serve() -> None:
        peer, _ = listener.accept()
        with peer:
            peer.recv(1000)
            try:
                peer.sendall(request.param)
                for _ in range(9000):
                    peer.sendall(b"x")
                    time.sleep(0.1)
            except OSError:
                left.set()

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    thread.join()
    listener.close()
    assert left.is_set()


def test_a_server_that_drips_is_left_when_the_time_is_up(slow: str) -> None:
    with pytest.raises(NoAnswerError, match=r"0\.8 s"):
        get(slow, seconds=0.8)


def test_plain_http_is_refused_where_https_is_wanted() -> None:
    with FileServer() as server, pytest.raises(DownloadRefusedError, match="address of https"):
        get(server.url + "/list", https_only=True)
    assert server.seen == []


@pytest.fixture
def secure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    """A server over TLS whose certificate the client trusts."""
    server = FileServer()
    monkeypatch.setenv("SSL_CERT_FILE", str(use_tls(server, tmp_path)))
    with server:
        yield server


def test_https_is_wanted_on_every_hop_and_not_on_the_first_alone(secure: FileServer) -> None:
    assert get(secure.url + "/list", https_only=True) == b"at /list"
    with FileServer() as plain:
        secure.moved_to = plain.url + "/list"
        with pytest.raises(DownloadRefusedError, match="redirected to http:"):
            get(secure.url + "/302", https_only=True)
        assert plain.seen == []


@pytest.mark.parametrize("url", ["http://127.0.0.1:{}", "http://localhost:{}", "http://2130706433:{}/x"])
def test_a_host_of_this_machine_is_not_asked_unless_it_is_named(url: str) -> None:
    with FileServer() as server:
        with pytest.raises(DownloadRefusedError, match="no public address.*--allow-host"):
            download(Download(url.format(server.port), 1000, 300))
        assert server.seen == []
        named = HostPolicy((url.split(":")[1].strip("/"),))
        assert download(Download(url.format(server.port), 1000, 300), named).startswith(b"at /")


class Names:
    """A name server that gives one answer after another, and notes what it is asked."""

    def __init__(self, *answers: tuple[str, ...]) -> None:
        self.answers, self.asked = list(answers), list[str]()

    def resolve(self, host: str, port: int) -> tuple[str, ...]:
        self.asked.append(host)
        if not self.answers:
            raise OSError("no such host")
        return self.answers.pop(0)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.5", "169.254.169.254", "100.64.0.1", "::1", "::ffff:127.0.0.1", "0.0.0.0"],
)
def test_a_name_that_leads_to_an_inner_address_is_refused(address: str) -> None:
    names = Names((address,))
    with pytest.raises(DownloadRefusedError, match="no public address of films.example"):
        download(Download("http://films.example/", 1000, 300), HostPolicy(("other.example",), names.resolve))


def test_the_connection_goes_to_the_address_that_was_checked_and_the_name_is_looked_up_once() -> None:
    names = Names(("127.0.0.1",))
    with FileServer("/list") as server:
        url = f"http://films.example:{server.port}/302"
        assert (
            download(Download(url, 1000, 300), HostPolicy(("Films.Example",), names.resolve)) == b"at /list"
        )
    assert names.asked == ["films.example"]
    assert {each.headers["Host"] for each in server.seen} == {f"films.example:{server.port}"}


def test_the_next_address_is_tried_where_one_takes_no_connection() -> None:
    with FileServer() as server:
        names = Names(("::1", "127.0.0.1"))
        url = f"http://films.example:{server.port}/list"
        assert (
            download(Download(url, 1000, 300), HostPolicy(("films.example",), names.resolve)) == b"at /list"
        )


def test_a_name_without_an_address_gives_no_answer() -> None:
    with pytest.raises(NoAnswerError, match="no such host"):
        download(Download("http://films.example/", 1000, 300), HostPolicy((), Names().resolve))


@pytest.mark.parametrize(("name", "right"), [("films.example", True), ("other.example", False)])
def test_the_certificate_must_be_that_of_the_name(name: str, right: bool, secure: FileServer) -> None:
    asked = Download(f"https://{name}:{secure.port}/list", 1000, 300)
    hosts = HostPolicy((name,), Names(("127.0.0.1",)).resolve)
    if right:
        assert download(asked, hosts) == b"at /list"
    else:
        with pytest.raises(NoAnswerError, match="certificate"):
            download(asked, hosts)


def test_slow_servers_end_when_the_time_for_all_of_them_is_up(slow: str) -> None:
    downloads = Downloads(HERE, 1.5)
    with pytest.raises(NoAnswerError, match="no whole answer"):
        downloads.get(Download(slow, 1000, 300))
    with FileServer() as server, pytest.raises(NoAnswerError, match=r"1\.5 s for all"):
        downloads.get(Download(server.url, 1000, 300))
    assert server.seen == []


def test_a_proxy_of_the_environment_is_asked_for_names_but_not_for_inner_addresses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with FileServer() as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        asked = Download("http://films.example/list", 1000, 300)
        for names in (Names(), Names(("93.184.216.34",))):
            download(asked, HostPolicy((), names.resolve))
        assert [each.path for each in proxy.seen] == ["http://films.example/list"] * 2
        with pytest.raises(DownloadRefusedError, match="no public address"):
            download(asked, HostPolicy((), Names(("10.0.0.5",)).resolve))
        assert len(proxy.seen) == 2


@pytest.mark.parametrize(
    "proxy", ["socks5://me:hush@127.0.0.1:9", "foo://x", "http://[::bad", "http://x:99999", "http://"]
)
def test_a_proxy_that_is_none_of_http_is_refused_by_one_clear_error(
    proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("all_proxy", proxy)
    monkeypatch.setenv("no_proxy", "")
    with pytest.raises(
        DownloadRefusedError, match="a proxy that is none of HTTP; name one as http://"
    ) as caught:
        get("http://films.example/list")
    assert "hush" not in str(caught.value)
