"""Runs a review on a socket."""

from __future__ import annotations

import socket

import uvicorn

from post.review.access.guard import AsgiApp
from post.review.access.identity import ProvenIdentity
from post.review.access.sessions import make_link
from post.review.app import make_app
from post.review.open_review import OpenReview
from post.review.settings import LINK_S
from provenance.durable.lingering_close import CloseUnread
from provenance.durable.server import is_local, url_of
from provenance.durable.slow_clients import GuardedProtocol

REQUESTS = 256  # that are answered at the same time


def hosts_of(listener: socket.socket) -> tuple[str, ...]:
    """Returns the names, with the port, by which this machine's browsers reach a socket."""
    port = listener.getsockname()[1]
    return tuple(f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]"))


def address_of(listener: socket.socket) -> str:
    """Returns the address of a socket as people open it. This machine's own is `localhost`: browsers make keys for
    names, and for no number."""
    return f"http://localhost:{listener.getsockname()[1]}" if is_local(listener) else url_of(listener)


def one_time_link(review: OpenReview, address: str, who: ProvenIdentity, use: str) -> str:
    """Returns a link that works once, within a quarter of an hour. use: SIGN_IN or ENROL. The token stands behind the
    #: no log and no Referer holds it."""
    with review.database.writing() as db:
        token = make_link(db, who, use, review.clock() + LINK_S)
    return f"{address}/{use}#{token}"


def review_config(app: AsgiApp) -> uvicorn.Config:
    """Returns the server's configuration."""
    return uvicorn.Config(
        CloseUnread(app),
        http=GuardedProtocol,
        ws="none",
        proxy_headers=False,  # who a connection comes from is never told by a header
        server_header=False,
        log_level="warning",
        limit_concurrency=REQUESTS,
        timeout_graceful_shutdown=5,
    )


def serve_review(review: OpenReview, listener: socket.socket) -> None:
    """Serves a review until the process is interrupted."""
    app = make_app(review, hosts_of(listener))
    uvicorn.Server(review_config(app)).run(sockets=[listener])
