"""Reads OpenTimelineIO's media references."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

from post.handoff.otio.library import exact_number, exact_rate, open_otio
from post.handoff.timeline import TimelineMedia
from post.values.time import round_half_up

MADE = {"SolidColor": "colour", "SMPTEBars": "bars", "Slate": "slate", "black": "black", "Black": "black"}


def media_of(clip: Any, where: str, *, picture: bool = True) -> TimelineMedia:
    """Returns the media that a clip refers to. where: the file's name, for errors.

    A clip that refers to nothing is looked for by its name. Raises SourceError for numbers that are none.
    """
    schema, reference = open_otio().schema, clip.media_reference
    name = clip.name or "clip"
    if isinstance(reference, schema.GeneratorReference):
        made = MADE.get(reference.generator_kind, "")
        fill = str(reference.parameters.get("fill") or "#000000")
        text = str(reference.parameters.get("text") or "")
        if made:
            return TimelineMedia(reference.name or made, make=made, fill=fill, text=text, still=True)
        return TimelineMedia(reference.generator_kind or name, picture=picture)
    rate, start, length = _available(reference, where)
    if isinstance(reference, schema.ImageSequenceReference):
        pattern = f"{reference.name_prefix}%0{reference.frame_zero_padding}d{reference.name_suffix}"
        path = f"{reference.target_url_base.rstrip('/')}/{pattern}".lstrip("/")
        return TimelineMedia(pattern, path, rate=rate, start=start, length=length)
    path = reference.target_url if isinstance(reference, schema.ExternalReference) else ""
    return TimelineMedia(
        reference.name or name, path or "", rate=rate, start=start, length=length, picture=picture
    )


def _available(reference: Any, where: str) -> tuple[Fraction | None, int, Fraction | None]:
    """Returns the rate of some media, its first frame's number and its seconds; None, 0 and None where not said."""
    found = reference.available_range if reference is not None else None
    if found is None:
        return None, 0, None
    rate = (
        exact_rate(found.start_time.rate, where)
        if found.start_time.value
        else exact_rate(found.duration.rate, where)
    )
    start = round_half_up(exact_number(found.start_time.value, where))
    return rate, start, exact_number(found.duration.value, where) / exact_rate(found.duration.rate, where)


def media_url(media: TimelineMedia) -> str:
    """Returns where a media's file lies, as a URL."""
    path = Path(media.path)
    return path.as_uri() if path.is_absolute() else media.path
