"""Takes a WebVTT file apart into blocks, by the rules of the W3C (6.1): bad blocks are passed over, and told."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction

from post.captions.webvtt.settings import SPACE, read_region, read_settings, read_times
from post.captions.webvtt.syntax import WebVttCue, WebVttFile, WebVttRegion, WebVttSettings
from post.errors import JobError

_SIGNATURE = re.compile(r"WEBVTT(?:[ \t][^\n]*)?")
_NOTE = re.compile(r"NOTE(?:[ \t\n]|$)")


def parse_webvtt(text: str, where: str) -> WebVttFile:
    """Returns the cues, regions and styles of a file, and its faults. where: its name, for these.

    Raises JobError where the first line does not say that it is WebVTT.
    """
    lines = text.replace("\0", "\ufffd").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not _SIGNATURE.fullmatch(lines[0]):
        raise JobError(
            "a WebVTT file begins with WEBVTT", where=f"{where}:1", expected="WEBVTT", got=repr(lines[0][:40])
        )
    reader = _WebVttBlocks(lines, where)
    reader.read_header()
    while reader.at < len(reader.lines):
        if reader.lines[reader.at]:
            reader.read_block()
        else:
            reader.at += 1
    return WebVttFile(
        tuple(reader.cues),
        tuple(reader.styles),
        tuple(reader.header),
        tuple(reader.faults),
        tuple(reader.ignored),
    )


@dataclass(slots=True)
class _Head:
    """The times and settings of a cue whose text is still to come."""

    id: str
    start: Fraction
    stop: Fraction
    settings: WebVttSettings
    line: int


@dataclass(slots=True)
class _WebVttBlocks:
    lines: list[str]
    where: str
    at: int = 1
    cues: list[WebVttCue] = field(default_factory=list)
    regions: dict[str, WebVttRegion] = field(default_factory=dict)
    styles: list[tuple[str, int]] = field(default_factory=list)
    header: list[str] = field(default_factory=list)
    faults: list[JobError] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    def read_header(self) -> None:
        """Passes over the lines up to the first empty one, or one with times."""
        while self.at < len(self.lines) and self.lines[self.at] and "-->" not in self.lines[self.at]:
            self.header.append(self.lines[self.at])
            self.at += 1

    def read_block(self) -> None:
        """Reads lines up to an empty one, or up to the times of a cue that follows without one."""
        first, count, times_seen = self.at, 0, False
        head: _Head | None = None
        kind, kept = "", list[str]()
        while self.at < len(self.lines) and (line := self.lines[self.at]):
            count += 1
            if "-->" in line:
                if count > 2 or times_seen:
                    break
                times_seen = True
                head = self._head("\n".join(kept), line)
                kept = []
            else:
                if count == 2 and head is None and not times_seen and (kind := _kind(kept)):
                    kept = []
                kept.append(line)
            self.at += 1
        self._keep(head, kind, kept, first, times_seen=times_seen)

    def _head(self, name: str, line: str) -> _Head | None:
        found = read_times(line)
        place = f"{self.where}:{self.at + 1}"
        if found is None:
            self.faults.append(
                JobError(
                    "a browser drops this caption: its times cannot be read",
                    where=place,
                    expected="00:00:00.000 --> 00:00:00.000",
                    got=repr(line[:80]),
                )
            )
            return None
        start, stop, rest = found
        settings, ignored = read_settings(rest, self.regions)
        self.ignored.extend(f"{place}: setting {setting}" for setting in ignored)
        return _Head(name, start, stop, settings, self.at + 1)

    def _keep(self, head: _Head | None, kind: str, kept: list[str], first: int, *, times_seen: bool) -> None:
        text = "\n".join(kept)
        if head is not None:
            self.cues.append(WebVttCue(head.id, head.start, head.stop, head.settings, text, head.line))
        elif kind == "STYLE":
            self.styles.append((text, first + 2))
        elif kind == "REGION":
            region, ignored = read_region(text)
            self.regions[region.id] = region
            self.ignored.extend(f"{self.where}:{first + 1}: region setting {setting}" for setting in ignored)
        elif (
            text and not times_seen and not _NOTE.match(text) and text.strip(SPACE) not in ("STYLE", "REGION")
        ):
            self.faults.append(
                JobError(
                    "a browser drops this text: no times stand above it",
                    where=f"{self.where}:{first + 1}",
                    expected="a line with times, NOTE, STYLE or REGION",
                    got=repr(text[:80]),
                )
            )


def _kind(kept: list[str]) -> str:
    """Returns what sort of block its first line announces; "" for none."""
    name = kept[0].rstrip(SPACE) if kept else ""
    return name if name in ("STYLE", "REGION") else ""
