"""Who a request comes from."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import HTTPException, Request


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is signed in. id: in the people file, or a guest's own; kind: "person", "agent" or "guest"; secret:
    what their pages send with each change; token: the SHA-256 of their cookie; how they signed in: "link", "proxy" or
    "oidc"."""

    id: str
    name: str
    kind: str
    secret: str
    token: str
    how: str = "link"


def visitor_of(request: Request) -> Visitor:
    """Returns who a request comes from: `guard` lets no other request through to a route. Raises HTTPException."""
    found = request.scope.get("visitor")
    if not isinstance(found, Visitor):
        raise HTTPException(401, "sign in first")
    return found
