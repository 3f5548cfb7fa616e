"""Reads what a container says of a picture stream beside its codec: cropping, and the profile of Dolby Vision.

PyAV shows this side data nowhere, but FFmpeg prints it with its description of a file, for every container that it
reads. The text is FFmpeg's own (libavformat/dump.c); a test reads each of these lines from a file.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from threading import Lock

import av.logging
from av.container import InputContainer

from post.errors import SourceError
from post.takes.decoded.cropping import Edges
from post.values.media import NO_CROP
from post.values.warning import JobWarning

# FFmpeg's log is on while a file is described. What other threads log meanwhile goes nowhere: errors tell it.
_log = logging.getLogger("libav")
_log.addHandler(logging.NullHandler())
_log.propagate = False
_describing = Lock()

STREAM = re.compile(r"^  Stream #0:(\d+)", re.MULTILINE)
CROPPING = re.compile(r"^ +Frame Cropping: (\d+)/(\d+)/(\d+)/(\d+)", re.MULTILINE)
DOLBY = re.compile(r"^ +DOVI configuration record: .*profile: (\d+), .*compatibility id: (\d+)", re.MULTILINE)

# Profiles of Dolby Vision whose pictures are IPT-PQ-c2: always, or where no compatible base layer is declared.
ALWAYS_IPT = frozenset({5})
IPT_WITHOUT_BASE = frozenset({10, 20})
BASES = {1: "HDR10", 2: "SDR", 4: "HLG", 6: "HDR10, of an Ultra HD Blu-ray"}


@dataclass(frozen=True, slots=True)
class SideData:
    """crop: what is no picture; dolby_profile: of Dolby Vision, 0 for none; dolby_base: which other system shows its
    base layer right (0 none, 1 HDR10, 2 SDR, 4 HLG)."""

    crop: Edges = NO_CROP
    dolby_profile: int = 0
    dolby_base: int = 0


def read_side_data(container: InputContainer, stream: int) -> SideData:
    """Returns the side data of a stream, by its number."""
    told = dict(_told(container)).get(stream, "")
    crop, dolby = CROPPING.search(told), DOLBY.search(told)
    edges = NO_CROP
    if crop:
        left, right, top, bottom = map(int, crop.groups())
        edges = left, top, right, bottom
    profile, base = map(int, dolby.groups()) if dolby else (0, 0)
    return SideData(edges, profile, base)


def refuse_dolby_vision(beside: SideData, where: str) -> None:
    """Raises SourceError for Dolby Vision whose base layer is no picture that another system shows."""
    if not beside.dolby_profile or not (beside.dolby_profile in ALWAYS_IPT or _is_ipt_by_base(beside)):
        return
    raise SourceError(
        f"is Dolby Vision profile {beside.dolby_profile}, whose colours only a Dolby Vision decoder can read",
        where=where, expected="a picture in BT.709, BT.2020, PQ or HLG", got="IPT-PQ-c2",
        fix="export it as Rec.709, as HDR10 or HLG, or as Dolby Vision profile 8.1 or 8.4",
    )  # fmt: skip


def dolby_vision_warnings(beside: SideData) -> tuple[JobWarning, ...]:
    """Returns what is to be said of the Dolby Vision in a take that is read."""
    if not beside.dolby_profile:
        return ()
    base = BASES.get(beside.dolby_base, "as it is tagged")
    number = f"{beside.dolby_profile}.{beside.dolby_base}"
    what = f"is Dolby Vision {number}: its base layer ({base}) is used, its own adjustments are not"
    return (JobWarning("hdr", what),)


def _is_ipt_by_base(beside: SideData) -> bool:
    return beside.dolby_profile in IPT_WITHOUT_BASE and not beside.dolby_base


def _told(container: InputContainer) -> list[tuple[int, str]]:
    """Returns each stream's number, and FFmpeg's description of it."""
    with _describing:
        av.logging.set_level(av.logging.INFO)
        try:
            text = container.dumps_format()  # type: ignore[attr-defined]  # PyAV has it, its stubs do not
        finally:
            av.logging.set_level(None)
    places = [*STREAM.finditer(text)]
    stops = [*(place.start() for place in places[1:]), len(text)]
    return [(int(place[1]), text[place.start() : stop]) for place, stop in zip(places, stops, strict=True)]
