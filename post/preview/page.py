"""Makes the page that plays a preview: one file, without a library, that asks only the server that it came from."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from post import __version__


@cache
def _part(name: str) -> str:
    return files("post.preview").joinpath(name).read_text("utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def page_html(title: str, state: Mapping[str, Any], inline: Mapping[str, str]) -> str:
    """Returns the page. state: as in state.json; inline: the header and the first slot, in base64."""
    script, style = _part("player.js"), _part("page.css")
    policy = (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; connect-src 'self'; "
        "media-src 'self' blob: file:; img-src 'self' data:; base-uri 'none'; form-action 'none'"
    )
    data = json.dumps({"state": state, "inline": inline}).replace("<", "\\u003c")
    marks = {
        "POLICY": policy, "TITLE": escape(title), "TOOL": f"answerprint {__version__}", "STYLE": style, "DATA": data,
        "SCRIPT": script,
    }  # fmt: skip
    parts = _part("page.html").split("@@")
    return "".join(marks[part] if number % 2 else part for number, part in enumerate(parts))
