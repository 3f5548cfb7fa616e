"""Finds how much of a FLAC file is missing between its frames: FFmpeg drops a damaged one without a word.

Each frame has its number, or that of its first sample (RFC 9639, 9.1). Without them, what follows would be too early.
"""

from __future__ import annotations

HEAD = 12  # bytes that hold the number: a sync code and four codes, and up to seven bytes of the number
_LONGEST_S = 600


class FlacFrames:
    """Counts the samples of one stretch of FLAC frames."""

    def __init__(self) -> None:
        self._block = 0
        self._base = 0
        self._last = -1

    def missing(self, head: bytes, before: int, samples: int, rate_hz: int) -> int:
        """Returns how many samples are missing before a frame.

        head: its first bytes; before: how many samples were decoded; samples: of the frame. 0 where its number makes no
        sense, or where another file that was joined to this one begins.
        """
        found = _number(head)
        if found is None:
            return 0
        number, of_samples = found
        self._block = max(self._block, samples)
        first = number if of_samples else number * self._block
        if number <= self._last:
            self._base = before - first
        self._last = number
        late = first + self._base - before
        return late if 0 < late < _LONGEST_S * rate_hz else 0


def _number(head: bytes) -> tuple[int, bool] | None:
    """Returns the number in a frame's head, and whether it is of a sample; None where there is none."""
    if len(head) < 5 or head[0] != 0xFF or head[1] & 0xFE != 0xF8:
        return None
    lead = head[4]
    if lead < 0x80:
        return lead, bool(head[1] & 1)
    more = next((count for count in range(1, 7) if not lead & (0x40 >> count)), 0)
    rest = head[5 : 5 + more]
    if lead < 0xC0 or len(rest) < more or any(byte & 0xC0 != 0x80 for byte in rest):
        return None
    value = lead & (0x3F >> more)
    for byte in rest:
        value = value << 6 | byte & 0x3F
    return value, bool(head[1] & 1)
