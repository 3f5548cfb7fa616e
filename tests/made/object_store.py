"""A real object store over HTTP on this machine (moto's server), and servers that fail in one way."""

from __future__ import annotations

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from threading import Thread
from typing import Any
from urllib.request import Request, urlopen

import boto3
import pytest
from moto.server import ThreadedMotoServer

BUCKET = "films"
# As a user's environment has them; moto takes any.
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "farm",
    "AWS_SECRET_ACCESS_KEY": "of the tests",
    "AWS_DEFAULT_REGION": "us-east-1",
}


@contextmanager
def object_store() -> Iterator[str]:
    """Runs a server with one empty bucket. Gives its endpoint."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    urlopen(Request(f"{endpoint}/{BUCKET}", method="PUT")).close()
    try:
        yield endpoint
    finally:
        server.stop()


def address(endpoint: str, prefix: str) -> str:
    """Returns the address of a store below a prefix of the bucket."""
    return f"s3://{BUCKET}/{prefix}?endpoint={endpoint}"


def write_object(endpoint: str, name: str, content: bytes) -> None:
    """Writes an object, in place of what is there."""
    boto3.client("s3", endpoint_url=endpoint).put_object(Bucket=BUCKET, Key=name, Body=content)


def with_credentials(patch: pytest.MonkeyPatch) -> None:
    """Sets this process's environment as a user of the store has it."""
    for name, value in CREDENTIALS.items():
        patch.setenv(name, value)


class Refusing(BaseHTTPRequestHandler):
    """Answers every request with 403, as a bucket whose policy does not know the user."""

    protocol_version = "HTTP/1.1"  # which answers a client that asks before it sends a body

    def _refuse(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        body = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
        self.send_response(403)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_PUT = do_HEAD = do_DELETE = _refuse  # noqa: N815

    def log_message(self, *_: Any) -> None:
        """Logs nothing."""


class Dropping(socketserver.BaseRequestHandler):
    """Closes each connection after the first bytes of a request, as a network that is lost."""

    def handle(self) -> None:
        self.request.recv(64)


@contextmanager
def failing_server(handler: type[socketserver.BaseRequestHandler]) -> Iterator[str]:
    """Runs a server that answers as a handler does. Gives its endpoint."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
