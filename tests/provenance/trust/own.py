"""Tells a user's own trust lists from those that ship."""

from __future__ import annotations

from pathlib import Path

from provenance.trust import lists
from provenance.trust.lists import Anchors


def own_lists(config: Path) -> tuple[Anchors, ...]:
    """Returns the lists that a user is judged by, but for those that ship."""
    shipped = lists.read_shipped()
    return tuple(each for each in lists.read_configured(config) if each not in shipped)
