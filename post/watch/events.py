"""Names every event of a watch, with its fields; those of `finish` are told in between."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from post.engine.events import FINISH_EVENTS
from post.engine.events import Tell as Tell

WATCH_EVENTS: Mapping[str, Mapping[str, str]] = {
    "watching": {"folder": "text", "out": "text", "known": "number", "events": "truth"},
    "polling": {"folder": "text", "why": "text"},
    "left": {"path": "text", "why": "text"},
    "waiting": {"path": "text", "why": "text"},
    "taken": {"path": "text", "kind": "text", "sha256": "text", "name": "text", "try": "number"},
    "finished": {
        "path": "text",
        "sha256": "text",
        "name": "text",
        "films": "texts",
        "seconds": "number",
        "moved_to": "text?",
    },
    "duplicate": {"path": "text", "sha256": "text", "of": "text", "moved_to": "text?"},
    "renamed": {"path": "text", "sha256": "text", "of": "text", "moved_to": "text?"},
    "unapproved": {
        "path": "text",
        "sha256": "text",
        "name": "text",
        "candidates": "texts",
        "rejected": "texts",
        "errors": "errors",
    },
    "changed": {"path": "text", "why": "text"},
    "again": {"path": "text", "sha256": "text", "try": "number", "in_s": "number", "errors": "errors"},
    "failed": {"path": "text", "sha256": "text", "moved_to": "text?", "errors": "errors"},
    "paused": {"in_s": "number", "errors": "errors"},
    "stopped": {
        "finished": "number",
        "failed": "number",
        "duplicates": "number",
        "pending": "number",
        "unapproved": "number",
    },
}
EVENTS: Mapping[str, Mapping[str, str]] = {**FINISH_EVENTS, **WATCH_EVENTS}
Now = Callable[[], float]


def events_markdown() -> str:
    """Returns the table of events for the README."""
    rows = ["| event | fields |", "|---|---|"]
    for name, fields in EVENTS.items():
        said = ", ".join(f"`{field}` {kind}" for field, kind in fields.items())
        rows.append(f"| `{name}` | {said} |")
    return "\n".join(rows)
