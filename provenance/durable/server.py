"""Runs the resolver on a socket, with limits on connections and on slow clients."""

from __future__ import annotations

import socket

import uvicorn
from fastapi import FastAPI

from post.errors import JobError
from post.os_faults import retry_of
from provenance.durable.lingering_close import CloseUnread
from provenance.durable.slow_clients import GuardedProtocol

CONNECTIONS = 64


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


def serve(app: FastAPI, listener: socket.socket) -> None:
    """Serves the application until the process is interrupted."""
    uvicorn.Server(make_config(app)).run(sockets=[listener])


def make_config(app: FastAPI) -> uvicorn.Config:
    """Returns the server's configuration. app: from `resolver.make_application`."""
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
