"""Writes a caption as the text that a plan holds, and reads it back."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

from post.caching import shared
from post.captions.model import Caption
from post.errors import JobError
from post.values.canonical import from_plain, plain


def write_content(caption: Caption) -> str:
    """Returns a caption as text, without its place in its file: the same words make the same pixels wherever they came
    from.

    Its times are counted from its start.
    """
    runs = tuple(replace(run, at=None if run.at is None else run.at - caption.start) for run in caption.runs)
    length = caption.stop - caption.start
    own = replace(caption, start=Fraction(0), stop=length, runs=runs, where="", id="", speaker="")
    return json.dumps(plain(own), sort_keys=True, separators=(",", ":"))


@shared(64)  # it is asked for each frame that shows it
def read_content(text: str) -> Caption:
    """Returns the caption in a text that `write_content` made. Raises JobError for any other text."""
    try:
        return from_plain(Caption, json.loads(text))
    except (ValueError, KeyError, TypeError) as fault:
        raise JobError(
            "no caption", where="caption.content", expected="what `write_content` makes"
        ) from fault
