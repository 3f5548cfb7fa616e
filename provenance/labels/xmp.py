"""Writes and reads IPTC's fields on generated media, in an XMP packet of an MP4.

Sources: IPTC Photo Metadata 2025.1 and Video Metadata Hub 1.7 (AISystemUsed and its like, simple text);
XMP part 1, 7.3 (packets), part 3, 1.1.5 (the uuid box); RFC 3986 URIs of the IPTC digital source type.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from xml.parsers import expat
from xml.sax.saxutils import escape

from post.errors import SourceError
from provenance.formats.bmff import Box, read_layout, read_payload
from provenance.formats.mp4_tags import XMP_USERTYPE

NAMESPACE = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
MAX_BYTES = 4 << 20  # of a packet
# Padding, so that other programs can edit in place (XMP part 1, 7.3.2).
_PADDING = "\n".join([" " * 99] * 20)
_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="{namespace}">
{fields}
</rdf:Description></rdf:RDF></x:xmpmeta>
{padding}
<?xpacket end="w"?>"""
# XML 1.0, 2.2: characters that no document may hold, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
PROMPT, WRITER = "AIPromptInformation", "AIPromptWriterName"
_PROMPT, _WRITER = (
    re.compile(rb"<Iptc4xmpExt:%s>[^<]*+</Iptc4xmpExt:%s>" % ((name.encode(),) * 2))
    for name in (PROMPT, WRITER)
)


@dataclass(frozen=True, slots=True)
class IptcFields:
    """IPTC's fields. source_type: a digital source type, a whole URI; system, version: of the model; prompt,
    writer: of it; "" leaves a field out."""

    source_type: str
    system: str = ""
    version: str = ""
    prompt: str = ""
    writer: str = ""


_NAMES = {
    "source_type": "DigitalSourceType",
    "system": "AISystemUsed",
    "version": "AISystemVersionUsed",
    "prompt": PROMPT,
    "writer": WRITER,
}


def build_packet(values: IptcFields) -> bytes:
    """Returns an XMP packet with these fields, in UTF-8."""
    named = ((_NAMES[each.name], str(getattr(values, each.name))) for each in fields(values))
    rows = (f"<Iptc4xmpExt:{name}>{_escaped(text)}</Iptc4xmpExt:{name}>" for name, text in named if text)
    return _PACKET.format(namespace=NAMESPACE, fields="\n".join(rows), padding=_PADDING).encode()


def build_box(text: bytes) -> bytes:
    """Returns the uuid box of a packet."""
    return (8 + 16 + len(text)).to_bytes(4) + b"uuid" + XMP_USERTYPE + text


def read_fields(film: Path) -> IptcFields | None:
    """Returns IPTC's fields in an MP4's XMP; None where it has none of them.

    Raises SourceError if the file cannot be parsed, or its XMP is no XML or declares a document type.
    """
    for text in _packets(film):
        found = _values(text, str(film))
        values = {name: found[key] for name, key in _NAMES.items() if key in found}
        if values:
            return IptcFields(**{"source_type": "", **values})
    return None


def blank_prompts(film: Path) -> int:
    """Overwrites every prompt in a film's XMP, and the name of its writer, with spaces; returns how many prompts.

    Nothing else in the file changes or moves. Raises SourceError for a prompt in a form that this module does not
    write, because its removal would not be certain.
    """
    count = 0
    with film.open("r+b") as file:
        for each in _boxes(film):
            text = read_payload(file, each, MAX_BYTES + len(XMP_USERTYPE))
            blanked, found = _PROMPT.subn(_spaces, text)
            blanked = _WRITER.sub(_spaces, blanked)
            if PROMPT.encode() in blanked or WRITER.encode() in blanked:
                raise SourceError(
                    "a prompt in the film's XMP cannot be removed",
                    where=str(film),
                    expected=f"Iptc4xmpExt:{PROMPT} as an element of text",
                    fix="remove the XMP from the film, and sign it again",
                )
            file.seek(each.payload)
            file.write(blanked)
            count += found
    return count


def _spaces(match: re.Match[bytes]) -> bytes:
    return b" " * len(match[0])


def _boxes(film: Path) -> list[Box]:
    with film.open("rb") as source:
        return [each for each in read_layout(source).boxes if each.usertype == XMP_USERTYPE]


def _packets(film: Path) -> Iterator[bytes]:
    with film.open("rb") as source:
        for each in read_layout(source).boxes:
            if each.usertype == XMP_USERTYPE:
                yield read_payload(source, each, MAX_BYTES + len(XMP_USERTYPE))[len(XMP_USERTYPE) :]


def _escaped(text: str) -> str:
    # An XML reader turns a bare carriage return into a line feed (XML 1.0, 2.11).
    return escape(_FORBIDDEN.sub("", text), {"\r": "&#13;"})


def _values(text: bytes, where: str) -> dict[str, str]:
    """Returns every property of IPTC's extension name space, by name, written as an element or an attribute.

    where: the film, for errors.
    """
    found: dict[str, str] = {}
    inside: list[str] = []

    def opened(name: str, attributes: dict[str, str]) -> None:
        inside.append(name)
        found.update((_local(key), value) for key, value in attributes.items() if _ours(key))

    def text_found(data: str) -> None:
        if inside and _ours(inside[-1]):
            found[_local(inside[-1])] = found.get(_local(inside[-1]), "") + data

    def declared(*_: object) -> None:
        raise SourceError("the film's XMP declares a document type", where=where)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = opened
    parser.EndElementHandler = lambda _: inside.pop()
    parser.CharacterDataHandler = text_found
    parser.StartDoctypeDeclHandler = declared
    try:
        parser.Parse(text, True)
    except expat.ExpatError as exc:
        raise SourceError("the film's XMP cannot be read", where=where, got=str(exc)) from exc
    return found


def _ours(name: str) -> bool:
    return name.startswith(f"{NAMESPACE} ")


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
