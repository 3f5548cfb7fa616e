"""What a writer of a text format returns."""

from __future__ import annotations

from dataclasses import dataclass

from post.handoff.losses import Loss


@dataclass(frozen=True, slots=True)
class HandoffText:
    """A file to write, and what it lost of the cut that it was made from."""

    text: str
    lost: tuple[Loss, ...]
