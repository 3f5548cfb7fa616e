"""Defines what the job lays over the picture: layers with their times, and caption files.

`where` is always "file:line" of the job file, for errors that are found later.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from post.captions.model import CaptionTrack
from post.job.asserted import Asserted
from post.picture.captions.caption import CaptionLayer
from post.stage import LayerStage


@dataclass(frozen=True, slots=True)
class Timed:
    """A layer on the film, from `at` and for `length`; a length of "" is to the end. id: its address, or "".

    last: how long it lasts at the end of the film, "" where `at` says when it starts; asserted: what the job asserts
    of it; own_time: a version says when it is on, and it does not move with a shot; said: of a label, the keys that the
    job itself writes, and no preset.
    """

    layer: LayerStage
    at: str
    length: str
    where: str
    id: str = ""
    last: str = ""
    asserted: Asserted | None = None
    own_time: bool = False
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaptionFile:
    """The captions of one file, and what is to be made of them.

    style: how they are burnt in, and what is warned of; language: BCP 47, or ""; burn: into the picture; sidecars: the
    formats of files beside each film, "vtt" | "srt" | "imsc"; track: a track in the film; deliver: the names of the
    deliverables that have them, () for all; take: its name where times are those of a take, "" where they are the
    film's; id: its address, or ""; own_time: a version brings them, timed for its own cut.
    """

    path: Path
    captions: CaptionTrack
    style: CaptionLayer
    where: str
    language: str = ""
    burn: bool = False
    sidecars: tuple[str, ...] = ()
    track: bool = False
    deliver: tuple[str, ...] = ()
    take: str = ""
    id: str = ""
    own_time: bool = False
