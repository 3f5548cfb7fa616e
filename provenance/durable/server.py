"""Runs the resolver on a socket: for not too many requests at once, and only for clients with the right token.

It notes clients that leave before their request is whole, in one line of the log.
"""

from __future__ import annotations

import hmac
import json
import logging
import socket
from collections.abc import MutableMapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from post.atomic import open_regular
from post.errors import JobError
from post.os_faults import reading, retry_of
from provenance.durable.lingering_close import App, CloseUnread, Message, Receive, Send
from provenance.durable.slow_clients import GuardedProtocol
from provenance.signing.private_file import check_private

log = logging.getLogger(__name__)

REQUESTS = 64  # that are answered at the same time
MIN_TOKEN = 16
_TOKEN_BYTES = 1 << 20  # no client can send a longer one
_RETRY = (b"retry-after", b"10")
_BEARER = (b"www-authenticate", b"Bearer")


def open_listener(host: str, port: int) -> socket.socket:
    """Returns a socket that listens at an address. port: 0 for any that is free. Raises JobError if it cannot."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, *_, place = found[0]
        return socket.create_server(place[:2], family=family)
    except (OSError, UnicodeError) as fault:
        raise (
            retry_of(fault, f"{host} port {port}")
            or JobError(
                "cannot listen",
                where=f"{host} port {port}",
                expected="an address of this machine, and a port that is free",
                got=str(getattr(fault, "strerror", None) or fault),
                fix="name others: --host, --port",
            )
        ) from fault


def url_of(listener: socket.socket) -> str:
    """Returns the URL at which a listening socket can be reached."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def is_local(listener: socket.socket) -> bool:
    """Returns whether only this machine can reach a listening socket."""
    return ip_address(listener.getsockname()[0].partition("%")[0]).is_loopback


def serve(app: FastAPI, listener: socket.socket, token: str = "") -> None:
    """Serves the application until the process is interrupted. token: that clients must send, "" for none."""
    uvicorn.Server(make_config(app, token)).run(sockets=[listener])


def make_config(app: FastAPI, token: str = "") -> uvicorn.Config:
    """Returns the server's configuration. app: from `resolver.make_application`; token: as in `serve`."""
    patience_s = app.state.limits.headers_s
    return uvicorn.Config(
        CloseUnread(Admission(app, REQUESTS, token)),
        http=type("ResolverProtocol", (GuardedProtocol,), {"patience_s": patience_s}),
        ws="none",
        timeout_keep_alive=max(1, int(patience_s)),
        server_header=False,
        log_level="warning",
    )


class ClientLeftError(Exception):
    """A client closed its connection before its request was whole. It ends the work on the request."""


class Admission:
    """Answers 503 where too many requests are being answered, and 401 without the token.

    most: how many requests may be answered at once; token: what a client must send as its bearer token, "" for none.
    """

    def __init__(self, app: App, most: int, token: str = "") -> None:
        self._app, self._most, self._token = app, most, token
        self._running = 0

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif self._running >= self._most:
            await _refuse(send, 503, "try again", _RETRY)
        elif not self._is_known(scope):
            await _refuse(send, 401, "a bearer token is expected", _BEARER)
        else:
            await self._answer(scope, receive, send)

    def _is_known(self, scope: MutableMapping[str, Any]) -> bool:
        said = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        kind, _, token = said.partition(b" ")
        right = hmac.compare_digest(token.strip(), self._token.encode())
        return not self._token or (right and kind.lower() == b"bearer")

    async def _answer(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        async def receive_or_leave() -> Message:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientLeftError
            return message

        self._running += 1
        try:
            await self._app(scope, receive_or_leave, send)
        except ClientLeftError:
            host = (scope.get("client") or ("an unknown address",))[0]
            log.warning("a client at %s left before its request was whole", host)
        finally:
            self._running -= 1


async def _refuse(send: Send, status: int, why: str, header: tuple[bytes, bytes]) -> None:
    body = json.dumps({"detail": why}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body)), header]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def read_token(path: Path) -> str:
    """Returns the token in a file that only its owner can read.

    Raises ProvenanceError if others can read it, or it is missing, SourceError if it is a pipe, and JobError as
    `check_token`.
    """
    check_private(path)
    with reading(path), open_regular(path) as file:
        text = file.read(_TOKEN_BYTES).decode("utf-8", "replace")
    return check_token(text.strip(), str(path))


def check_token(token: str, where: str) -> str:
    """Returns a token. Raises JobError, without quoting it, if it is short or no visible ASCII. where: it came from."""
    if len(token) < MIN_TOKEN or not token.isascii() or not token.isprintable() or " " in token:
        raise JobError(
            "no token for clients",
            where=where,
            expected=f"at least {MIN_TOKEN} visible ASCII characters",
            fix="make one: openssl rand -hex 32",
        )
    return token
