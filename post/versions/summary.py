"""Summarises a matrix of versions: each film, and the work of all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from post.engine import Store
from post.versions.cost import predict_costs
from post.versions.planned import PlannedVersion, whole_plan
from post.versions.work import versions_work


def summarise_matrix(planned: Sequence[PlannedVersion], store: Store) -> dict[str, Any]:
    """Returns the `versions` object of the command-line contract.

    unique_frames: of a film, those that no film before it has, so that they add up to all; own_frames: those that no
    other film has; cost_of_one: all different frames over those of the longest film.
    """
    work = versions_work(planned, store)
    rows = zip(work.films, work.new_frames(), work.own_frames(), strict=True)
    return {
        "versions": [
            {
                "name": film.rendition.name,
                "axes": dict(film.axes),
                "width": film.rendition.format.width,
                "height": film.rendition.format.height,
                "frames": film.rendition.format.length,
                "unique_frames": new,
                "own_frames": own,
                "segments": len(film.keys),
                "cached": sum(key in work.stored for key in film.keys),
            }
            for film, new, own in rows
        ],
        "work": {
            "unique_frames": work.unique_frames,
            "frames": sum(film.frames for film in work.films),
            "segments": len(work.segments),
            "cached": len(work.stored & work.segments.keys()),
            "sounds": len(work.sounds),
            "cost_of_one": round(work.cost_of_one(), 4),
        },
        "cpu": predict_costs(work, store).row(),
        "warnings": [each.row() for each in whole_plan(planned).warnings],
    }
