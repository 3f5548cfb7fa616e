"""Who signed off, where no log is at hand: what the film declares, said as that."""

from __future__ import annotations

from typing import Any

import pytest

from provenance.claim.build import APPROVALS_LABEL
from provenance.evidence.blocks import EvidenceTable, EvidenceWords
from provenance.evidence.signoff import declared_section

ROW = {"gate": "release", "role": "legal", "person": "ben", "decision": "ab" * 32}


def manifest(approvals: Any) -> dict[str, Any]:
    return {"assertions": {APPROVALS_LABEL: {"schema": "Approvals.1", "approvals": approvals}}}


def test_declared_approvals_are_shown_and_said_to_be_unverified() -> None:
    note, table = declared_section([manifest([ROW])]).blocks
    assert isinstance(note, EvidenceWords)
    assert "nobody verified them here" in note.text
    assert isinstance(table, EvidenceTable)
    assert [cell.text for cell in table.rows[0]] == ["release", "legal", "ben", "ab" * 32]


def test_a_list_without_end_is_cut_and_said() -> None:
    blocks = declared_section([manifest([ROW] * 1000)]).blocks
    assert isinstance(blocks[1], EvidenceTable)
    assert len(blocks[1].rows) == 300
    assert blocks[2] == EvidenceWords("700 more are not shown here.")


@pytest.mark.parametrize("manifests", [[], [{}], [manifest([])], [manifest("x")], [manifest([1, None, []])]])
def test_without_any_the_section_says_so(manifests: list[dict[str, Any]]) -> None:
    (words,) = declared_section(manifests).blocks
    assert isinstance(words, EvidenceWords)
    assert "declares no approval" in words.text
