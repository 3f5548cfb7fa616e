"""The AIGC label, XMP and their agreement with the manifest and the picture are checked in the file itself."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from post.values.claim import GENERATED, IPTC, Verdict
from post.values.sights.label import LabelSight, SeenLabel
from provenance.labels.aigc import AigcLabel
from provenance.policy import PolicyInput
from provenance.policy.checks import run_check
from provenance.report import AiDeclaration, ExaminedFile, ManifestSummary, Report
from tests.provenance.marked_film import write_marked
from tests.provenance.policy.fixed_look import FixedLook

LABEL = AigcLabel("1", "Studio7", "film-1").json()
SEEN = SeenLabel("AI GENERATED", ((Fraction(0), Fraction(1)),), (1, 1, 9, 5), 5.0, 12.0, 0.9, 0)
SIGHT = LabelSight((SEEN,), ("AI GENERATED",), width=64, height=48)
CAMERA = f"{IPTC}digitalCapture"
MANIFEST = ManifestSummary("urn:c2pa:1", "", "", "", "", "", (), ())


def given(path: Path, sight: LabelSight = SIGHT, declared: str = "", kind: str = "video/mp4") -> PolicyInput:
    report = Report(ExaminedFile(str(path), "0" * 64, 1), "absent")
    if declared:
        report = replace(report, integrity="intact", manifests=(MANIFEST,), ai=AiDeclaration(declared))
    reading: Any = SimpleNamespace(manifests=[], media_type=kind)
    return PolicyInput(report, reading, {}, FixedLook(sight))


def verdict(kind: str, found: PolicyInput, **parameters: Any) -> Verdict:
    return run_check(found, kind, parameters).verdict


@pytest.mark.parametrize(
    ("aigc", "parameters", "expected"),
    [
        (LABEL, {}, "pass"),
        ("", {}, "fail"),
        ("made by machines", {}, "fail"),
        (AigcLabel("1", "", "film-1").json(), {}, "fail"),
        (AigcLabel("3", "Studio7", "1").json(), {}, "pass"),
        (AigcLabel("3", "Studio7", "1").json(), {"labels": ("1", "2")}, "fail"),
        (LABEL, {"location": "/moov/meta/ilst"}, "fail"),
    ],
)
def test_one_whole_label_in_its_place(
    aigc: str, parameters: dict[str, Any], expected: Verdict, tmp_path: Path
) -> None:
    assert verdict("aigc.present", given(write_marked(tmp_path / "a.mp4", aigc)), **parameters) == expected


def test_two_copies_are_one_too_many(tmp_path: Path) -> None:
    film = write_marked(tmp_path / "a.mp4", LABEL)
    own = json.dumps(json.loads(LABEL)).encode()
    box = (8 + len(own)).to_bytes(4) + b"AIGC" + own
    udta = (8 + len(box)).to_bytes(4) + b"udta" + box
    with film.open("ab") as file:
        file.write((8 + len(udta)).to_bytes(4) + b"moov" + udta)
    found = run_check(given(film), "aigc.present", {})
    assert (found.verdict, found.found) == ("fail", "2 copies: /moov/udta/meta/ilst, /moov/udta/AIGC")


@pytest.mark.parametrize(
    ("source_type", "one_of", "expected"),
    [
        (GENERATED, (), "pass"),
        (GENERATED, ("trainedAlgorithmicMedia",), "pass"),
        (CAMERA, ("trainedAlgorithmicMedia",), "fail"),
        ("trainedAlgorithmicMedia", (), "fail"),
        ("", (), "fail"),
    ],
)
def test_a_source_type_is_a_whole_address(
    source_type: str, one_of: tuple[str, ...], expected: Verdict, tmp_path: Path
) -> None:
    film = write_marked(tmp_path / "a.mp4", "", source_type)
    assert verdict("xmp.source_type", given(film), **({"one_of": one_of} if one_of else {})) == expected


@pytest.mark.parametrize(
    ("marks", "sight", "declared", "required", "expected"),
    [
        ((LABEL, GENERATED), SIGHT, GENERATED, ("c2pa", "xmp", "aigc", "visible"), "pass"),
        ((LABEL, CAMERA), SIGHT, "", (), "fail"),
        ((LABEL, ""), SIGHT, CAMERA, (), "fail"),
        (("", f"{IPTC}compositeWithTrainedAlgorithmicMedia"), SIGHT, GENERATED, (), "fail"),
        (("", GENERATED), SIGHT, GENERATED, ("aigc",), "fail"),
        (("", GENERATED), replace(SIGHT, seen=()), "", ("visible",), "fail"),
        (("", GENERATED), LabelSight(fault="no picture"), "", ("visible",), "cannot_check"),
        (("", GENERATED), LabelSight(fault="no picture"), "", (), "pass"),
        (("", ""), replace(SIGHT, seen=(replace(SEEN, text="AIR", declared=True),)), "", ("visible",), "needs_human"),
        (("", ""), replace(SIGHT, seen=()), "", (), "not_applicable"),
        (("", ""), SIGHT, "", ("stamp",), "cannot_check"),
    ],
)  # fmt: skip
def test_marks_that_contradict_each_other_fail(
    marks: tuple[str, str],
    sight: LabelSight,
    declared: str,
    required: tuple[str, ...],
    expected: Verdict,
    tmp_path: Path,
) -> None:
    film = write_marked(tmp_path / "a.mp4", *marks)
    found = given(film, sight, declared)
    assert verdict("marks.agree", found, **({"required": required} if required else {})) == expected


def test_a_changed_manifest_is_no_mark(tmp_path: Path) -> None:
    found = given(write_marked(tmp_path / "a.mp4", LABEL, GENERATED), declared=GENERATED)
    assert verdict("marks.agree", found, required=("c2pa", "xmp")) == "pass"
    changed = replace(found, report=replace(found.report, integrity="tampered"))
    assert verdict("marks.agree", changed, required=("c2pa", "xmp")) == "cannot_check"


@pytest.mark.parametrize("kind", ["aigc.present", "xmp.source_type"])
def test_marks_of_other_containers_are_not_read_and_never_pass(kind: str, tmp_path: Path) -> None:
    film = write_marked(tmp_path / "a.mp4", LABEL, GENERATED)
    assert verdict(kind, given(film, kind="video/x-matroska")) == "cannot_check"
