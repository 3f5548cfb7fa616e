"""What was measured of flashes lies beside the evidence, where a rule asked for it and it could be measured."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from post.api.checked import CheckReport, CheckRow
from post.cli.guardrails.evidence import EvidenceKeeper
from post.values.claim import Ruling
from post.values.sights.flash import FlashSight
from provenance.report import ExaminedFile, Report
from tests.qc.flash.made import flashing, measured


@pytest.mark.parametrize("sight", [None, measured(flashing(4))], ids=["not asked", "measured"])
def test_flashes_are_written_frame_by_frame(sight: FlashSight | None, tmp_path: Path) -> None:
    look: Any = SimpleNamespace(flash_sight=sight, call=None)
    checked = CheckReport((), (Report(ExaminedFile("a film.mp4", "0" * 64, 1), "absent"),))
    keeper = EvidenceKeeper(tmp_path, is_shown=False)
    keeper.keep(Path("a film.mp4"), look, checked)
    keeper.keep(Path("a?film.mp4"), look, checked)
    written = sorted(each.name for each in tmp_path.iterdir())
    if sight is None:
        assert written == []
        return
    assert written == [
        "a_film-2.flashes.csv", "a_film-2.flashes.json", "a_film.flashes.csv", "a_film.flashes.json",
    ]  # fmt: skip
    assert (tmp_path / written[2]).read_text().count("\n") == 61
    assert len(json.loads((tmp_path / written[3]).read_text())["frames"]) == 60


def test_rows_of_one_rule_about_different_versions_have_pictures_of_their_own(tmp_path: Path) -> None:
    """Both shots fail one rule of the brief: each row names the picture of its own take."""
    rows = [
        CheckRow(
            Ruling("light", "fail", f"shot {name}: 0.2", evidence=f"in spot-{name}", frame=3),
            "brief bbbbbbbbbbbb",
            where="brief.yaml:5",
            shows=f"{name}.mp4",
        )
        for name in ("dog", "cat")
    ]

    def call(_: Any, path: Path, *asked: Any) -> Any:
        return SimpleNamespace(png=path.name.encode(), asked=asked)

    keeper = EvidenceKeeper(tmp_path, is_shown=False)
    keeper.keep_rows(Path("spot.yaml"), rows, call)
    named = keeper.named(CheckReport(tuple(rows)).plain())["checks"]
    shown = [Path(row["picture"]).read_bytes() for row in named]
    assert shown == [b"dog.mp4", b"cat.mp4"]
