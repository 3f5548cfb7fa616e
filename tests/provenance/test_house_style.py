"""The style that all pages share stands once."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOUSE = (ROOT / "provenance/house.css").read_text("utf-8").splitlines()
# The preview is dark, and opens without this package; the server of reviews has a style file of its own.
OTHERS = {"post/preview/page.html"}
PAGES = sorted(
    path for top in ("post", "provenance") for path in (ROOT / top).rglob("page.html")
    if str(path.relative_to(ROOT)) not in OTHERS
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.parent.name)
def test_a_page_takes_the_house_style_and_repeats_none_of_it(path: Path) -> None:
    page = path.read_text("utf-8").splitlines()
    assert page[page.index("<style>") + 1] == "{{ house_style }}"
    assert {line for line in page if line in HOUSE} == set()
