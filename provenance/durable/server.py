"""The resolver on a socket: it listens before it says so, and holds no more connections than it can serve."""

from __future__ import annotations

import socket

import uvicorn
from fastapi import FastAPI

from post.errors import JobError
from provenance.durable.lingering_close import CloseUnread
from provenance.durable.slow_clients import GuardedProtocol

CONNECTIONS = 64


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens there; port 0: at any that is free. Raises JobError where it cannot."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, *_, place = found[0]
        return socket.create_server(place[:2], family=family)
    except (OSError, UnicodeError) as fault:
        raise JobError(
            "cannot listen",
            where=f"{host} port {port}",
            expected="an address of this machine, and a port that is free",
            got=str(getattr(fault, "strerror", None) or fault),
            fix="name others: --host, --port",
        ) from fault


def address_of(listener: socket.socket) -> str:
    """Where a socket can be reached, as a URL."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(app: FastAPI, listener: socket.socket) -> None:
    """Serve until interrupted."""
    uvicorn.Server(config(app)).run(sockets=[listener])


def config(app: FastAPI) -> uvicorn.Config:
    patience_s = app.state.limits.headers_s
    return uvicorn.Config(
        CloseUnread(app),
        http=type("ResolverProtocol", (GuardedProtocol,), {"patience_s": patience_s}),
        ws="none",
        limit_concurrency=CONNECTIONS,
        timeout_keep_alive=max(1, int(patience_s)),
        server_header=False,
        log_level="warning",
    )
