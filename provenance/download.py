"""Downloads one address over HTTP: the only module that downloads.

Places of keys (signing/places) and time-stamping reach the network too, by the libraries of their services.

    locate_manifest ---+
    verify/online -----+--> download --> httpx
    trust/update ------+

A redirect is followed only to the same scheme, host and port. Size and total time are bounded.
Nothing is unpacked: a server is asked for bytes as they are, and what it packs anyway stays packed.
Source: RFC 9110, 15.4 (redirects); RFC 6454, 4 (origin).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from post.errors import JobError, RetryError

if TYPE_CHECKING:
    import httpx

MAX_REDIRECTS = 5
_OK = 200
_MOVED = (301, 302, 303, 307, 308)
_SAME_METHOD = (307, 308)  # the others turn a POST into a GET (RFC 9110, 15.4)
_DEFAULT_PORT = {"http": 80, "https": 443}


class DownloadRefusedError(JobError):
    """What is not fetched, however often it is asked for: another kind of address, a redirect to
    elsewhere, an answer over the bound."""


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


def download(asked: Download) -> bytes:
    """Returns what an address answers with status 200.

    Raises DownloadRefusedError for an address, a redirect or a size that is not allowed, and NoAnswerError
    where there is no such answer in time. The exchange runs in a thread of its own, so that a slow name
    server, or a server that sends a byte now and then, cannot outlast the bound.
    """
    _check_address(asked)
    deadline = time.monotonic() + asked.seconds
    client = _client(asked.seconds)
    result: list[bytes | BaseException] = []
    thread = threading.Thread(target=_keep_result, args=(lambda: _follow(client, asked, deadline), result))
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


def _client(seconds: float) -> httpx.Client:
    import httpx

    head = {"Accept-Encoding": "identity", "User-Agent": "answerprint"}
    return httpx.Client(timeout=seconds, headers=head, follow_redirects=False)


def _check_address(asked: Download) -> None:
    import httpx

    schemes = ("https",) if asked.https_only else ("http", "https")
    try:
        url = httpx.URL(asked.url)
    except (httpx.InvalidURL, TypeError, ValueError) as exc:
        raise _refused(asked, str(exc)) from exc
    if url.scheme not in schemes or not url.host:
        raise _refused(asked, f"not an address of {' or '.join(schemes)}")


def _follow(client: httpx.Client, asked: Download, deadline: float) -> bytes:
    import httpx

    url = httpx.URL(asked.url)
    try:
        for _ in range(MAX_REDIRECTS + 1):
            found = _exchange(client, url, asked, deadline)
            if isinstance(found, bytes):
                return found
            url = found
    except httpx.TimeoutException as exc:
        raise _too_slow(asked) from exc
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as exc:
        raise _no_answer(asked, str(exc) or type(exc).__name__) from exc
    raise _refused(asked, f"more than {MAX_REDIRECTS} redirects")


def _exchange(client: httpx.Client, url: httpx.URL, asked: Download, deadline: float) -> bytes | httpx.URL:
    """Returns the answer's bytes, or the address it redirects to."""
    method = "POST" if asked.body else "GET"
    head = {"Content-Type": asked.content_type} if asked.content_type else {}
    with client.stream(method, url, content=asked.body or None, headers=head) as response:
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
    return url.scheme, url.host, url.port or _DEFAULT_PORT.get(url.scheme)


def _read(response: httpx.Response, asked: Download, deadline: float) -> bytes:
    data = bytearray()
    for chunk in response.iter_raw():
        data += chunk
        if len(data) > asked.max_bytes:
            raise _refused(asked, f"more than {asked.max_bytes} bytes")
        if time.monotonic() > deadline:
            raise _too_slow(asked)
    return bytes(data)


def _refused(asked: Download, got: str) -> DownloadRefusedError:
    return DownloadRefusedError("the address is not fetched from", where=asked.url, got=got)


def _too_slow(asked: Download) -> NoAnswerError:
    return _no_answer(asked, f"no whole answer in {asked.seconds:g} s")


def _no_answer(asked: Download, got: str) -> NoAnswerError:
    return NoAnswerError("the address gives no answer", where=asked.url, got=got)
