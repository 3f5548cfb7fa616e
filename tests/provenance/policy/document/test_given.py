"""What a film is compared with is read beside its facts."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from post.errors import Problems
from provenance.policy import load_facts
from provenance.policy.document.references import References

GIVEN = """\
is_deepfake: true
claims:
  - {id: price, text: From €19.99}
brand: brand.yaml
marks:
  - {id: veo, take: dog.mp4, frame: 12, box: [10, 20, 30, 40], shown: [{from: 0, to: 2.5}]}
speech: [Winter is here.]
"""
BRAND = """\
colours: {accent: "#ffc400"}
logos: [{id: logo, file: logo.svg}, {id: old, file: logo.svg, retired: true}]
look: {light: 0.62, contrast: 0.41, colourfulness: 0.05, hues: [-0.004, 0.02]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (
        ("facts.yaml", GIVEN),
        ("brand.yaml", BRAND),
        ("logo.svg", "<svg/>"),
        ("dog.mp4", "film"),
    ):
        (tmp_path / name).write_text(text)
    return tmp_path


def test_claims_brand_and_marks_stand_beside_facts(folder: Path) -> None:
    facts = load_facts(folder / "facts.yaml")
    assert dict(facts) == {"is_deepfake": True}
    given = facts.references
    assert given.claims is not None
    assert given.brand is not None
    assert given.marks is not None
    assert [each.text for each in given.claims] == ["From €19.99"]
    assert given.brand.colours == (("accent", "#ffc400"),)
    assert [(each.id, each.retired, each.file.name) for each in given.brand.logos] == [
        ("logo", False, "logo.svg"),
        ("old", True, "logo.svg"),
    ]
    assert given.brand.look is not None
    assert given.brand.look.hues == (-0.004, 0.02)
    assert [(each.frame, each.box, each.shown) for each in given.marks] == [
        (12, (10, 20, 30, 40), ((Fraction(0), Fraction(5, 2)),))
    ]
    assert given.speech == ("Winter is here.",)


def test_facts_alone_compare_with_nothing(tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text("facts: {is_deepfake: true}\n")
    assert load_facts(path).references == References()


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("claims:\n  - {id: price, text: From €19.99}", "claims: [{id: price}]", "claims[0]: lacks keys"),
        ("10, 20, 30, 40", "10, 20, 5, 40", "marks[0].box: not a box"),
        ("dog.mp4", "cat.mp4", "marks[0].take: no file"),
        ("speech: [Winter is here.]", "speech: 3", "speech: not a list"),
    ],
)
def test_faults_are_told_with_their_place(before: str, after: str, says: str, folder: Path) -> None:
    (folder / "facts.yaml").write_text(GIVEN.replace(before, after))
    with pytest.raises(Problems) as told:
        load_facts(folder / "facts.yaml")
    assert says in str(told.value)


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("#ffc400", "yellow", "brand.colours.accent: not a colour"),
        ("{id: logo, file: logo.svg}", "{id: logo, file: none.svg}", "brand.logos[0].file: no file"),
        ("hues: [-0.004, 0.02]", "hues: [1]", "brand.look.hues: not two numbers"),
        ("light: 0.62", "light: dark", "brand.look.light: not a number"),
        ("look:", "loook:", "brand.loook"),
    ],
)
def test_faults_in_the_brands_own_file_are_told(before: str, after: str, says: str, folder: Path) -> None:
    (folder / "brand.yaml").write_text(BRAND.replace(before, after))
    with pytest.raises(Problems) as told:
        load_facts(folder / "facts.yaml")
    assert says in str(told.value)
    assert "brand.yaml:" in str(told.value)
