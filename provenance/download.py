"""Downloads one address over HTTP: the only module that downloads.

Places of keys (signing/places) and time-stamping reach the network too, by the libraries of their services.

    locate_manifest ---+
    verify/online -----+--> download --> httpx
    trust/update ------+

A host's name is looked up once, and the connection goes to an address that was checked (`public_addresses`): a name
server that answers differently the next time changes nothing. Through a proxy of the user's environment the proxy
looks names up; a name that leads to no public address here is refused all the same.
A redirect is followed only to the same scheme, host and port. Size and total time are bounded.
Nothing is unpacked: a server is asked for bytes as they are, and what it packs anyway stays packed.
Source: RFC 9110, 15.4 (redirects); RFC 6454, 4 (origin).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from post.errors import JobError, RetryError
from provenance.public_addresses import PUBLIC_HOSTS, HostPolicy

if TYPE_CHECKING:
    import httpx

MAX_REDIRECTS = 5
_OK = 200
_MOVED = (301, 302, 303, 307, 308)
_SAME_METHOD = (307, 308)  # the others turn a POST into a GET (RFC 9110, 15.4)
_DEFAULT_PORT = {"http": 80, "https": 443}


class DownloadRefusedError(JobError):
    """What is not fetched, however often it is asked for: another kind of address, a host that is not public,
    a redirect to elsewhere, an answer over the bound."""


class NoAnswerError(RetryError):
    """An address that gave no answer with status 200 in time; it may later."""


DOWNLOAD_ERRORS = (DownloadRefusedError, NoAnswerError)


@dataclass(frozen=True, slots=True)
class Download:
    """What to ask an address for, and the bounds of the answer.

    max_bytes: the most the answer may have; seconds: the most it may take, redirects included;
    https_only: refuses plain http; body: what to send by POST, b"" for a GET; content_type: of the body.
    """

    url: str
    max_bytes: int
    seconds: float = 10.0
    https_only: bool = False
    body: bytes = field(default=b"", repr=False)
    content_type: str = ""


class Downloads:
    """The downloads of one task, with a bound on the time that they take together.

    hosts: whom they may connect to; total_s: the bound, in seconds.
    """

    def __init__(self, hosts: HostPolicy = PUBLIC_HOSTS, total_s: float = 30.0) -> None:
        self._hosts, self._total_s, self._left_s = hosts, total_s, total_s

    def get(self, asked: Download) -> bytes:
        """Returns an answer as `download` does. Raises NoAnswerError once the time for all of them is used up."""
        if self._left_s <= 0:
            raise _no_answer(asked, f"the {self._total_s:g} s for all addresses together are over")
        start = time.monotonic()
        try:
            return download(replace(asked, seconds=min(asked.seconds, self._left_s)), self._hosts)
        finally:
            self._left_s -= time.monotonic() - start


def download(asked: Download, hosts: HostPolicy = PUBLIC_HOSTS) -> bytes:
    """Returns what an address answers with status 200.

    Raises DownloadRefusedError for an address, a proxy, a host, a redirect or a size not allowed, and NoAnswerError
    where there is no such answer in time. The exchange runs in a thread of its own, so that a slow name
    server, or a server that sends a byte now and then, cannot outlast the bound.
    """
    url = _check_url(asked)
    deadline = time.monotonic() + asked.seconds
    proxy = _proxy_of(url)
    if proxy and not _is_http(proxy):
        raise _refused(
            asked, "a proxy that is none of HTTP", "name one as http://HOST:PORT (HTTPS_PROXY, ALL_PROXY)"
        )
    client = _client(asked.seconds, proxy)

    def work() -> bytes:
        return _follow(client, url, asked, _Route(hosts, proxied=proxy is not None), deadline)

    result: list[bytes | BaseException] = []
    thread = threading.Thread(target=_keep_result, args=(work, result))
    thread.daemon = True
    thread.start()
    thread.join(asked.seconds)
    client.close()
    if not result:
        raise _too_slow(asked)
    if isinstance(result[0], BaseException):
        raise result[0]
    return result[0]


def _keep_result(work: Callable[[], bytes], result: list[bytes | BaseException]) -> None:
    try:
        result.append(work())
    except BaseException as exc:  # noqa: BLE001  raised again in the thread that waits
        result.append(exc)


def _client(seconds: float, proxy: str | None) -> httpx.Client:
    import httpx

    head = {"Accept-Encoding": "identity", "User-Agent": "answerprint"}
    # Its own look at the environment is off: it would choose a proxy by the address, not by the host's name.
    return httpx.Client(
        timeout=seconds,
        headers=head,
        follow_redirects=False,
        trust_env=False,
        proxy=proxy,
        verify=httpx.create_ssl_context(),
    )


def _proxy_of(url: httpx.URL) -> str | None:
    """Returns the proxy that this user's environment names for an address; None for none."""
    from urllib.request import (  # late: it loads http and ssl, and few commands download
        getproxies,
        proxy_bypass,
    )

    proxies = getproxies()
    found = proxies.get(url.scheme) or proxies.get("all")
    if not found or proxy_bypass(url.host):
        return None
    return found if "://" in found else f"http://{found}"


