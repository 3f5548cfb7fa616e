"""Summarises a plan: its work, how much of it is in the store, and why each value is what it is."""

from __future__ import annotations

from typing import Any

from post.engine import Store
from post.values import Plan, digest


def summarise_plan(plan: Plan, store: Store) -> dict[str, Any]:
    """Returns the `plan` object of the command-line contract.

    cost_of_one: frames of all different segments over those of the costliest deliverable; 1.0 is "no more than
    one deliverable alone".
    """
    keys = {
        rendition.name: [digest(segment) for segment in rendition.segments] for rendition in plan.renditions
    }
    frames = {
        key: len(segment.span)
        for rendition in plan.renditions
        for key, segment in zip(keys[rendition.name], rendition.segments, strict=True)
    }
    stored = {key for key in frames if store.get(key)}
    costliest = max(sum(frames[key] for key in row) for row in keys.values())
    return {
        "deliverables": [
            {
                "name": rendition.name,
                "frames": rendition.format.length,
                "segments": len(rendition.segments),
                "cached": sum(key in stored for key in keys[rendition.name]),
            }
            for rendition in plan.renditions
        ],
        "work": {
            "segments": sum(len(row) for row in keys.values()),
            "unique": len(frames),
            "cached": len(stored),
            "cost_of_one": round(sum(frames.values()) / costliest, 4),
        },
        "matches": [
            {
                "shot": found.shot,
                "reference": found.reference,
                "method": found.method,
                "strength": found.strength,
                "confidence": found.confidence,
                "guards": list(found.guards),
                "why": found.why,
                "forced": found.forced,
            }
            for found in plan.matched
        ],
        "values": [
            {"place": place, "value": value, "origin": origin} for place, value, origin in plan.origins
        ],
    }
