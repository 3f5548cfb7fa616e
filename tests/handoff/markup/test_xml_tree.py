from __future__ import annotations

from pathlib import Path

import pytest

from post.errors import SourceError
from post.handoff.markup.dtd import read_dtd
from post.handoff.markup.xml_tree import DEEPEST, element, parse_xml, read_xml, xml_text

LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>"""
OUTSIDE = b"""<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><x>&a;</x>"""


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (LAUGHS, "declares an entity"),
        (OUTSIDE, "declares an entity"),
        (b"<x><y></x>", "not well-formed"),
        (b"", "not well-formed"),
        (b"<x>" * (DEEPEST + 1), "too large"),
        (b'<?xml version="1.0" encoding="none-such"?><x/>', "not"),
    ],
)
def test_hostile_and_broken_xml_is_refused_with_its_line(data: bytes, said: str) -> None:
    with pytest.raises(SourceError, match=said) as caught:
        parse_xml(data, "cut.xml")
    assert caught.value.where.startswith("cut.xml")


def test_a_doctype_alone_reads_nothing_outside(tmp_path: Path) -> None:
    (tmp_path / "x.dtd").write_text('<!ENTITY a "read">')
    path = tmp_path / "x.xml"
    path.write_text(f'<!DOCTYPE x SYSTEM "{tmp_path / "x.dtd"}"><x name="1"/>')
    assert read_xml(path).get("name") == "1"


def test_text_comes_back_as_it_was_and_what_xml_cannot_hold_does_not_break_it() -> None:
    words = 'a "quoted" & <tagged>\nsecond\tline'
    root = element("x", element("y", text=words), name=words)
    back = parse_xml(xml_text(root, "x").encode(), "x")
    assert (back.get("name"), back.word("y")) == (words, words)
    assert parse_xml(xml_text(element("x", text="a\x00b\ud800"), "x").encode(), "x").text == "a\ufffdb\ufffd"


def test_a_dtd_says_what_it_does_not_allow(tmp_path: Path) -> None:
    path = tmp_path / "x.dtd"
    path.write_text(
        '<!ENTITY % more "c | d"><!ELEMENT a (b?, (%more;)*)><!ATTLIST a kind (one | two) "one" id ID #REQUIRED>'
        "<!ELEMENT b EMPTY><!ATTLIST b ref IDREF #IMPLIED><!ELEMENT c (#PCDATA)><!ELEMENT d EMPTY>"
    )
    dtd = read_dtd(path)
    good = element("a", element("b", ref="r1"), element("d"), element("c", text="words"), id="r1", kind="two")
    assert dtd.faults(good) == []
    bad = element("a", element("d", text="words"), element("b", ref="r2"), element("e"), kind="three", of="x")
    assert dtd.faults(bad) == [
        "<a> does not allow its children: d,b,e",
        "<a> has no attribute of",
        "<a kind> does not allow 'three'",
        "<a> lacks the attribute id",
        "<d> does not allow text",
        "<e> is not declared",
        "<b> refers to no element: 'r2'",
    ]
