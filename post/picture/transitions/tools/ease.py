"""Eases: how a movement starts and ends."""

from __future__ import annotations

from collections.abc import Callable

EASE = "how it moves: smooth starts and ends gently, strong more so; in starts gently, out ends gently"
_EASES: dict[str, Callable[[float], float]] = {
    "smooth": lambda u: u * u * (3 - 2 * u),
    "linear": lambda u: u,
    "in": lambda u: u * u * u,
    "out": lambda u: 1 - (1 - u) ** 3,
    "strong": lambda u: 8 * u**4 if u < 0.5 else 1 - 8 * (1 - u) ** 4,
}
EASES = tuple(_EASES)


def eased(share: float, ease: str) -> float:
    """Returns how far a movement is, 0..1, when `share` (0..1) of its time has passed. ease: one of EASES."""
    return _EASES[ease](min(max(share, 0.0), 1.0))


def speed(share: float, ease: str) -> float:
    """Returns how fast a movement is at `share`: 1 is the mean speed."""
    step = 1e-4
    low, high = max(share - step, 0.0), min(share + step, 1.0)
    return (eased(high, ease) - eased(low, ease)) / (high - low)


def between(share: float, first: float, last: float) -> float:
    """Returns a smooth step: 0 up to `first`, 1 from `last` on."""
    u = min(max((share - first) / (last - first), 0.0), 1.0)
    return u * u * (3 - 2 * u)
