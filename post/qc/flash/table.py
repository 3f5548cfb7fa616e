"""Writes down what was seen of flashes, frame by frame, as CSV or JSON: a file beside the film, for editors."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping

from post.values.sights.flash import AreaOf, FlashLimit, FlashSight, StripeSight

Cell = int | float | str | None
KINDS: tuple[tuple[str, AreaOf, bool], ...] = (
    ("field", "field", False),
    ("screen", "screen", False),
    ("red_field", "field", True),
    ("red_screen", "screen", True),
)


def flash_rows(sight: FlashSight) -> Iterator[dict[str, Cell]]:
    """Yields a row for each frame.

    frame; seconds: at which it begins; luminance: its mean, 0..1; changed_percent: of the picture, by a tenth of
    luminance or more from the frame before; and for each of KINDS, by WCAG's limit on a 10-degree field and that of
    BT.1702 on the screen: changes in the last second, frames near the limit in the last five, and the state: pass,
    warning (near the limit), extended (so for too long) or fail. stripe_pairs, stripes_percent: of the screen, None in
    frames that were not searched.
    """
    kinds = [(name, sight.judged(FlashLimit(of=of), red=red)) for name, of, red in KINDS]
    searched: Mapping[int, StripeSight | None] = dict(sight.stripes)
    for number, frame in enumerate(sight.frames):
        row: dict[str, Cell] = {
            "frame": number,
            "seconds": f"{float(number / sight.rate):.6f}",
            "luminance": frame.luminance,
            "changed_percent": round(100 * frame.changed, 4),
        }
        for name, judged in kinds:
            one = judged[number]
            row |= {f"{name}_changes": one.changes, f"{name}_near": one.near, f"{name}_state": one.state}
        stripes = searched.get(number)
        row["stripe_pairs"] = (stripes.pairs if stripes else 0) if number in searched else None
        row["stripes_percent"] = (
            (round(100 * stripes.area, 4) if stripes else 0) if number in searched else None
        )
        yield row


def flash_csv(sight: FlashSight) -> bytes:
    """Returns the rows as CSV, in UTF-8, with a line of names."""
    rows, out = list(flash_rows(sight)), io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]) if rows else ["frame"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def flash_json(sight: FlashSight) -> bytes:
    """Returns the rows as JSON, with the frames a second and the cells that changes were counted in."""
    head = {"rate": str(sight.rate), "cells": [sight.width, sight.height], "fault": sight.fault}
    return json.dumps({**head, "frames": list(flash_rows(sight))}, indent=1).encode()
