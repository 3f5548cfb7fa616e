"""Writes SubRip (SRT): bold, italic, underlined, colours of letters, and the side of the frame as {\\an8}."""

from __future__ import annotations

import re

from post.captions.clock import write_clock
from post.captions.model import Caption, CaptionRun, CaptionTrack
from post.captions.places import key_of

_TAG_LIKE = re.compile(r"<(?=/?[a-zA-Z])")
_ENTITY_LIKE = re.compile(r"&(?=(?:amp|lt|gt|nbsp|lrm|rlm);)")


def srt_of(track: CaptionTrack) -> str:
    """Returns a track as SRT. Its captions have text and times in milliseconds."""
    return "\n".join(_block(i, caption) for i, caption in enumerate(track.captions, 1))


def _block(number: int, caption: Caption) -> str:
    times = f"{write_clock(caption.start, ',')} --> {write_clock(caption.stop, ',')}"
    text = "".join(_tagged(run) for run in caption.runs)
    lines = [line.strip() for line in text.replace("\r", "").split("\n")]
    shown = "\n".join(line for line in lines if line)
    key = 2 if caption.box is None else key_of(caption.align, caption.box.against)
    place = f"{{\\an{key}}}" if key != 2 else ""
    return f"{number}\n{times}\n{place}{shown}\n"


def _tagged(run: CaptionRun) -> str:
    text = (
        _TAG_LIKE.sub("&lt;", _ENTITY_LIKE.sub("&amp;", run.text))
        .replace("-->", "--&gt;")
        .replace("->", "-&gt;")
    )
    for on, tag in ((run.underline, "u"), (run.italic, "i"), (run.bold, "b")):
        text = f"<{tag}>{text}</{tag}>" if on else text
    return f'<font color="{run.colour[:7]}">{text}</font>' if run.colour else text
