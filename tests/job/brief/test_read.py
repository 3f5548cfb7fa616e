"""A motion brief is read strictly: every fault at once, each with its line and what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from post.errors import Problems
from post.job.brief.edit_checks import FormatsCheck
from post.job.brief.motion_checks import CameraCheck
from post.job.brief.picture_checks import LogoCheck, PaletteCheck
from post.job.brief.word_checks import TextCheck
from tests.job.brief.made import WHOLE, brief_of


def test_everything_that_a_brief_says_is_read(tmp_path: Path) -> None:
    brief = brief_of(tmp_path, WHOLE)
    assert [(each.width, each.height, each.length) for each in brief.formats] == [
        (16, 9, ""), (1920, 1080, ""), (9, 16, "10s"),
    ]  # fmt: skip
    assert [each.in_pixels for each in brief.formats] == [False, True, False]
    assert brief.beats[0].coverage == (("framing", ("wide", "close")),)
    rules = {rule.id: rule for rule in brief.rules}
    assert list(rules) == ["calm", "right", "logo", "no-red", "formats", "copy"]
    assert (rules["calm"].check, rules["calm"].beats) == (CameraCheck(pan=20, roll=0), ("open",))
    assert rules["right"].check is None
    assert rules["no-red"].check == PaletteCheck(banned=("#e4002b", "#00ff00"), delta_e=8)
    logo = tmp_path / "logo.svg"
    assert rules["logo"].check == LogoCheck(file=(logo,), retired=(logo,))
    assert (rules["no-red"].kind, rules["logo"].kind) == ("visual_rules", "non_negotiables")
    assert brief.files == (tmp_path / "brief.yaml", logo, logo, logo)


def test_formats_and_copy_are_rules_unless_the_brief_has_its_own(tmp_path: Path) -> None:
    found = {rule.id: rule.check for rule in brief_of(tmp_path, WHOLE).rules}
    assert (found["formats"], found["copy"]) == (FormatsCheck(), TextCheck())
    own = "formats: [16x9]\nrules: [{id: films, check: {type: formats, params: {tolerance_percent: 3}}}]"
    assert [rule.id for rule in brief_of(tmp_path, own).rules] == ["films"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colour: red", "brief.yaml:1: colour: unknown key"),
        ("formats: [square]", "brief.yaml:1: formats[0]: not a format"),
        ("formats: [0x9]", "brief.yaml:1: formats[0]: not a format"),
        ("formats: [{size: 1x1, length: 10}]", "brief.yaml:1: formats[0].length: not a time"),
        ("rules: [{id: a}]", "brief.yaml:1: rules[0]: a rule that says nothing"),
        ("rules: [{id: a b, says: x}]", "brief.yaml:1: rules[0].id: not an id"),
        ("rules: [{id: a, check: camra}]", "got 'camra'; did you mean 'camera'?"),
        ("rules: [{id: a, check: {params: {}}}]", "brief.yaml:1: rules[0].check.type: missing"),
        ("rules: [{id: a, check: camera}]", "rules[0].check: a check that limits nothing; expected pan | tilt"),
        ("rules: [{id: a, check: {type: camera, params: {pann: 3}}}]", "got 'pann'; did you mean 'pan'?"),
        ("rules: [{id: a, check: {type: camera, params: [3]}}]", "check.params: not keys and values"),
        ("rules: [{id: a, check: {type: camera, params: {pan: fast}}}]", "check.params.pan: not a number"),
        ("rules: [{id: a, check: {type: camera, params: {pan: 3%, tilt: 2000}}}]", "tilt: out of range"),
        ("rules: [{id: a, check: {type: people, params: {least: 1.5}}}]", "least: not a whole number"),
        ('rules: [{id: a, check: {type: palette, params: {banned: ["#ff0000", red]}}}]', "banned[1]: not a colour"),
        ("rules: [{id: a, check: {type: logo, params: {file: no.svg}}}]", "params.file: cannot be read"),
        ("rules: [{id: a, check: {type: words, params: {banned: [' ']}}}]", "params.banned[0]: empty"),
        ("rules: [{id: a, check: black, beats: [opne]}]\nbeats: [{id: open}]", "did you mean 'open'?"),
        ("rules: [{id: a, says: x}]\nvisual_rules: [{id: a, says: y}]", "visual_rules[0]: two rules have the same id"),
        ("beats: [{id: a, coverage: {framing: []}}]", "beats[0].coverage.framing: no values"),
        ("rules: [{id: a, check: {type: size, params: {shape: 16/9}}}]", "shape: does not fit; expected width to"),
        ("rules: [{id: a, check: {type: length, params: {least: 9, most: 6}}}]", "least: does not fit; expected most"),
        ("rules: [{id: a, check: {type: pace, params: {shortest: 3, longest: 2}}}]", "params.shortest: does not fit"),
        ("rules: [{id: a, check: loudness, beats: [b]}]\nbeats: [{id: b}]", "rules[0].beats: a check of no takes"),
        ("references: [{says: this}]", "brief.yaml:1: references[0].file: missing"),
    ],
)  # fmt: skip
def test_a_fault_names_its_line_and_what_to_write(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(Problems) as caught:
        brief_of(tmp_path, text)
    (fault,) = caught.value.faults
    assert said in str(fault)
    assert str(fault).startswith("brief.yaml:")


def test_every_fault_of_a_brief_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(Problems) as caught:
        brief_of(tmp_path, "rules:\n  - {id: a}\n  - {id: b, check: camra}\nformats: [square]\nx: 1")
    assert [str(each).partition(": ")[0] for each in caught.value.faults] == [
        "brief.yaml:2", "brief.yaml:3", "brief.yaml:4", "brief.yaml:5",
    ]  # fmt: skip
