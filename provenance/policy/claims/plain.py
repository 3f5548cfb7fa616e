"""Writes texts in one form, so that what looks the same on screen is the same."""

from __future__ import annotations

import unicodedata

_DASHES = dict.fromkeys("‐‑‒–—―−﹘﹣－⁃", "-")
_QUOTES = {**dict.fromkeys("‘’‚‛′`´＇", "'"), **dict.fromkeys("“”„‟″«»＂「」『』", '"')}
_BULLETS = dict.fromkeys("•·∙‣◦▪●○■□▸►*・", " ")
# NFKC would make 10² the same as 102.
_RAISED = {each: f"^{at}" for at, each in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}
_SAME = str.maketrans({**_DASHES, **_QUOTES, **_BULLETS, **_RAISED, "×": "x", "⁄": "/"})


def plain_text(text: str) -> str:
    """Returns a text in one form: Unicode's compatible one (NFKC), case apart, one kind of dash and of quote, no
    bullets, single spaces."""
    same = unicodedata.normalize("NFKC", text.translate(_SAME)).translate(_SAME)
    return " ".join(same.casefold().split())
