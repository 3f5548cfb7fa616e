"""Sends a file, or the part of it that is asked for. Source: RFC 9110, 13 (conditions) and 14 (ranges)."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from fastapi import Response
from fastapi.concurrency import run_in_threadpool

from post.review.access.guard import Receive, Send

PIECE = 1 << 18
_RANGE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})", re.ASCII)


class RangedFile(Response):
    """A file as a response: 200, 206 for one range, 304 where the browser has it, 416 for a range behind its end.

    tag: changes when the bytes do. Of several ranges the whole file is sent, which the standard allows.
    """

    def __init__(self, path: Path, tag: str, kind: str) -> None:
        super().__init__(media_type=kind)
        self.path, self._tag = path, f'"{tag}"'
        self._kind = kind

    async def __call__(self, scope: MutableMapping[str, Any], _: Receive, send: Send) -> None:
        """Sends what the request asks for."""
        asked = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        head = [
            (b"etag", self._tag.encode()),
            (b"accept-ranges", b"bytes"),
            (b"cache-control", b"private, no-cache"),
        ]
        if self._tag in re.split(r",\s*", asked.get("if-none-match", "")):
            await _start(send, 304, head)
            await send({"type": "http.response.body", "body": b""})
            return
        size = self.path.stat().st_size
        part = self._part(asked, size)
        if part is None:
            await _start(
                send, 416, [*head, (b"content-range", f"bytes */{size}".encode()), (b"content-length", b"0")]
            )
            await send({"type": "http.response.body", "body": b""})
            return
        first, stop = part
        head += [(b"content-type", self._kind.encode()), (b"content-length", b"%d" % (stop - first))]
        if (first, stop) != (0, size) or self._is_ranged(asked):
            head.append((b"content-range", f"bytes {first}-{stop - 1}/{size}".encode()))
            await _start(send, 206, head)
        else:
            await _start(send, 200, head)
        await self._body(send, first, 0 if scope["method"] == "HEAD" else stop - first)

    def _is_ranged(self, asked: dict[str, str]) -> bool:
        """Says whether a range is asked for, of the bytes that the file has now. One that ends before it starts is
        none."""
        found = _RANGE.fullmatch(asked.get("range", "").strip())
        backwards = found is not None and found[1] and found[2] and int(found[2]) < int(found[1])
        return found is not None and not backwards and asked.get("if-range", self._tag) == self._tag

    def _part(self, asked: dict[str, str], size: int) -> tuple[int, int] | None:
        """Returns the first byte and the one after the last; None for a range that is not in the file."""
        if not self._is_ranged(asked):
            return 0, size
        found = _RANGE.fullmatch(asked["range"].strip())
        assert found is not None
        if not found[1]:  # the last so many bytes
            count = int(found[2] or 0)
            return (max(0, size - count), size) if count and size else None
        first, last = int(found[1]), int(found[2] or size - 1)
        return (first, min(last, size - 1) + 1) if first < size else None

    async def _body(self, send: Send, first: int, left: int) -> None:
        file = await run_in_threadpool(self.path.open, "rb")
        try:
            await run_in_threadpool(file.seek, first)
            while left > 0 and (piece := await run_in_threadpool(file.read, min(PIECE, left))):
                left -= len(piece)
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        finally:
            file.close()
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _start(send: Send, status: int, headers: list[tuple[bytes, bytes]]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
