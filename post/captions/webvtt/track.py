"""Turns WebVTT cues into captions: styles resolved, places in shares of the frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from post.captions.model import Caption, CaptionRun, CaptionTrack, Writing
from post.captions.reading import check_length, track_of
from post.captions.runs import joined, spaced
from post.captions.webvtt.cue_text import CueNode, parse_cue_text
from post.captions.webvtt.file import parse_webvtt
from post.captions.webvtt.place import place_cue
from post.captions.webvtt.styles import CueRule, CueStyle, parse_styles, styled
from post.captions.webvtt.syntax import WebVttCue

WRITING: dict[str, Writing] = {"": "horizontal", "rl": "vertical-rl", "lr": "vertical-lr"}


def read_webvtt(text: str, where: str, *, lenient: bool = False) -> CaptionTrack:
    """Returns the captions of a WebVTT file. where: its name.

    lenient: what a browser drops is left out and listed in `lost`. Without it, Problems names every such place.
    """
    file = parse_webvtt(text, where)
    rules, lost = parse_styles(file.styles, where)
    language = ""
    for line in file.header:
        name, _, value = line.partition(":")
        if name.strip().lower() == "language":
            language = value.strip()
        elif name.strip().lower() != "kind":
            lost.append(f"{where}: header line {line[:60]}")
    lost += file.ignored
    captions = [_caption(cue, where, rules, lost) for cue in file.cues]
    return track_of(captions, where, lost, faults=file.faults, lenient=lenient, language=language)


def _caption(cue: WebVttCue, where: str, rules: Sequence[CueRule], lost: list[str]) -> Caption:
    place = f"{where}:{cue.line}"
    check_length(cue.text, place)
    walk = _Walk(cue.id, rules, place, lost)
    walk.through((parse_cue_text(cue.text),), CueStyle(), CaptionRun(""))
    speaker = next((run.speaker for run in walk.runs if run.speaker), "")
    runs = [replace(run, speaker="" if run.speaker == speaker else run.speaker) for run in spaced(walk.runs)]
    if cue.settings.region is not None and cue.settings.region.scroll:
        lost.append(f"{place}: scrolling region {cue.settings.region.id}")
    return Caption(
        cue.start,
        cue.stop,
        joined(runs),
        place,
        cue.settings.align,
        WRITING[cue.settings.vertical],
        place_cue(cue.settings),
        speaker,
        cue.id,
    )


@dataclass(slots=True)
class _Walk:
    name: str
    rules: Sequence[CueRule]
    place: str
    lost: list[str]
    runs: list[CaptionRun] = field(default_factory=list)
    at: Fraction | None = None

    def through(self, nodes: tuple[CueNode, ...], style: CueStyle, run: CaptionRun) -> None:
        """Adds the runs of a node. nodes: the path to it; run: language, speaker and annotation that hold there."""
        node = nodes[-1]
        style = styled(style, nodes, self.name, self.rules)
        if node.kind == "v":
            run = replace(run, speaker=node.annotation)
        elif node.kind == "lang":
            run = replace(run, language=node.annotation)
        if node.kind == "ruby":
            self._ruby(nodes, style, run)
            return
        for child in node.children:
            if isinstance(child, Fraction):
                self.at = child
            elif isinstance(child, str):
                self.runs.append(self._run(child, style, run))
            else:
                self.through((*nodes, child), style, run)

    def _run(self, text: str, style: CueStyle, run: CaptionRun) -> CaptionRun:
        return replace(
            run,
            text=text,
            bold=style.bold,
            italic=style.italic,
            underline=style.underline,
            colour=style.colour,
            background=style.background,
            at=self.at,
        )

    def _ruby(self, nodes: tuple[CueNode, ...], style: CueStyle, run: CaptionRun) -> None:
        """Adds bases with what is set beside them: all text since the last annotation is the base of the next."""
        first = len(self.runs)
        for child in nodes[-1].children:
            if isinstance(child, CueNode) and child.kind == "rt":
                bases = self.runs[first:]
                if not bases:
                    self.lost.append(f"{self.place}: ruby text without a base")
                    continue
                base = replace(bases[0], text="".join(each.text for each in bases), ruby=_plain(child))
                if len({replace(each, text="") for each in bases}) > 1:
                    self.lost.append(f"{self.place}: several styles under one ruby text")
                self.runs[first:] = [base]
                first = len(self.runs)
            elif isinstance(child, Fraction):
                self.at = child
            elif isinstance(child, str):
                self.runs.append(self._run(child, style, run))
            else:
                self.through((*nodes, child), style, run)


def _plain(node: CueNode) -> str:
    """Returns the text in a node, without style."""
    return "".join(
        _plain(each) if isinstance(each, CueNode) else each
        for each in node.children
        if not isinstance(each, Fraction)
    )
