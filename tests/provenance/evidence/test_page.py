"""The page as text: what it may run, what it holds, and that foreign text in it stays text."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64decode, b64encode
from pathlib import Path

import pytest

from provenance.evidence.blocks import (
    EvidenceCell,
    EvidenceCommand,
    EvidenceFacts,
    EvidenceHeading,
    EvidenceSection,
    EvidenceTable,
    EvidenceWords,
    bounded,
)
from provenance.evidence.page import EmbeddedFilm, render_evidence
from provenance.evidence.report import EvidenceReport, MoreEvidence
from provenance.verify.reviewer.page import Poster
from tests.provenance.evidence.shown import VIDEO, report_of
from tests.provenance.made import House

TAG = "<script>alert(1)</script>"
SECRET = "sk-" + "a1B2" * 8


@pytest.fixture(scope="module")
def report(several: Path, house: House) -> EvidenceReport:
    return report_of(several, house.anchors)


def data(page: str, name: str) -> str:
    """The content of one of the page's data blocks."""
    found = re.search(rf'<script type="[^"]*" id="{name}">([^<]*)</script>', page)
    assert found
    return found[1]


def policy(page: str) -> str:
    found = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert found
    return found[1]


def hashes(page: str, pattern: str) -> set[str]:
    texts = re.findall(pattern, page, re.DOTALL)
    return {f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in texts}


def test_the_policy_names_the_one_script_and_the_one_style_and_no_connection(report: EvidenceReport) -> None:
    page = render_evidence(report)
    rules = dict(rule.strip().split(" ", 1) for rule in policy(page).split(";"))
    assert rules["default-src"] == "'none'"
    assert "connect-src" not in rules
    assert set(rules["script-src"].split()) == hashes(page, r"<script>(.*?)</script>") | {
        "'wasm-unsafe-eval'"
    }
    assert set(rules["style-src"].split()) == hashes(page, r"<style>(.*?)</style>")
    written = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert re.findall(r"\sstyle=|\son[a-z]+=|javascript:", written) == []
    assert set(re.findall(r'(?:src|href)="(?!data:|#)([^"]*)', page)) == set()


def test_the_page_holds_the_films_own_bytes_and_lists(
    report: EvidenceReport, several: Path, house: House
) -> None:
    page = render_evidence(report, EmbeddedFilm(several.read_bytes(), VIDEO))
    assert b64decode(data(page, "film")) == several.read_bytes()
    facts = json.loads(data(page, "facts"))
    assert facts["sha256"] == hashlib.sha256(several.read_bytes()).hexdigest()
    assert facts["signers"].strip() == house.pem.strip()
    assert facts["others"] == ""  # a development root vouches for itself alone


def test_the_same_report_gives_the_same_page(report: EvidenceReport, several: Path) -> None:
    film = EmbeddedFilm(several.read_bytes(), VIDEO)
    assert render_evidence(report, film) == render_evidence(report, film)


def test_foreign_text_stays_text_in_every_kind_of_block(several: Path, house: House) -> None:
    cell = EvidenceCell(TAG, (TAG, SECRET), state=True, at_s=1.0)
    blocks = (
        EvidenceHeading(TAG),
        EvidenceWords(TAG),
        EvidenceFacts(((TAG, f"{TAG} \u202e\x00 {SECRET}"),)),
        EvidenceTable((TAG,), (100,), ((cell,),)),
        EvidenceCommand(TAG, (TAG,)),
    )
    more = MoreEvidence(sections=(EvidenceSection("x", TAG, blocks),))
    page = render_evidence(report_of(several, house.anchors, more))
    assert TAG not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 9
    assert "\u202e" not in page
    assert "\x00" not in page
    assert SECRET not in page


def test_a_picture_that_is_no_picture_in_itself_is_refused(several: Path, house: House) -> None:
    bad = Poster("https://example.com/x.png", 8, 8, 0.0)
    table = EvidenceTable(("Rule",), (100,), ((EvidenceCell("x", picture=bad),),))
    more = MoreEvidence(sections=(EvidenceSection("x", "x", (table,)),))
    with pytest.raises(ValueError, match="base64"):
        render_evidence(report_of(several, house.anchors, more))


def test_a_text_of_ten_megabytes_is_cut_and_the_page_says_so() -> None:
    text = "prompt " * 1_500_000
    shown = bounded(text)
    assert len(shown) < 4_300
    assert "10,500,000 characters" in shown
    assert hashlib.sha256(text.encode()).hexdigest() in shown
    assert bounded("short") == "short"
