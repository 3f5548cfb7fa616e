"""Writes a track as a caption file, and says what that file does not hold: it is read again and compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from fractions import Fraction

from post.captions.clock import milliseconds
from post.captions.model import Caption, CaptionBox, CaptionRun, CaptionTrack
from post.captions.read import read_caption_bytes
from post.captions.write.imsc import imsc_of
from post.captions.write.srt import srt_of
from post.captions.write.webvtt import webvtt_of
from post.errors import unknown

WRITERS: dict[str, Callable[[CaptionTrack], str]] = {"vtt": webvtt_of, "srt": srt_of, "imsc": imsc_of}
SUFFIXES = {"vtt": ".vtt", "srt": ".srt", "imsc": ".ttml"}
# What is said of a part that the file does not hold.
WORDS = {
    "start": "times shorter than a millisecond",
    "stop": "times shorter than a millisecond",
    "text": "some white space or characters of the text",
    "bold": "bold",
    "italic": "italic",
    "underline": "underlining",
    "colour": "colours of letters",
    "background": "colours behind letters",
    "at": "times of words",
    "ruby": "ruby",
    "language": "languages of words",
    "speaker": "who speaks",
    "size": "sizes of letters",
    "family": "fonts",
    "align": "alignment",
    "writing": "vertical writing",
    "box": "where captions stand",
    "id": "names of captions",
    "line": "distances of lines",
    "direction": "directions of paragraphs",
}
LANGUAGE = "the language of the track"
NEAR = Fraction(1, 1000)  # of the frame; formats round places to less


@dataclass(frozen=True, slots=True)
class WrittenCaptions:
    """A caption file's text, and what of the track it does not hold, in words, each once."""

    text: str
    lost: tuple[str, ...] = ()


def write_captions(track: CaptionTrack, format: str) -> WrittenCaptions:  # noqa: A002  the word of jobs
    """Returns a track as a file. format: "vtt", "srt" or "imsc"; times are rounded half up to milliseconds.

    A caption lasts a millisecond at least; one without text is not written. The same track gives the same text.
    Raises JobError for another format.
    """
    if format not in WRITERS:
        raise unknown(format, WRITERS, "", "caption format")
    written = [_rounded(caption) for caption in track.captions if caption.text.strip("\n")]
    text = WRITERS[format](replace(track, captions=tuple(written)))
    again = read_caption_bytes(text.encode(), "written", format)
    lost = [] if len(written) == len(track.captions) else ["backgrounds of empty boxes"]
    if again.language != track.language:
        lost.append(LANGUAGE)
    if len(again.captions) == len(written):
        for before, after in zip(written, again.captions, strict=True):
            lost += list(_differences(before, after))
    else:
        lost.append("captions that say nothing but white space")
    return WrittenCaptions(text, tuple(dict.fromkeys(lost)))


def _rounded(caption: Caption) -> Caption:
    start, stop = milliseconds(max(caption.start, Fraction(0))), milliseconds(caption.stop)
    return replace(caption, start=Fraction(start, 1000), stop=Fraction(max(stop, start + 1), 1000))


def _differences(before: Caption, after: Caption) -> Iterator[str]:
    """What a caption has lost, in words."""
    for part in fields(Caption):
        if part.name not in ("where", "runs", "box", "id", "background"):
            yield from _words(part.name, getattr(before, part.name), getattr(after, part.name))
    if before.id != after.id and before.id and not before.id.isdecimal():  # a number is no name
        yield WORDS["id"]
    if before.background != after.background:
        yield "colours behind lines"
    if before.box is not None and not _near(before.box, after.box):
        yield WORDS["box"]
    if before.text != after.text:
        yield WORDS["text"]
        return
    for one, other in zip(_letters(before), _letters(after), strict=True):
        for part in fields(CaptionRun):
            yield from _words(part.name, getattr(one, part.name), getattr(other, part.name))


def _plain(run: CaptionRun) -> CaptionRun:
    """Returns a run whose white, the colour of captions where nothing else is said, is not said."""
    return replace(run, text="", colour="" if run.colour == "#ffffff" else run.colour)


def _words(name: str, before: object, after: object) -> Iterator[str]:
    if isinstance(before, Fraction) and isinstance(after, Fraction) and abs(before - after) < NEAR:
        return
    if before != after:
        yield WORDS[name]


def _letters(caption: Caption) -> Iterator[CaptionRun]:
    """The style of each letter that is seen, so that the way letters are joined to runs does not count."""
    for run in caption.runs:
        plain = _plain(run)
        yield from (plain if letter != "\n" else CaptionRun("") for letter in run.text)


def _near(before: CaptionBox, after: CaptionBox | None) -> bool:
    if after is None:
        return False
    pairs = zip(_numbers(before), _numbers(after), strict=True)
    same = before.against == after.against and before.background == after.background
    return same and all(abs(one - other) < NEAR for one, other in pairs)


def _numbers(box: CaptionBox) -> tuple[Fraction, ...]:
    return box.left, box.top, box.width, box.height, *box.inset
