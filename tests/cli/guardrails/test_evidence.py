"""What was measured of flashes lies beside the evidence, where a rule asked for it and it could be measured."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from post.api.checked import CheckReport
from post.cli.guardrails.evidence import EvidenceKeeper
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
