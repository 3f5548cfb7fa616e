"""Reads TTML and IMSC 1.1 text: times exact, styles computed, what is wrong named by its line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from xml.etree.ElementTree import Element, ElementTree

from ttconv import model
from ttconv.imsc import attributes as ttconv_attributes
from ttconv.imsc.elements import TTMLElement
from ttconv.imsc.reader import to_model
from ttconv.imsc.style_properties import StyleProperties

from post.captions.model import CaptionTrack
from post.captions.reading import refuse, track_of
from post.captions.timed_text.blocks import Said
from post.captions.timed_text.foreign import called
from post.captions.timed_text.markup import TTML, Markup, read_markup
from post.captions.timed_text.positions import measure_from_top_left
from post.captions.timed_text.scenes import Source, captions_of
from post.errors import JobError

MOST_PARAGRAPHS = 10_000  # a feature film has 1,500
TTS, TTP, TTM = f"{TTML}#styling", f"{TTML}#parameter", f"{TTML}#metadata"
XML = "http://www.w3.org/XML/1998/namespace"
TIMES = ("begin", "end", "dur")
# Attributes that change how a document is shown, and that captions do not hold.
PARAMETERS = frozenset((
    "displayAspectRatio", "aspectRatio", "activeArea", "forcedDisplay",
    "zIndex", "disparity", "rubyAlign", "rubyPosition",
))  # fmt: skip


def read_ttml(
    data: bytes | str, where: str, rate: Fraction | None = None, *, lenient: bool = False
) -> CaptionTrack:
    """Returns the captions of a TTML document. where: its name.

    rate: frames a second, for a document that counts frames and does not say; TTML's own default is 30.
    lenient: what cannot be read is left out and listed in `lost`. Without it, Problems names every such place.
    """
    markup = read_markup(data, where)
    if markup.root.tag != f"{{{TTML}}}tt":
        raise JobError(
            "this XML is not TTML", where=f"{where}:1", expected=f"tt in {TTML}", got=repr(markup.root.tag)
        )
    if rate is not None and f"{{{TTP}}}frameRate" not in markup.root.attrib:
        ttconv_attributes.FrameRateAttribute.set(markup.root, rate)
    faults, lost = [*_faults(markup, where), *_pictures(markup, where)], list(_lost(markup, where))
    if not lenient:
        refuse(faults, where)
    sources = list(_sources(markup, where))
    if len(sources) > MOST_PARAGRAPHS:
        raise JobError(
            "too many paragraphs", where=where, expected=f"{MOST_PARAGRAPHS} at most", got=len(sources)
        )
    said = Said()
    _spell_out_extents(markup)
    with called(where, "TTML") as words:
        document = to_model(ElementTree(markup.root))
        if document is None:
            raise JobError("cannot be read as TTML", where=where, got="; ".join(words))
        said.usual = Fraction(1, document.get_cell_resolution().rows)
        measure_from_top_left(document)
        captions, more = captions_of(document, _named(document, sources), where, said)
    lost += [f"{where}: {word}" for word in (*words, *more)]
    language = markup.root.get(f"{{{XML}}}lang", "")
    return track_of(captions, where, lost, faults=faults, lenient=lenient, language=language)


def _context(root: Element) -> ttconv_attributes.TemporalAttributeParsingContext:
    return ttconv_attributes.TemporalAttributeParsingContext(
        ttconv_attributes.FrameRateAttribute.extract(root),
        ttconv_attributes.TickRateAttribute.extract(root),
        ttconv_attributes.TimeBaseAttribute.extract(root),
        ttconv_attributes.DropModeAttribute.extract(root),
    )


def _faults(markup: Markup, where: str) -> Iterator[JobError]:
    """Each time that cannot be read or ends before it begins; its element is then never shown."""
    with called(where, "TTML"):
        context = _context(markup.root)
    for element, line in markup.walk():
        wrong = list(_wrong_times(element, f"{where}:{line}", context))
        yield from wrong
        if wrong:
            element.attrib.update(begin="0s", end="0s")
            element.attrib.pop("dur", None)


def _wrong_times(
    element: Element, place: str, context: ttconv_attributes.TemporalAttributeParsingContext
) -> Iterator[JobError]:
    times: dict[str, Fraction] = {}
    for name in TIMES:
        text = element.get(name)
        if text is None:
            continue
        try:
            times[name] = ttconv_attributes.parse_time_expression(context, text.strip(), True)
        except (ValueError, ArithmeticError) as fault:
            yield JobError(
                f"this time cannot be read: {fault}",
                where=place,
                expected="a time of TTML such as 00:00:01.500, 1.5s or 36f",
                got=f'{name}="{text[:40]}"',
            )
    if "end" in times and times["end"] < times.get("begin", 0):
        got = f'begin="{element.get("begin")}" end="{element.get("end")}"'
        yield JobError("this ends before it begins", where=place, got=got)


def _pictures(markup: Markup, where: str) -> Iterator[JobError]:
    """Each caption that is a picture, as those of the image profile of IMSC are."""
    for element, line in markup.walk():
        local = {name.rpartition("}")[2] for name in element.attrib}
        if "backgroundImage" in local or element.tag == f"{{{TTML}}}image":
            yield JobError(
                "this caption is a picture", where=f"{where}:{line}", expected="text (IMSC text profile)"
            )


def _lost(markup: Markup, where: str) -> Iterator[str]:
    """Each style whose value is not of TTML, which is taken off, and each parameter that captions do not hold."""
    context = TTMLElement.ParsingContext(TTMLElement)
    context.doc.set_cell_resolution(model.CellResolutionType(rows=15, columns=32))
    for element, line in markup.walk():
        for name, value in list(element.attrib.items()):
            local = name.rpartition("}")[2]
            if local in PARAMETERS:
                yield f"{where}:{line}: {local}={value}"
            if name in StyleProperties.BY_QNAME and not _has_value(name, value, context):
                yield f"{where}:{line}: tts:{local}={value}, which is no value of it"
                del element.attrib[name]
        if element.tag.rpartition("}")[2] == "audio":
            yield f"{where}:{line}: audio"


def _spell_out_extents(markup: Markup) -> None:
    """Writes an extent of "auto" as the whole frame that it means: ttconv reads a hundredth of it."""
    for element in markup.root.iter():
        if element is not markup.root and element.get(f"{{{TTS}}}extent") == "auto":
            element.set(f"{{{TTS}}}extent", "100% 100%")


def _has_value(name: str, value: str, context: TTMLElement.ParsingContext) -> bool:
    """Says whether a style's value is one of TTML; what its own element would have to tell counts as one."""
    try:
        StyleProperties.BY_QNAME[name].extract(context, value)
    except (ValueError, ArithmeticError, LookupError):
        return False
    except (TypeError, AttributeError):
        return True
    return True


def _sources(markup: Markup, where: str) -> Iterator[Source]:
    """Where each paragraph of the body stands, in the document's order."""
    agents = {
        agent.get(f"{{{XML}}}id", ""): " ".join("".join(agent.itertext()).split())
        for agent in markup.root.iter(f"{{{TTM}}}agent")
    }
    for element, line in markup.walk():
        if element.tag == f"{{{TTML}}}p":
            names = element.get(f"{{{TTM}}}agent", "").split()
            speaker = ", ".join(agents.get(name) or name for name in names)
            yield Source(f"{where}:{line}", element.get(f"{{{XML}}}id", ""), speaker)


def _named(document: model.ContentDocument, sources: list[Source]) -> dict[str, Source]:
    """Gives each paragraph of ttconv's document a name for its source; none where their number differs."""
    body = document.get_body()
    paragraphs = [] if body is None else [each for each in body.dfs_iterator() if isinstance(each, model.P)]
    if len(paragraphs) != len(sources):
        return {}
    named: dict[str, Source] = {}
    for i, (paragraph, source) in enumerate(zip(paragraphs, sources, strict=True)):
        with suppress(ValueError):
            paragraph.set_id(f"p{i}")
            named[f"p{i}"] = source
    return named
