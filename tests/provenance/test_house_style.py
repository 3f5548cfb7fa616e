"""The style that all pages share stands once."""

from __future__ import annotations

from pathlib import Path

import pytest

from provenance.html import house_style

ROOT = Path(__file__).parents[2]
# The preview is dark, and opens without this package; the server of reviews has a style file of its own.
OTHERS = {"post/preview/page.html"}
PAGES = sorted(
    path for top in ("post", "provenance") for path in (ROOT / top).rglob("page.html")
    if str(path.relative_to(ROOT)) not in OTHERS
)  # fmt: skip
# Its policy names its style by a hash, so that the style is put together before the page.
HASHED = "{{ page.style }}"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.parent.name)
def test_a_page_takes_the_house_style_and_repeats_none_of_it(path: Path) -> None:
    style = path.read_text("utf-8").split("<style>")[1].split("</style>")[0]
    if style == HASHED:
        own = path.with_name("page.css").read_text("utf-8")
        assert "house_style()" in path.with_name("page.py").read_text("utf-8")
    else:
        first, own = style.lstrip("\n").split("\n", 1)
        assert first == "{{ house_style }}"
    assert {line for line in own.splitlines() if line} & set(house_style().splitlines()) == set()
