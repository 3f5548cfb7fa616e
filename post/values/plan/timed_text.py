"""Defines the text that goes with a film: files beside it, and tracks in it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Sidecar:
    """A caption file beside a film. name: the file's; format: "vtt", "srt" or "imsc"; language: BCP 47, or "";
    text: all of it; captions: how many it has; lost: what of them it does not hold, in words."""

    name: str
    format: str
    language: str
    text: str
    captions: int
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TextRun:
    """Text of one style. colour: #rrggbb, or "" for the player's own."""

    text: str
    bold: bool = False
    italic: bool = False
    underline: bool = False
    colour: str = ""


@dataclass(frozen=True, slots=True)
class TextCue:
    """What a track shows at once. start, stop: the film's seconds, half open."""

    start: Fraction
    stop: Fraction
    runs: tuple[TextRun, ...]


@dataclass(frozen=True, slots=True)
class TextTrack:
    """A track of captions in a film. cues: in order, none overlaps; language: BCP 47, or "";
    iso639: its three letters as MP4 has them, "und" where not known."""

    language: str
    iso639: str
    cues: tuple[TextCue, ...]
