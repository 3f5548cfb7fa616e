"""Writes IMSC 1.1 text (W3C): a region for each place, styles on each text, times in milliseconds."""

from __future__ import annotations

import re
from fractions import Fraction
from xml.sax.saxutils import escape, quoteattr

from post.captions.clock import write_clock
from post.captions.model import Caption, CaptionBox, CaptionRun, CaptionTrack
from post.captions.places import EDGE

PROFILE = "http://www.w3.org/ns/ttml/profile/imsc1.1/text"
SPACES = (
    'xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter" '
    'xmlns:tts="http://www.w3.org/ns/ttml#styling" xmlns:ttm="http://www.w3.org/ns/ttml#metadata"'
)
DISPLAY_ALIGN = {"top": "before", "middle": "center", "bottom": "after"}
WRITING_MODE = {"horizontal": "lrtb", "vertical-rl": "tbrl", "vertical-lr": "tblr"}
# Where a caption stands whose file leaves it to the player.
USUAL = CaptionBox(EDGE, EDGE, 1 - 2 * EDGE, 1 - 2 * EDGE, "bottom")
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)


def imsc_of(track: CaptionTrack) -> str:
    """Returns a track as IMSC 1.1 text. Its captions have text and times in milliseconds."""
    places = sorted({_region(caption) for caption in track.captions})
    regions = {region: f"r{i}" for i, region in enumerate(places)}
    speakers = sorted({caption.speaker for caption in track.captions if caption.speaker})
    agents = {name: f"speaker{i}" for i, name in enumerate(speakers)}
    head = [
        f'<ttm:agent xml:id="{key}" type="person"><ttm:name type="full">{_text(name)}</ttm:name></ttm:agent>'
        for name, key in agents.items()
    ]
    layout = [f'<region xml:id="{name}" {region}/>' for region, name in regions.items()]
    used: set[str] = set()
    body = [_paragraph(caption, regions[_region(caption)], agents, used) for caption in track.captions]
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<tt {SPACES} xml:lang={quoteattr(_clean(track.language))} xml:space="preserve" '
            f'ttp:contentProfiles="{PROFILE}">',
            f"<head>{''.join(head)}<layout>{''.join(layout)}</layout></head>",
            f"<body><div>{''.join(body)}</div></body>",
            "</tt>\n",
        ]
    )


def _region(caption: Caption) -> str:
    """Returns the attributes of a caption's region."""
    box = caption.box or USUAL
    left, top, right, bottom = box.inset
    sides = [f"{_number(top)}rh", f"{_number(right)}rw", f"{_number(bottom)}rh", f"{_number(left)}rw"]
    turn = {"horizontal": 0, "vertical-rl": 1, "vertical-lr": 3}[caption.writing]
    order = [sides[(i + turn) % 4] for i in range(4)]
    if caption.writing == "vertical-lr":  # before is at the left, after at the right, start at the top
        order = [sides[3], sides[2], sides[1], sides[0]]
    padding = f' tts:padding="{" ".join(order)}"' if any(box.inset) else ""
    background = f' tts:backgroundColor="{box.background}"' if box.background else ""
    return (
        f'tts:origin="{_number(box.left)}% {_number(box.top)}%" '
        f'tts:extent="{_number(box.width)}% {_number(box.height)}%" '
        f'tts:displayAlign="{DISPLAY_ALIGN[box.against]}" tts:writingMode="{WRITING_MODE[caption.writing]}" '
        f'tts:showBackground="whenActive"{padding}{background}'
    )


def _number(value: Fraction) -> str:
    """Returns a share of 100, rounded half up to thousandths."""
    thousandths = (value * 200_000 + 1) // 2
    whole, rest = divmod(abs(thousandths), 1000)
    sign = "-" if thousandths < 0 else ""
    return f"{sign}{whole}" + (f".{rest:03}".rstrip("0") if rest else "")


def _paragraph(caption: Caption, region: str, agents: dict[str, str], used: set[str]) -> str:
    attributes = [f'begin="{write_clock(caption.start)}" end="{write_clock(caption.stop)}" region="{region}"']
    if _NAME.fullmatch(caption.id) and caption.id not in {*used, *agents.values(), region}:
        used.add(caption.id)
        attributes.append(f'xml:id="{caption.id}"')
    if caption.speaker:
        attributes.append(f'ttm:agent="{agents[caption.speaker]}"')
    attributes.append(f'tts:textAlign="{caption.align}"')
    if caption.background:
        attributes.append(f'tts:backgroundColor="{caption.background}"')
    if caption.line:
        attributes.append(f'tts:lineHeight="{_number(caption.line)}rh"')
    if caption.direction:
        attributes.append(f'tts:direction="{caption.direction}"')
    return f"<p {' '.join(attributes)}>{''.join(map(_span, caption.runs))}</p>"


def _span(run: CaptionRun) -> str:
    attributes = _styles(run)
    beside, base = " ".join(run.ruby.split()), run.text.replace("\n", " ")  # a ruby has one line
    if not beside or not base.strip():
        return f"<span{attributes}>{_text(run.text)}</span>"
    return (
        f'<span tts:ruby="container"><span tts:ruby="base"{attributes}>{_text(base)}</span>'
        f'<span tts:ruby="text">{_text(beside)}</span></span>'
    )


def _styles(run: CaptionRun) -> str:
    found = [
        ("tts:fontWeight", "bold" if run.bold else ""),
        ("tts:fontStyle", "italic" if run.italic else ""),
        ("tts:textDecoration", "underline" if run.underline else ""),
        ("tts:color", run.colour),
        ("tts:backgroundColor", run.background),
        ("tts:fontSize", f"{_number(run.size)}rh" if run.size else ""),
        ("tts:fontFamily", ", ".join(_family(each) for each in run.family)),
        ("xml:lang", run.language),
    ]
    return "".join(f" {name}={quoteattr(_clean(value))}" for name, value in found if value)


def _family(name: str) -> str:
    """Returns a font's name; one that is no plain word is quoted."""
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", name):
        return name
    return "'" + re.sub(r"(['\\])", r"\\\1", name) + "'"


def _text(text: str) -> str:
    return escape(_clean(text).replace("\r", "")).replace("\n", "<br/>")


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
