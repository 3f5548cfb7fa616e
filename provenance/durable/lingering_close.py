"""Closes refused connections so that the client can still read its answer.

A server that closes a socket with unread bytes in it makes the kernel send a reset, and a reset can overtake the
answer: the client sees "connection reset" and no status. So

    1  an answer that is sent before the whole body was read says `Connection: close` (`CloseUnread`);
    2  a connection is closed for writing first, what still arrives is read and dropped within bounds, and only then
       is the socket closed (`LingeringTransport`).

Source: RFC 9112, 9.6 (tear-down).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

# How much of a refused body is read and dropped, and for how long, at most.
DROPPED_BYTES, LINGER_S = 16 << 20, 30.0


class CloseUnread:
    """ASGI middleware that adds `Connection: close` to an answer given before the request's body was read."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        unread = _has_body(scope["headers"])

        async def receive_and_note() -> Message:
            nonlocal unread
            message = await receive()
            unread = unread and bool(message.get("more_body"))
            return message

        async def send_with_close(message: Message) -> None:
            if message["type"] == "http.response.start" and unread:
                message["headers"] = [*message.get("headers", ()), (b"connection", b"close")]
            await send(message)

        await self._app(scope, receive_and_note, send_with_close)


def _has_body(headers: list[tuple[bytes, bytes]]) -> bool:
    """Returns whether a request's headers announce a body. Source: RFC 9112, 6."""
    return any(
        name == b"transfer-encoding" or (name == b"content-length" and value.strip() != b"0")
        for name, value in headers
    )


class LingeringTransport:
    """A transport whose `close` keeps reading, within bounds, where the client may still be sending a body.

    Wraps an asyncio transport. has_unread: whether the client may still be sending; linger_s: how long the
    closing waits for the client to close its side, in seconds. Without an unread body `close` is the transport's own.
    """

    def __init__(
        self,
        transport: asyncio.Transport,
        loop: asyncio.AbstractEventLoop,
        has_unread: Callable[[], bool],
        linger_s: float,
    ) -> None:
        self._transport, self._loop = transport, loop
        self._has_unread, self._linger_s = has_unread, linger_s
        self._timer: asyncio.TimerHandle | None = None
        self._left = DROPPED_BYTES

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    @property
    def lingers(self) -> bool:
        """Returns whether `close` was called and waits for the client."""
        return self._timer is not None

    def is_closing(self) -> bool:
        """Returns whether `close` was called, or the connection is lost."""
        return self.lingers or self._transport.is_closing()

    def close(self) -> None:
        """Sends what is buffered, ends the writing side, and closes the socket once the client has closed its own,
        after `linger_s` seconds, or after DROPPED_BYTES bytes. Does nothing when called again."""
        if self.is_closing():
            return
        if not self._has_unread():
            self._transport.close()
            return
        self._timer = self._loop.call_later(self._linger_s, self.close_now)
        try:
            self._transport.write_eof()
            self._transport.resume_reading()
        except OSError:  # the client has closed the connection already
            self.close_now()

    def drop(self, data: bytes) -> None:
        """Counts bytes that came after `close` and that nobody reads. Closes the socket when they are too many."""
        self._left -= len(data)
        if self._left < 0:
            self.close_now()

    def close_now(self) -> None:
        """Closes the socket without waiting any longer."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._transport.close()
