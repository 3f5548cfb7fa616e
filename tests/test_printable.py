"""Foreign text is shown as text: nothing in it steers a terminal, turns a line round or hides."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from post.printable import printable, printable_text, without_controls

# Unicode 15, table 23-3, and DerivedCoreProperties' ignorable characters that are no variation selectors or fillers.
DIRECTION = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
NO_WIDTH = "\u200b\u2060\ufeff\u00ad\u180e\u2061\u2064\u206a\u206f\U000e0001\U000e0041"


def test_no_control_separator_or_surrogate_is_shown() -> None:
    steering = [
        c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")
    ]
    assert len(steering) == 65 + 2048 + 2
    shown = printable("".join(steering))
    assert shown.isascii()
    assert shown.isprintable()
    kept = [c for c in steering if printable_text(c) == c]
    assert kept == ["\t", "\n"]


@pytest.mark.parametrize("letter", DIRECTION + NO_WIDTH, ids=lambda each: f"{ord(each):04x}")
def test_marks_of_direction_and_letters_without_width_are_escapes(letter: str) -> None:
    assert printable(f"a{letter}b") == f"a{letter.encode('unicode_escape').decode()}b"


@pytest.mark.parametrize(
    "text",
    [
        "می‌خواهم",  # Persian: a non-joiner between two Arabic letters
        "क्‍ष",  # Hindi: a joiner behind a virama
        "👩‍🚀 ❤️‍🔥 👩🏽‍💻",  # emoji that are joined
        "naïve 東京 «ciel» a\u3000b\u00a0c",
        "\U0001fae8",  # assigned after Python 3.11's Unicode 14
    ],
)
def test_what_scripts_need_stays(text: str) -> None:
    assert printable(text) == printable_text(text) == without_controls(text) == text


@pytest.mark.parametrize("text", ["do\u200dg", "\u200cdog", "dog\u200d", "\u200d", "ع\u200db", "東\u200c京"])
def test_a_joiner_that_joins_nothing_is_shown(text: str) -> None:
    assert "\\u200" in printable(text)


def test_what_is_printable_is_not_escaped_twice() -> None:
    assert printable(printable("\x1b]0;x\x07\udcff\u202e")) == r"\x1b]0;x\x07\udcff\u202e"


def test_a_record_keeps_direction_and_lines_and_loses_what_steers() -> None:
    assert without_controls("a\x1b[2Jb\r\n\tc\ud800\u200fd\x9b") == "a[2Jb\n\tc?\u200fd"
