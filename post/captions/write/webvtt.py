"""Writes WebVTT: colours as classes with a STYLE block, words with times, places as settings."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from post.captions.clock import write_clock
from post.captions.colours import CLASSES
from post.captions.model import Caption, CaptionBox, CaptionRun, CaptionTrack

VERTICAL = {"vertical-rl": "rl", "vertical-lr": "lr"}
NAMES = {colour: name for name, colour in CLASSES.items()}
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\u00a0": "&nbsp;", "\u200e": "&lrm;", "\u200f": "&rlm;"}


def webvtt_of(track: CaptionTrack) -> str:
    """Returns a track as WebVTT. Its captions have text and times in milliseconds."""
    head = ["WEBVTT", *([f"Language: {_line(track.language)}"] if track.language else [])]
    return "\n\n".join(["\n".join(head), *_styles(track), *(_cue(each) for each in track.captions)]) + "\n"


def _styles(track: CaptionTrack) -> list[str]:
    """Returns the STYLE block that the track's colours need."""
    runs = [run for caption in track.captions for run in caption.runs]
    text = sorted({run.colour for run in runs if run.colour and run.colour not in NAMES})
    plates = sorted({run.background for run in runs if run.background and run.background not in NAMES})
    rules = [f"::cue(.{_class(each)}) {{ color: {each} }}" for each in text]
    rules += [f"::cue(.bg_{_class(each)}) {{ background-color: {each} }}" for each in plates]
    return ["\n".join(["STYLE", *rules])] if rules else []


def _class(colour: str) -> str:
    return NAMES.get(colour, colour.replace("#", "c"))


def _line(text: str) -> str:
    """Returns a text as one line that does not look like times."""
    return " ".join(text.split()).replace("-->", "->")


def _cue(caption: Caption) -> str:
    times = f"{write_clock(caption.start)} --> {write_clock(caption.stop)}"
    name = _line(caption.id)
    lines = [name] if name and not name.startswith(("NOTE", "STYLE", "REGION")) else []
    return "\n".join([*lines, " ".join([times, *_settings(caption)]), _text(caption)])


def _settings(caption: Caption) -> list[str]:
    found = [f"vertical:{VERTICAL[caption.writing]}"] if caption.writing in VERTICAL else []
    if caption.box is not None:
        found += _place(_content(caption.box), caption.writing)
    if caption.align != "center":
        found.append(f"align:{caption.align}")
    return found


def _content(box: CaptionBox) -> CaptionBox:
    """Returns the part of a box in which text stands."""
    left, top, right, bottom = box.inset
    return replace(
        box,
        left=box.left + left,
        top=box.top + top,
        width=box.width - left - right,
        height=box.height - top - bottom,
    )


def _place(box: CaptionBox, writing: str) -> list[str]:
    if writing == "horizontal":
        start, length, begin, depth = box.left, box.width, box.top, box.height
        first, last = "start", "end"
    else:
        start, length, begin, depth = box.top, box.height, box.left, box.width
        first, last = ("end", "start") if writing == "vertical-rl" else ("start", "end")
    side = {"top": first, "middle": "center", "bottom": last}[box.against]
    line = {"start": begin, "center": begin + depth / 2, "end": begin + depth}[side]
    found = [f"line:{_share(line)},{side}"]
    if start != 0 or length != 1:
        found += [f"position:{_share(start)},line-left", f"size:{_share(length)}"]
    return found


def _share(value: Fraction) -> str:
    """Returns a share of 100, rounded half up to hundredths, within 0 to 100 as the format has it."""
    hundredths = min(10_000, max(0, (value * 20_000 + 1) // 2))
    whole, rest = divmod(hundredths, 100)
    return f"{whole}" + (f".{rest:02}".rstrip("0") if rest else "") + "%"


def _text(caption: Caption) -> str:
    text, at = "", None
    for run in _within_lines(caption.runs):
        if run.at is not None and run.at != at:
            at = run.at
            text += f"<{write_clock(at)}>"
        text += _tagged(run, run.speaker or caption.speaker)
    return text


def _within_lines(runs: tuple[CaptionRun, ...]) -> list[CaptionRun]:
    """Returns the runs without empty lines, which would end the cue."""
    found: list[CaptionRun] = []
    last = "\n"
    for run in runs:
        text = ""
        for letter in run.text.replace("\r", ""):
            if letter != "\n" or last != "\n":
                text += letter
                last = letter
        found.append(replace(run, text=text))
    if last == "\n":
        for i in range(len(found) - 1, -1, -1):
            if found[i].text:
                found[i] = replace(found[i], text=found[i].text.removesuffix("\n"))
                break
    return [run for run in found if run.text]


def _tagged(run: CaptionRun, speaker: str) -> str:
    text = _escaped(run.text)
    if beside := " ".join(run.ruby.split()):
        text = f"<ruby>{text}<rt>{_escaped(beside)}</rt></ruby>"
    for on, tag in ((run.underline, "u"), (run.italic, "i"), (run.bold, "b")):
        text = f"<{tag}>{text}</{tag}>" if on else text
    classes = [_class(run.colour)] if run.colour else []
    classes += [f"bg_{_class(run.background)}"] if run.background else []
    if classes:
        text = f"<c.{'.'.join(classes)}>{text}</c>"
    if run.language:
        text = f"<lang {_escaped(_line(run.language))}>{text}</lang>"
    return f"<v {_escaped(_line(speaker))}>{text}</v>" if speaker else text


def _escaped(text: str) -> str:
    return "".join(_ESCAPES.get(letter, letter) for letter in text)
