"""WebVTT: every file of the W3C's parser tests gives what their own assertions say (the .js and .json beside each)."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from fractions import Fraction

import pytest

from post.captions.clock import write_clock
from post.captions.encoding import decode_text
from post.captions.webvtt.cue_text import CueNode, parse_cue_text
from post.captions.webvtt.file import parse_webvtt
from post.captions.webvtt.syntax import WebVttCue, WebVttRegion
from tests.captions.suites import suite

HTML = {"c": "span", "v": "span", "lang": "span"}
LARGE = 10000000000000000000000000000000000
MIN, MAX = 5e-324, 1.7976931348623157e308


def cues_of(name: str) -> tuple[WebVttCue, ...]:
    data = (suite("webvtt/test/wpt-file-parsing") / f"{name}.vtt").read_bytes()
    return parse_webvtt(decode_text(data, name), name).cues


def same(found: object, expected: object) -> None:
    """Asserts that numbers are equal, whatever their type."""
    assert found == expected


def texts(cues: Sequence[WebVttCue]) -> list[str]:
    return [cue.text for cue in cues]


def numbered(count: int, first: int = 0) -> list[str]:
    return [f"text{i}" for i in range(first, first + count)]


def region(cue: WebVttCue) -> WebVttRegion:
    assert cue.settings.region is not None
    return cue.settings.region


def arrows(cues: Sequence[WebVttCue]) -> None:
    assert texts(cues) == numbered(6)
    assert {cue.id for cue in cues} == {""}


def one(cues: Sequence[WebVttCue]) -> None:
    same([(cue.text, cue.start, cue.stop) for cue in cues], [("text", 0, 1)])


def none(cues: Sequence[WebVttCue]) -> None:
    assert not cues


def ids(cues: Sequence[WebVttCue]) -> None:
    assert [cue.id for cue in cues] == [" leading space", "trailing space ", "-- >", "->", " "]


def newlines(cues: Sequence[WebVttCue]) -> None:
    assert [cue.id for cue in cues] == ["cr", "lf", "crlf", "lfcr"]
    assert texts(cues) == numbered(4)


def nulls(cues: Sequence[WebVttCue]) -> None:
    assert texts(cues) == ["text0", "text1", "\ufffdtext\ufffd2", "text3", "text4", "text5", "text6"]
    assert [cue.id for cue in cues[:3]] == ["", "\ufffd (null in id)", "\ufffd (null in cue data)"]
    assert [cue.settings.align for cue in cues[3:]] == ["center", "center", "center", "end"]


def region_ids(cues: Sequence[WebVttCue]) -> None:
    assert [region(cue).lines for cue in cues] == [2, 1, 3, 4]


def region_lines(cues: Sequence[WebVttCue]) -> None:
    lines = [region(cue).lines for cue in cues]
    assert lines == [0, 1, 100, 101, 65536, 4294967296, 18446744073709552000, LARGE, 2, 3, 3, 3, 3]


ANCHORS = [(0, 100), (0, 0), (1, 1), (100, 0), (0, 100), (100, 100)] + 14 * [(0, 100)]


def region_anchors(cues: Sequence[WebVttCue]) -> None:
    same([region(cue).anchor for cue in cues], ANCHORS)


def viewport_anchors(cues: Sequence[WebVttCue]) -> None:
    same([region(cue).viewport for cue in cues], ANCHORS)


def old_regions(cues: Sequence[WebVttCue]) -> None:
    assert [cue.settings.region for cue in cues] == [None, None]


def lines(cues: Sequence[WebVttCue]) -> None:
    found = [
        (None if cue.settings.line is None else float(cue.settings.line), cue.settings.snap) for cue in cues
    ]
    whole = [-1, 0, 0, 1, 100, 101, 65536, 4294967296, 18446744073709552000, LARGE, 1.5, MAX, -MAX, MIN, 0]
    shares = [0, 0, 100, 100, 100, 100, MIN, 0]
    assert found == [(float(n), True) for n in whole] + 23 * [(None, True)] + [
        (float(n), False) for n in shares
    ]
    assert [cue.settings.line_align for cue in cues[40:44]] == ["start", "start", "center", "end"]


def multiple(cues: Sequence[WebVttCue]) -> None:
    first, second = (cue.settings for cue in cues)
    assert [cue.id for cue in cues] == ["id0", "id1"]
    assert texts(cues) == numbered(2)
    same((first.align, first.line, first.snap, first.vertical), ("start", 1, False, "lr"))
    same((first.size, first.position), (50, 25))
    same((second.align, second.line, second.vertical, second.size), ("center", 1, "rl", 0))
    assert second.position == 100


def positions(cues: Sequence[WebVttCue]) -> None:
    found = [(cue.settings.position, cue.settings.position_align) for cue in cues]
    valid = [(1, ""), (100, ""), (1, ""), (Fraction(3, 2), ""), (1, "line-left"), (1, "center")]
    assert found == [*valid, (1, "line-right"), (1, "")] + 14 * [(None, "")]


def sizes(cues: Sequence[WebVttCue]) -> None:
    assert [cue.settings.size for cue in cues] == [100, 2, 0, 0, 100, 50, Fraction(3, 2)] + 9 * [100]


def verticals(cues: Sequence[WebVttCue]) -> None:
    assert [cue.settings.vertical for cue in cues] == ["", "lr", "rl", "lr", "", "", "", ""]


def sixty(cues: Sequence[WebVttCue]) -> None:
    found = [(cue.text, cue.start, cue.stop) for cue in cues]
    same(found, [("text1", 0, 216001), ("text2", 216000, 216001)])


def negative(cues: Sequence[WebVttCue]) -> None:
    before = (("0", "0"), ("1", "0.999"), ("60", "59.999"), ("3600", "3599.999"))
    same(
        [(cue.start, cue.stop) for cue in cues], [(Fraction(start), Fraction(stop)) for start, stop in before]
    )
    assert texts(cues) == numbered(4)


def first_second(count: int) -> Callable[[Sequence[WebVttCue]], None]:
    def check(cues: Sequence[WebVttCue]) -> None:
        same([(cue.text, cue.start, cue.stop) for cue in cues], [(f"text{i}", 0, 1) for i in range(count)])

    return check


EXPECTED: dict[str, Callable[[Sequence[WebVttCue]], None]] = {
    "arrows": arrows,
    "header-garbage": one,
    "header-space": one,
    "header-timings": one,
    "ids": ids,
    "newlines": newlines,
    "nulls": nulls,
    "regions-id": region_ids,
    "regions-lines": region_lines,
    "regions-old": old_regions,
    "regions-regionanchor": region_anchors,
    "regions-viewportanchor": viewport_anchors,
    "settings-line": lines,
    "settings-multiple": multiple,
    "settings-position": positions,
    "settings-size": sizes,
    "settings-vertical": verticals,
    "signature-space": none,
    "signature-space-no-newline": none,
    "signature-tab": none,
    "timings-60": sixty,
    "timings-garbage": none,
    "timings-negative": negative,
    "timings-omitted-hours": first_second(3),
    "timings-too-long": first_second(2),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_file_gives_the_cues_that_a_browser_has(name: str) -> None:
    EXPECTED[name](cues_of(name))


def test_no_file_of_the_suite_is_left_out() -> None:
    assert {each.stem for each in suite("webvtt/test/wpt-file-parsing").glob("*.vtt")} == set(EXPECTED)


def tree(node: CueNode, indent: str = "") -> str:
    """Returns a tree as the suite writes it: as the DOM of the cue would be."""
    out = ""
    for child in node.children:
        if isinstance(child, str):
            out += f'| {indent}"{child}"\n'
        elif isinstance(child, Fraction):
            out += f"| {indent}<?timestamp {write_clock(child)}>\n"
        else:
            out += f"| {indent}<{HTML.get(child.kind, child.kind)}>\n"
            attributes = {
                "class": " ".join(child.classes) if child.classes else None,
                "lang": child.annotation if child.kind == "lang" else None,
                "title": child.annotation if child.kind == "v" else None,
            }
            out += "".join(f'| {indent}  {k}="{v}"\n' for k, v in attributes.items() if v is not None)
            out += tree(child, f"{indent}  ")
    return out


@pytest.mark.parametrize("name", ["entities", "tags", "timestamps"])
def test_a_cue_s_text_has_the_tree_of_a_browser(name: str) -> None:
    cases = json.loads((suite("webvtt/test/wpt-cue-parsing") / f"{name}.json").read_text("utf-8"))
    wrong = [
        (case["text"], case["expectedTree"], found)
        for case in cases
        if (found := tree(parse_cue_text(case["text"].rstrip("\n")))) != case["expectedTree"]
    ]
    assert wrong == []
    assert len(cases) >= 10
