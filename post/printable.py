"""Makes foreign text safe to show: what steers a terminal, turns a line round or hides is written as an escape.

Names, titles, tags and prompts come from jobs, files and generators. Whatever shows them to a person calls this at its
exit: the command line, and the HTML pages. Text that is only kept is left alone.

Escaped are control characters, line and paragraph separators, unpaired surrogates, all marks of direction (Unicode
UAX 9: embeddings, overrides, isolates, LRM, RLM, ALM) and characters of no width. The two joiners are kept where
writing needs them: between letters of scripts that join or stack (Arabic to Sinhala, Myanmar, Khmer, Mongolian;
Unicode 15, 23.2) and between emoji. Elsewhere, as between two Latin letters, they only make two names look alike.
Spaces, private characters, and letters newer than this Python stay.
"""

from __future__ import annotations

import re
import unicodedata

# The characters of no width are those of Unicode's Default_Ignorable_Code_Point that no script needs for spelling.
_UNSEEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff0-\ufffb\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
_IN_TEXT = re.compile(f"[{_UNSEEN}]")
_CONTROLS, _HALF = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]"), re.compile("[\ud800-\udfff]")
_IN_LINE = re.compile(f"[{_UNSEEN}\t\n]")
_JOINERS = "\u200c\u200d"
_JOINING = ((0x0600, 0x0DFF), (0x1000, 0x109F), (0x1780, 0x18AF), (0xFE0F, 0xFE0F), (0x1F3FB, 0x1F3FF))


def printable(text: str) -> str:
    """Returns a text as one line, with an escape such as `\\x1b` or `\\u202e` for whatever is not safe to show."""
    return _IN_LINE.sub(_escaped, text)


def printable_text(text: str) -> str:
    """Returns a text of several lines as `printable` does; line feeds and tabs stay."""
    return _IN_TEXT.sub(_escaped, text)


def without_controls(text: str) -> str:
    """Returns a text as records of clips keep it: no control character but line feed and tab, "?" for half a letter.

    Marks of direction stay, for a prompt in Arabic or Hebrew needs them: whatever shows the record escapes them.
    """
    return _HALF.sub("?", _CONTROLS.sub("", text))


def _escaped(found: re.Match[str]) -> str:
    return found[0] if _is_needed(found) else found[0].encode("unicode_escape").decode("ascii")


def _is_needed(found: re.Match[str]) -> bool:
    """Returns whether a character is a joiner between two characters that join."""
    around = found.string[found.start() - 1 : found.start()], found.string[found.end() : found.end() + 1]
    return found[0] in _JOINERS and all(each and _joins(each) for each in around)


def _joins(letter: str) -> bool:
    code = ord(letter)
    return any(first <= code <= last for first, last in _JOINING) or unicodedata.category(letter) == "So"
