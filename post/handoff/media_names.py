"""Names of a timeline's media."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from post.handoff.timeline import TimelineMedia


def file_name(media: TimelineMedia) -> str:
    """Returns the name of a media's file without its folder; its own name where it has no path."""
    path = media.path
    if "://" in path:
        path = unquote(urlsplit(path).path)
    return path.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1] or media.name
