"""From prompt to master: what the film's own manifest says, how each fact is known, and manifests that lie."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.claim.build import PROMPTS_LABEL, RECEIPT_LABEL
from provenance.crjson.manifest import ManifestView
from provenance.evidence.blocks import (
    EvidenceCell,
    EvidenceFacts,
    EvidenceHeading,
    EvidenceTable,
    EvidenceWords,
)
from provenance.evidence.lineage import TRUST_WORDS, lineage_section, read_takes
from provenance.record.model import HOW
from provenance.verify import examine
from tests.provenance.made import House

TAKE = {
    "sha256": "ab" * 32,
    "title": "dog.mp4",
    "relationship": "componentOf",
    "credential": "verified",
    "source_type": "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
    "record": [
        ["seed", "7", "provider-asserted"],
        ["encoder", "Lavf", "container-claimed"],
        ["software", "Veo", "signature-verified"],
        ["prompt", "sha256:" + "cd" * 32, "recorded"],
    ],
    "conflicts": ["seed"],
}


def manifest(take: dict[str, Any], **more: Any) -> dict[str, Any]:
    receipt = {
        "rate": "24/1",
        "shots": [{"shot": "dog", "first": 0, "stop": 48}],
        "takes": [take],
        "frames": 48,
        "title": "Spot",
    }
    return {"label": "urn:x", "assertions": {RECEIPT_LABEL: receipt, **more}}


def cells(section_of: dict[str, Any]) -> list[EvidenceCell]:
    """Every cell of the tables about a film's lineage."""
    tables = [each for each in lineage_section([section_of]).blocks if isinstance(each, EvidenceTable)]
    return [cell for table in tables for row in table.rows for cell in row]


def texts(section_of: dict[str, Any]) -> str:
    """All that the section says."""
    found = list[str]()
    for block in lineage_section([section_of]).blocks:
        if isinstance(block, EvidenceWords | EvidenceHeading):
            found.append(block.text)
        elif isinstance(block, EvidenceFacts):
            found += [f"{name}: {value}" for name, value in block.rows]
    found += [line for cell in cells(section_of) for line in (cell.text, *cell.more)]
    return "\n".join(found)


def test_every_way_of_knowing_has_its_words() -> None:
    assert set(TRUST_WORDS) == set(HOW)


def test_each_field_says_how_it_is_known() -> None:
    rows = [each for each in lineage_section([manifest(TAKE)]).blocks if isinstance(each, EvidenceTable)][
        1
    ].rows
    known = {row[0].text: (row[1].text, row[2].text, row[2].tone) for row in rows}
    assert known["seed"] == ("7", TRUST_WORDS["provider-asserted"], "")
    assert known["encoder"][1:] == (TRUST_WORDS["container-claimed"], "open")
    assert known["software"][1:] == (TRUST_WORDS["signature-verified"], "good")
    assert rows[0][0].text == "prompt"
    assert rows[0][1].more == ("the digest of the text: the film does not tell it",)
    assert "Sources give different values for: seed" in texts(manifest(TAKE))


def test_a_prompt_that_the_film_tells_is_shown_in_place_of_its_digest() -> None:
    told = {"takes": [{"sha256": TAKE["sha256"], "prompts": [["prompt", "a dog runs", "recorded"]]}]}
    said = texts(manifest(TAKE, **{PROMPTS_LABEL: told}))
    assert "a dog runs" in said
    assert "cd" * 32 not in said


def test_a_prompt_of_ten_megabytes_is_cut_and_said() -> None:
    prompt = "<script>" * 1_310_720
    told = {"takes": [{"sha256": TAKE["sha256"], "prompts": [["prompt", prompt, "recorded"]]}]}
    said = texts(manifest(TAKE, **{PROMPTS_LABEL: told}))
    assert len(said) < 10_000
    assert "10,485,760 characters" in said
    assert hashlib.sha256(prompt.encode()).hexdigest() in said


def test_shots_are_sought_in_the_middle_of_their_first_frame() -> None:
    at = [cell.at_s for cell in cells(manifest(TAKE)) if cell.at_s is not None]
    assert at == [pytest.approx(0.5 / 24)]


def test_a_film_that_we_signed_tells_its_takes(several: Path, house: House) -> None:
    manifests = examine(several, house.anchors).reading.manifests
    takes = read_takes(ManifestView(manifests[0]))
    assert [each.title for each in takes] == ["generated.mp4", "clip.mp4"]
    assert takes[0].credential == "verified"


def test_a_file_without_our_receipt_says_so() -> None:
    assert "no receipt of Answerprint" in texts({"label": "x", "assertions": {}})
    assert len(lineage_section([]).blocks) == 1


NAMES = st.sampled_from(sorted(TAKE)) | st.text(max_size=5)
PARTS = st.sampled_from(["rate", "shots", "takes", "measured", "version", "segments", "frames"])
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(PARTS, JUNK), JUNK)
def test_a_receipt_may_hold_anything(receipt: dict[str, Any], prompts: Any) -> None:
    section = lineage_section([{"assertions": {RECEIPT_LABEL: receipt, PROMPTS_LABEL: prompts}}])
    assert section.blocks
