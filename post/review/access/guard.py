"""What is checked of every request before a route sees it, and what every answer says to the browser.

    1  Host: a name of this server           421     no other site's name leads here (DNS rebinding)
    2  a change: Origin is this server       403     no other site's page can ask
    3  somebody is signed in                 401     or a page's address leads to the sign-in page
    4  a change: the page sent its secret    403
    5  a change: the body is short enough    413

Only what PUBLIC names is answered without 3 and 4.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from fastapi.concurrency import run_in_threadpool

from post.review.access.visitor import Visitor

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]
# Returns who has a cookie, or is named by a trusted proxy. headers: of the request; peer: its address.
WhoIs = Callable[[dict[str, str], str], Visitor | None]

SECRET_HEADER = "x-review-secret"  # noqa: S105  the header's name
PUBLIC = re.compile(
    r"/sign-in|/sign-in/(link|oidc|oidc/return)|/enrol|/enrol/options|/static/[0-9a-f]{16}/[A-Za-z0-9_./-]+"
)
SAFE = ("GET", "HEAD")


def style_hashes() -> str:
    """Returns the hashes of the styles that vendored elements put into their own shadow trees, for a policy."""
    held = files("post.review").joinpath("static/vendor/vendored.json").read_text("utf-8")
    return " ".join(f"'{each}'" for each in json.loads(held)["styles"])


POLICY = (
    f"default-src 'none'; script-src 'self'; style-src 'self' {style_hashes()}; "
    "img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; font-src 'self'; "
    "manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)


class Guard:
    """ASGI middleware that makes the five checks. hosts: names (with port) that the server has; origins: of its own
    pages; who_is: finds a visitor; longest: bytes of a body, at most."""

    def __init__(
        self,
        app: AsgiApp,
        who_is: WhoIs,
        hosts: Callable[[str], bool],
        origins: tuple[str, ...],
        longest: int,
    ) -> None:
        self._app, self._who_is, self._hosts, self._origins = app, who_is, hosts, origins
        self._longest = longest

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        answer = _Answer(send, cached=scope["path"].startswith(("/static/", "/media/")))
        await self._check(scope, receive, answer)

    async def _check(self, scope: MutableMapping[str, Any], receive: Receive, answer: _Answer) -> None:
        headers = _headers_of(scope)
        changes = scope["method"] not in SAFE
        if not self._hosts(headers.get("host", "")):
            await answer.refuse(421, "this server has another name: open the address that it printed")
            return
        if changes and not self._is_own(headers):
            await answer.refuse(403, "a page of another site asked for this")
            return
        peer = (scope.get("client") or ("",))[0]
        visitor = scope["visitor"] = await run_in_threadpool(self._who_is, headers, peer)
        if not PUBLIC.fullmatch(scope["path"]):
            if visitor is None:
                await answer.ask_to_sign_in(scope, headers)
                return
            if changes and not _is_secret(headers.get(SECRET_HEADER, ""), visitor):
                await answer.refuse(403, f"a change needs the page's secret as {SECRET_HEADER}")
                return
        body = await self._body(headers, receive) if changes else b""
        if body is None:
            await answer.refuse(413, f"the body is longer than {self._longest} bytes")
            return
        await self._app(scope, _whole(body, receive), answer.send)

    def _is_own(self, headers: dict[str, str]) -> bool:
        """Says whether a change comes from a page of this server. Browsers send Origin with every change."""
        origin = headers.get("origin")
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return False
        if origin is None:
            return True  # no browser: a program that holds the cookie and the secret
        return origin in self._origins or (
            not self._origins and urlsplit(origin).netloc == headers.get("host")
        )

    async def _body(self, headers: dict[str, str], receive: Receive) -> bytes | None:
        """Returns a change's body, which is short; None for one that is too long."""
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > self._longest:
            return None
        body, more = bytearray(), True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = bool(message.get("more_body"))
            if len(body) > self._longest:
                return None
        return bytes(body)


def _whole(body: bytes, receive: Receive) -> Receive:
    """Returns what gives a body that was read, and then whatever comes after it."""
    left = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_whole() -> Message:
        return left.pop() if left else await receive()

    return receive_whole


class _Answer:
    """The answer to one request, with the headers that each has."""

    def __init__(self, send: Send, *, cached: bool) -> None:
        self._send, self._cached = send, cached

    async def send(self, message: Message) -> None:
        """Sends a message of the application."""
        if message["type"] == "http.response.start":
            given = [(name, value) for name, value in message.get("headers", ()) if name != b"server"]
            names = {name for name, _ in given}
            own = [each for each in HEADERS if each[0] not in names]
            if not self._cached and b"cache-control" not in names:
                own.append((b"cache-control", b"no-store"))
            message["headers"] = [*given, *own]
        await self._send(message)

    async def refuse(self, status: int, why: str, *more: tuple[bytes, bytes]) -> None:
        """Answers with an error as JSON."""
        body = json.dumps({"detail": why}).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body)), *more]
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})

    async def ask_to_sign_in(self, scope: MutableMapping[str, Any], headers: dict[str, str]) -> None:
        """Leads a person to the sign-in page, and tells a program."""
        if scope["method"] == "GET" and "text/html" in headers.get("accept", ""):
            await self.refuse(303, "sign in first", (b"location", b"/sign-in"))
        else:
            await self.refuse(401, "sign in first")


def _headers_of(scope: MutableMapping[str, Any]) -> dict[str, str]:
    """Returns a request's headers by their names in small letters. Of one that is there twice, the last two are joined:
    nothing that is trusted can then be told by it."""
    found: dict[str, str] = {}
    for raw_name, raw in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw.decode("latin-1")
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _is_secret(said: str, visitor: Visitor) -> bool:
    return hmac.compare_digest(said.encode("latin-1", "replace"), visitor.secret.encode())
