"""Another validator's word: agreeing, differing for a reason that is known, or not there."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from post.errors import IncompleteError
from provenance.trust.lists import Anchors
from provenance.verify import examine
from provenance.verify import second_opinion as other
from provenance.verify.second_opinion import Comparison, ask_second_validator
from tests.provenance.formats.made_boxes import first_box
from tests.provenance.made import House, flipped


@pytest.fixture(autouse=True)
def own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It keeps a setting in a user's home."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


def asked(path: Path, house: House) -> dict[str, Comparison]:
    pytest.importorskip("encypher_c2pa")
    found = ask_second_validator(path, house.anchors, examine(path, house.anchors))
    return {each.question: each for each in found.comparisons}


def test_both_validators_find_a_changed_frame(several: Path, house: House, tmp_path: Path) -> None:
    spoilt = tmp_path / "f.mp4"
    spoilt.write_bytes(flipped(several.read_bytes(), first_box(several, "mdat").stop - 99))
    row = asked(spoilt, house)["integrity"]
    assert (row.ours, row.theirs, row.agrees) == ("tampered", "tampered", True)


def test_zeros_behind_the_last_box_are_a_difference_that_is_explained(
    several: Path, house: House, tmp_path: Path
) -> None:
    longer = tmp_path / "f.mp4"
    longer.write_bytes(several.read_bytes() + bytes(5))
    row = asked(longer, house)["integrity"]
    assert (row.ours, row.theirs, row.agrees) == ("tampered", "intact", False)
    assert "after the last box" in row.why


def test_two_manifest_boxes_are_a_difference_that_is_explained(
    several: Path, house: House, tmp_path: Path
) -> None:
    doubled = tmp_path / "f.mp4"
    data, at = several.read_bytes(), first_box(several, "uuid")
    doubled.write_bytes(data + data[at.start : at.stop])
    for row in asked(doubled, house).values():
        assert row.agrees or row.why


def test_a_difference_without_a_known_cause_is_reported_as_unexplained(
    several: Path, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("encypher_c2pa")
    results = {"failure": [{"code": "assertion.bmffHash.mismatch"}], "success": []}
    said = {"present": True, "validation_results": results}
    monkeypatch.setattr(other, "_ask", lambda *_: said)
    done = examine(several, house.anchors)
    found = ask_second_validator(several, house.anchors, done)
    assert [each.question for each in found.unexplained] == ["integrity", "signer"]
    assert found.plain()["agrees"] is False
    assert (done.report.integrity, done.report.signer) == ("intact", "trusted")  # never mixed in


def test_the_second_validator_runs_offline_without_telemetry_under_the_same_lists(
    several: Path, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    validator = pytest.importorskip("encypher_c2pa")
    seen: dict[str, Any] = {}

    def verify(*_: Any, **options: Any) -> dict[str, Any]:
        seen.update(options)
        return {"present": False}

    monkeypatch.setattr(validator, "verify", verify)
    ask_second_validator(several, house.anchors, examine(several, house.anchors))
    assert (seen["online"], seen["telemetry"], seen["no_default_trust"]) == (False, False, True)
    assert seen["trust_pem"] == house.pem
    assert seen["tsa_trust_pem"] is None


def test_where_it_is_not_installed_one_error_says_what_to_install(
    several: Path, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "encypher_c2pa", None)
    with pytest.raises(IncompleteError, match="not installed") as caught:
        ask_second_validator(several, house.anchors, examine(several, house.anchors))
    assert "answerprint[second]" in str(caught.value)


def test_a_file_too_large_for_it_is_refused(
    several: Path, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("encypher_c2pa")
    monkeypatch.setattr(other, "_MAX_BYTES", 1000)
    with pytest.raises(IncompleteError, match="too large"):
        ask_second_validator(several, house.anchors, examine(several, house.anchors))


def test_verifying_never_loads_it(several: Path, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    load = builtins.__import__

    def guarded(name: str, *more: Any) -> Any:
        assert not name.startswith("encypher")
        return load(name, *more)

    monkeypatch.setattr(builtins, "__import__", guarded)
    assert house.verify(several).integrity == "intact"


# What the two disagree on among real files, and why it is known.
KNOWN = {
    "C.jpg": {"signer"},
    "CA.jpg": {"signer"},
    "E-sig-CA.jpg": {"signer"},
    "XCA.jpg": {"signer"},
    "Firefly_tabby_cat.jpg": {"signer"},
    "C_with_CAWG_data.jpg": set(),
    "video1.mp4": set(),
    "bench_100kb_bmffhash_mismatch.mp4": set(),
    "unsigned.mp3": set(),
}


@pytest.mark.media
@pytest.mark.parametrize("name", KNOWN)
def test_on_real_files_they_agree_or_it_is_known_why(
    name: str, media: Callable[[str], Path], official: tuple[Anchors, ...]
) -> None:
    pytest.importorskip("encypher_c2pa")
    path = media(f"c2pa/{name}")
    found = ask_second_validator(path, official, examine(path, official))
    assert {each.question for each in found.comparisons if not each.agrees} == KNOWN[name]
    assert found.unexplained == ()