def _is_http(proxy: str) -> bool:
    """Returns whether a proxy's address is one of HTTP. SOCKS would need a package that is not required."""
    import httpx

    try:
        url = httpx.URL(proxy)
    except (httpx.InvalidURL, ValueError):
        return False
    return url.scheme in _DEFAULT_PORT and bool(url.host) and (url.port or 0) < 1 << 16


def _check_url(asked: Download) -> httpx.URL:
    import httpx

    schemes = ("https",) if asked.https_only else ("http", "https")
    try:
        url = httpx.URL(asked.url)
    except (httpx.InvalidURL, TypeError, ValueError) as exc:
        raise _refused(asked, str(exc)) from exc
    if url.scheme not in schemes or not url.host:
        raise _refused(asked, f"not an address of {' or '.join(schemes)}")
    return url


@dataclass(frozen=True, slots=True)
class _Route:
    """How a host is reached. proxied: whether a proxy connects to it."""

    hosts: HostPolicy
    proxied: bool

    def places(self, url: httpx.URL, asked: Download) -> tuple[str, ...]:
        """Returns what to connect to: the host's addresses that are allowed, or its name for the proxy."""
        host = url.raw_host.decode("ascii")
        try:
            found = self.hosts.find_addresses(host, _port(url) or 0)
        except OSError as exc:
            if not self.proxied:
                raise _no_answer(asked, exc.strerror or str(exc)) from exc
            return (host,)
        if not found:
            raise _refused(asked, f"no public address of {host}", f"if you trust it: --allow-host {host}")
        return (host,) if self.proxied else found


def _follow(client: httpx.Client, url: httpx.URL, asked: Download, route: _Route, deadline: float) -> bytes:
    import httpx

    try:
        places = route.places(url, asked)
        for _ in range(MAX_REDIRECTS + 1):
            found = _exchange(client, url, places, asked, deadline)
            if isinstance(found, bytes):
                return found
            url = found
    except httpx.TimeoutException as exc:
        raise _too_slow(asked) from exc
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as exc:
        raise _no_answer(asked, str(exc) or type(exc).__name__) from exc
    raise _refused(asked, f"more than {MAX_REDIRECTS} redirects")


def _exchange(
    client: httpx.Client, url: httpx.URL, places: Sequence[str], asked: Download, deadline: float
) -> bytes | httpx.URL:
    """Returns the answer's bytes, or the address it redirects to, from the first place that takes a connection."""
    import httpx

    for place in places[:-1]:
        try:
            return _exchange_with(client, url, place, asked, deadline)
        except httpx.ConnectError:
            continue
    return _exchange_with(client, url, places[-1], asked, deadline)


def _exchange_with(
    client: httpx.Client, url: httpx.URL, place: str, asked: Download, deadline: float
) -> bytes | httpx.URL:
    method = "POST" if asked.body else "GET"
    # The host keeps its name in the request and for its certificate.
    head = {"Host": url.netloc.decode("ascii")}
    if asked.content_type:
        head["Content-Type"] = asked.content_type
    sni = {"sni_hostname": url.raw_host.decode("ascii")}
    with client.stream(
        method, url.copy_with(host=place), content=asked.body or None, headers=head, extensions=sni
    ) as response:
        if response.status_code in _MOVED and "Location" in response.headers:
            return _redirected(response, url, asked)
        if response.status_code != _OK:
            raise _no_answer(asked, f"status {response.status_code}")
        return _read(response, asked, deadline)


def _redirected(response: httpx.Response, url: httpx.URL, asked: Download) -> httpx.URL:
    target = url.join(response.headers["Location"])
    if _origin(target) != _origin(url):
        raise _refused(asked, f"redirected to {target.scheme}://{target.netloc.decode('ascii')}")
    if asked.body and response.status_code not in _SAME_METHOD:
        raise _refused(asked, f"a POST redirected with status {response.status_code}")
    return target


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, _port(url)


def _port(url: httpx.URL) -> int | None:
    return url.port or _DEFAULT_PORT.get(url.scheme)


def _read(response: httpx.Response, asked: Download, deadline: float) -> bytes:
    data = bytearray()
    for chunk in response.iter_raw():
        data += chunk
        if len(data) > asked.max_bytes:
            raise _refused(asked, f"more than {asked.max_bytes} bytes")
        if time.monotonic() > deadline:
            raise _too_slow(asked)
    return bytes(data)


def _refused(asked: Download, got: str, fix: str = "") -> DownloadRefusedError:
    return DownloadRefusedError("the address is not fetched from", where=asked.url, got=got, fix=fix)


def _too_slow(asked: Download) -> NoAnswerError:
    return _no_answer(asked, f"no whole answer in {asked.seconds:g} s")


def _no_answer(asked: Download, got: str) -> NoAnswerError:
    return NoAnswerError("the address gives no answer", where=asked.url, got=got)
