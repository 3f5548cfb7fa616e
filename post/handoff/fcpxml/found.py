"""What a walk through an FCPXML file finds, and what of ours travelled in it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from post.handoff.fcpxml.resources import Resources
from post.handoff.found import Found
from post.handoff.markup.xml_tree import XmlElement

CLIP_KEY, TITLE_KEY, JOB_KEY = "answerprint.clip", "answerprint.title", "answerprint.timeline"


@dataclass(slots=True)
class FoundStory(Found):
    """All that was found, and the resources that it refers to."""

    resources: Resources = field(default_factory=lambda: Resources(""))


def own_metadata(each: XmlElement, key: str) -> dict[str, Any]:
    """Returns what of ours travelled with an element, {} where nothing did."""
    for block in each.all("metadata"):
        for md in block.all("md"):
            if md.get("key") == key:
                try:
                    read = json.loads(md.get("value"))
                except (ValueError, RecursionError):
                    return {}
                return read if isinstance(read, dict) else {}
    return {}
