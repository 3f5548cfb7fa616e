"""Serves HTTP/1.1 to clients that may be slow on purpose or be refused in the middle of a body.

uvicorn bounds how long an idle connection stays open and how long a request's head may be, but not how slowly the
head may come. It also closes a refused connection at once; see `lingering_close`.
"""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar, cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from provenance.durable.lingering_close import LINGER_S, LingeringTransport

# States of a client that has nothing more to send for its request. Source: h11, "State machines".
_SENT_ALL = (h11.IDLE, h11.DONE, h11.MUST_CLOSE, h11.CLOSED)


class GuardedProtocol(H11Protocol):
    """An HTTP/1.1 connection with limits in time.

    patience_s: how long a request's head may take, in seconds; linger_s: how long a refused client may go on sending;
    most: how many connections may be open. A further one closes that which has been without a request the longest.
    """

    patience_s: ClassVar[float] = 10.0
    linger_s: ClassVar[float] = LINGER_S
    most: ClassVar[int] = 512
    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Wraps the transport and starts to wait for the first head."""
        self._lingering = LingeringTransport(transport, self.loop, self._has_unread, self.linger_s)
        super().connection_made(cast(Any, self._lingering))
        self._idle_since = self.loop.time()
        self._start_timer()
        if len(self.connections) > self.most:
            self._close_longest_idle()

    def data_received(self, data: bytes) -> None:
        """Passes bytes on to uvicorn, or drops them where the connection is being closed."""
        if self._lingering.lingers:
            self._lingering.drop(data)
            return
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            self._idle_since = self.loop.time()
            self._start_timer()
        else:
            self._stop_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stops both timers."""
        self._stop_timer()
        self._lingering.close_now()
        super().connection_lost(exc)

    def _close_longest_idle(self) -> None:
        """Closes a connection that has no request, or was refused. This one only where there is no other."""
        others = [each for each in self.connections if isinstance(each, GuardedProtocol) and each is not self]
        idle = [each for each in others if each._is_idle()]
        min(idle, key=lambda each: each._idle_since, default=self)._lingering.close_now()

    def _is_idle(self) -> bool:
        waits = self.conn.their_state is h11.IDLE and not self._lingering.is_closing()
        return waits or self._lingering.lingers

    def _has_unread(self) -> bool:
        return self.conn.their_state not in _SENT_ALL

    def _start_timer(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(self.patience_s, self.transport.abort)

    def _stop_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
