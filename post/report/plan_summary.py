"""Summarises a plan: its work, how much of it is in the store, and why each value is what it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from post.engine import Store
from post.picture.encode import Encode
from post.report.remade import Remade, remade
from post.values import Framed, Matched, Plan, Rendition, digest
from post.versions.cost import predict_costs
from post.versions.planned import PlannedVersion, whole_plan
from post.versions.work import FilmWork, versions_work


def summarise_versions(planned: Sequence[PlannedVersion], job: Path, store: Store) -> dict[str, Any]:
    """Returns the `plan` object of the command-line contract for all versions of a job: of a job without versions, what
    `summarise_plan` does, and what it will cost."""
    data = summarise_plan(whole_plan(planned), job, store)
    work = versions_work(planned, store)
    rows = zip(data["deliverables"], work.films, strict=True)
    films = [row | {"axes": dict(film.axes), "seconds": _seconds(film)} for row, film in rows]
    return data | {"deliverables": films, "cpu": predict_costs(work, store).row()}


def _seconds(film: FilmWork) -> float:
    return float(film.rendition.format.clock.seconds(film.rendition.format.length))


def summarise_plan(plan: Plan, job: Path, store: Store) -> dict[str, Any]:
    """Returns the `plan` object of the command-line contract. job: the job's file.

    cost_of_one: frames of all different segments over those of the costliest deliverable; 1.0 is "no more than
    one deliverable alone".
    """
    keys = {
        rendition.name: [digest(segment) for segment in rendition.segments] for rendition in plan.renditions
    }
    frames = {
        key: len(segment.span)
        for rendition in plan.renditions
        for key, segment in zip(keys[rendition.name], rendition.segments, strict=True)
    }
    stored = store.present(frames)
    costliest = max(sum(frames[key] for key in row) for row in keys.values())
    return {
        "deliverables": [
            {
                "name": rendition.name,
                "width": rendition.format.width,
                "height": rendition.format.height,
                "codec": _codec(rendition),
                "frames": rendition.format.length,
                "segments": len(rendition.segments),
                "cached": sum(key in stored for key in keys[rendition.name]),
            }
            for rendition in plan.renditions
        ],
        "work": {
            "segments": sum(len(row) for row in keys.values()),
            "unique": len(frames),
            "cached": len(stored),
            "cost_of_one": round(sum(frames.values()) / costliest, 4),
        },
        "seconds": float(plan.clock.seconds(plan.renditions[0].format.length)),
        "remade": [_remade_row(each, plan) for each in remade(plan, job, store)],
        "warnings": [each.row() for each in plan.warnings],
        "matches": [_match_row(each) for each in plan.matched],
        "crops": [_crop_json(each) for each in plan.framed],
        "values": [
            {"place": place, "value": value, "origin": origin} for place, value, origin in plan.origins
        ],
    }


def _crop_json(framed: Framed) -> dict[str, Any]:
    return {
        "shot": framed.shot,
        "deliverable": framed.rendition,
        "how": framed.how,
        "focus": list(framed.focus),
        "lost": framed.lost,
        "side": framed.side,
        "better": list(framed.better),
        "path": framed.path,
        "fill": framed.fill,
        "reason": framed.reason,
    }


def _match_row(found: Matched) -> dict[str, Any]:
    return {
        "shot": found.shot,
        "reference": found.reference,
        "method": found.method,
        "strength": found.strength,
        "confidence": found.confidence,
        "guards": list(found.guards),
        "why": found.why,
        "forced": found.forced,
    }


def _remade_row(each: Remade, plan: Plan) -> dict[str, Any]:
    return {
        "film": each.film,
        "from_s": float(plan.clock.seconds(each.span.first)),
        "to_s": float(plan.clock.seconds(each.span.stop)),
        "why": list(each.reasons),
        "finished_before": each.before,
    }


def _codec(rendition: Rendition) -> str:
    """Returns the name of a film's codec as jobs write it."""
    return next(
        str(placed.call.knob("codec")) for placed in rendition.placed if placed.call.stage == Encode.name
    )
