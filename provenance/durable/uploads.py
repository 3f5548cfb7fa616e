"""Receives the bodies of requests within bounds: of time, of speed, and of bytes on this machine's disk.

A slow client holds little: the bytes that it has sent so far, and one of many places. So a few slow clients do not keep
others from sending.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from fastapi import HTTPException, Request

MAX_FILM_BYTES = 512 << 20
# How long a body may pause, and how long it may take in all.
PAUSE_S, UPLOAD_S = 10.0, 300.0
# A body that comes more slowly than this is refused, once it has taken so long.
SLOW_BYTES_PER_S, SLOW_AFTER_S = 16 << 10, 10.0
# Films that are received, and whole films that wait or are looked up, at the same time; their bytes together.
MAX_RECEIVED, MAX_HELD = 32, 8
MAX_HELD_BYTES = MAX_HELD * MAX_FILM_BYTES


@dataclass(frozen=True, slots=True)
class Limits:
    """What a client may use.

    film_bytes: of an upload; pause_s: between two pieces of a body; headers_s: for a request's head; slow_after_s:
    before a body that comes too slowly is refused; held_bytes: of all uploads together.
    """

    film_bytes: int = MAX_FILM_BYTES
    pause_s: float = PAUSE_S
    headers_s: float = PAUSE_S
    slow_after_s: float = SLOW_AFTER_S
    held_bytes: int = MAX_HELD_BYTES


DEFAULT_LIMITS = Limits()


class Uploads:
    """The films that clients have sent, or are sending. Belongs to one event loop."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._receiving = self._held = self._bytes = 0

    @asynccontextmanager
    async def receive(self, request: Request) -> AsyncIterator[Path]:
        """Receives the film in a request's body. Yields its file, which is deleted afterwards.

        Raises HTTPException with status 503 if there is no room for it, and as `read_body` does.
        """
        if self._receiving >= MAX_RECEIVED or self._held >= MAX_HELD:
            raise _busy()
        size = 0
        # delete=False: the process that looks it up opens the file by its name.
        with NamedTemporaryFile(prefix="answerprint-", suffix=".film", delete=False) as film:
            try:
                self._receiving += 1
                try:
                    async for chunk in read_body(request, self._limits.film_bytes, self._limits):
                        if self._bytes + len(chunk) > self._limits.held_bytes:
                            raise _busy()
                        size, self._bytes = size + len(chunk), self._bytes + len(chunk)
                        film.write(chunk)
                finally:
                    self._receiving -= 1
                film.flush()
                if self._held >= MAX_HELD:
                    raise _busy()
                self._held += 1
                try:
                    yield Path(film.name)
                finally:
                    self._held -= 1
            finally:
                self._bytes -= size
                os.unlink(film.name)  # noqa: PTH108  the name is not a Path of ours


async def read_body(request: Request, most: int, limits: Limits) -> AsyncIterator[bytes]:
    """Yields a body's pieces.

    Raises HTTPException with status 413 if it is larger than `most` bytes, and 408 if it pauses too long, comes too
    slowly, or takes too long in all.
    """
    stated = request.headers.get("content-length", "0")
    if (int(stated) if stated.isdecimal() else 0) > most:
        raise HTTPException(413, f"at most {most} bytes")
    loop, stream, got = asyncio.get_running_loop(), request.stream(), 0
    start = loop.time()
    while (taken := loop.time() - start) < UPLOAD_S:
        if taken > limits.slow_after_s and got < taken * SLOW_BYTES_PER_S:
            raise HTTPException(408, "the body comes too slowly")
        try:
            chunk = await asyncio.wait_for(anext(stream, None), limits.pause_s)
        except TimeoutError as fault:
            raise HTTPException(408, "the body stopped coming") from fault
        if chunk is None:
            return
        got += len(chunk)
        if got > most:
            raise HTTPException(413, f"at most {most} bytes")
        yield chunk
    raise HTTPException(408, "the body took too long")


def _busy() -> HTTPException:
    return HTTPException(503, "try again", {"Retry-After": "60"})
