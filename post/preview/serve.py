"""Serves a preview's folder to browsers of this machine while the film is made."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from post.errors import JobError

LOOPBACK = "127.0.0.1"
KINDS = {
    ".html": "text/html; charset=utf-8", ".m3u8": "application/vnd.apple.mpegurl", ".m4s": "video/iso.segment",
    ".mp4": "video/mp4", ".mov": "video/quicktime", ".jpg": "image/jpeg", ".json": "application/json",
}  # fmt: skip
NAMES = re.compile(r"/(index\.html|[a-z]+\.(m3u8|mp4|jpg|json)|segments/\d{4,}-[0-9a-f]{12}\.m4s)?")
RANGE = re.compile(r"bytes=(\d+)-(\d*)")
PIECE = 1 << 20
LONGEST_BODY = 1000  # bytes of what the page says
MASTER = "/master"


class Served:
    """What a server shows. out: the folder; master: the finished film, once there is one; watched: is called when a
    page has shown its first frame; seen: how many slots each page has fetched, by its name."""

    def __init__(self, out: Path, watched: Callable[[float], None]) -> None:
        self.out, self.watched = out, watched
        self.master: Path | None = None
        self.seen: dict[str, int] = {}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "answerprint", ""

    def __init__(self, served: Served, *more: object) -> None:
        self._served = served
        super().__init__(*more)  # type: ignore[arg-type]  # as the server calls it

    def log_message(self, *_: object) -> None:
        """Logs nothing: a page asks four times a second."""

    def do_GET(self) -> None:
        """Answers with a file of the folder, or a part of one."""
        path = self._file()
        if path is None:
            self._refuse(HTTPStatus.NOT_FOUND)
            return
        with suppress(BrokenPipeError, ConnectionResetError):
            try:
                self._send(path)
            except OSError:
                self._refuse(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        """Takes what a page says: that it has shown its first frame, and how many slots it has."""
        size = int(self.headers.get("Content-Length") or 0)
        if not self._own() or self.path != "/watched" or not 0 < size <= LONGEST_BODY:
            self._refuse(HTTPStatus.NOT_FOUND)
            return
        with suppress(ValueError, KeyError, TypeError):
            said = json.loads(self.rfile.read(size))
            if len(self._served.seen) < LONGEST_BODY:
                self._served.seen[str(said["page"])] = int(said["slots"])
            if "ms" in said:
                self._served.watched(float(said["ms"]))
        self.send_response(HTTPStatus.NO_CONTENT)
        self.end_headers()

    def _own(self) -> bool:
        """Says whether a request is for this server by its own name: no page of another site can ask under it."""
        _, port = self.connection.getsockname()[:2]
        return self.headers.get("Host") in (f"{LOOPBACK}:{port}", f"localhost:{port}")

    def _file(self) -> Path | None:
        asked = self.path.partition("?")[0]
        if not self._own():
            return None
        if asked == MASTER:
            return self._served.master
        if not NAMES.fullmatch(asked):
            return None
        return self._served.out / (asked[1:] or "index.html")

    def _send(self, path: Path) -> None:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            first, last = self._range(size)
            whole = "Range" not in self.headers
            self.send_response(HTTPStatus.OK if whole else HTTPStatus.PARTIAL_CONTENT)
            self.send_header("Content-Type", KINDS.get(path.suffix, "application/octet-stream"))
            self.send_header("Content-Length", str(last + 1 - first))
            self.send_header("Accept-Ranges", "bytes")
            self.send_header("Cache-Control", "no-store")
            self.send_header("X-Content-Type-Options", "nosniff")
            if not whole:
                self.send_header("Content-Range", f"bytes {first}-{last}/{size}")
            self.end_headers()
            file.seek(first)
            left = last + 1 - first
            while left > 0 and (piece := file.read(min(PIECE, left))):
                self.wfile.write(piece)
                left -= len(piece)

    def _range(self, size: int) -> tuple[int, int]:
        found = RANGE.fullmatch(self.headers.get("Range", ""))
        if found is None:
            return 0, size - 1
        first = min(int(found[1]), max(0, size - 1))
        return first, min(int(found[2]) if found[2] else size - 1, size - 1)

    def _refuse(self, status: HTTPStatus) -> None:
        with suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


@contextmanager
def serving(served: Served, port: int) -> Iterator[str]:
    """Serves for the block, and gives the page's address. port: 0 for a free one.

    Raises JobError where the port cannot be had.
    """
    try:
        server = _Server((LOOPBACK, port), partial(_Handler, served))
    except (OSError, OverflowError) as fault:
        raise JobError(
            "cannot serve there", where="--port", expected="a free port, or none: then one is found", got=port
        ) from fault
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
