"""Somebody who proved who they are."""

from __future__ import annotations

from dataclasses import dataclass

PERSON, AGENT, GUEST = "person", "agent", "guest"


@dataclass(frozen=True, slots=True)
class ProvenIdentity:
    """Somebody who proved who they are. kind: "person", "agent" or "guest"; how: "link", "proxy" or "oidc"."""

    id: str
    name: str
    kind: str
    how: str
