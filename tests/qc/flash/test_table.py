"""What was seen of flashes is written down frame by frame, the same in CSV and in JSON."""

from __future__ import annotations

import csv
import io
import json

from post.qc.flash.table import flash_csv, flash_json
from post.values.sights.flash import FlashLimit, FlashSight
from tests.qc.flash.made import flashing, measured, part


def test_every_frame_has_its_row_in_both() -> None:
    sight = measured(flashing(4, part(0.5)))
    rows = list(csv.DictReader(io.StringIO(flash_csv(sight).decode())))
    told = json.loads(flash_json(sight))
    assert (told["rate"], told["cells"], told["fault"]) == ("30", [120, 90], "")
    assert [
        {key: "" if value is None else str(value) for key, value in row.items()} for row in told["frames"]
    ] == rows
    judged = sight.judged(FlashLimit(of="field"))
    assert [row["field_state"] for row in rows] == [each.state for each in judged]
    assert "fail" in {row["field_state"] for row in rows}
    assert {row["screen_state"] for row in rows} == {"pass"}
    assert [int(row["field_changes"]) for row in rows] == [each.changes for each in judged]
    assert (rows[45]["frame"], rows[45]["seconds"]) == ("45", "1.500000")


def test_frames_that_were_not_searched_for_stripes_say_nothing_of_them() -> None:
    rows = json.loads(flash_json(measured(flashing(1))))["frames"]
    assert [row["frame"] for row in rows if row["stripe_pairs"] is not None] == list(range(0, 60, 7))


def test_nothing_seen_is_a_table_without_rows() -> None:
    assert flash_csv(FlashSight()) == b"frame\n"
