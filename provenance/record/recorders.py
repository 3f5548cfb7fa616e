"""The services whose requests and answers can be read: one row each.

A service's row says by what its answer is known, and where its fields lie in a request and in an answer.
Shapes are those of the services' own SDKs: google-genai 3.4 (GenerateVideosOperation) and the REST forms
of Gemini and Vertex AI, runwayml 5.24 (tasks), lumaai 1.21 (Generation), openai 3.52 (Video).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from post.errors import JobError
from provenance.record import comfy
from provenance.record.paths import at, found

Paths = Mapping[str, tuple[str, ...]]
# A service's field: its name here, its value, and where it lay in the JSON.
Row = tuple[str, Any, str]


@dataclass(frozen=True, slots=True)
class Recorder:
    """One service. fits: whether an answer is its; asked, told: where fields lie in a request and in an
    answer, the first path that holds one counting; more: what paths cannot say, of either."""

    name: str
    fits: Callable[[Any], bool]
    asked: Paths
    told: Paths
    more: Callable[[Any], Iterator[Row]] = field(default=lambda _: iter(()))

    def request(self, request: Any) -> Iterator[Row]:
        yield from _rows(request, self.asked)
        yield from self.more(request)

    def response(self, response: Any) -> Iterator[Row]:
        yield from _rows(response, self.told)
        yield from self.more(response)


def find(name: str) -> Recorder:
    """The recorder of that name. Raises JobError where there is none."""
    if name not in RECORDERS:
        raise JobError("no such provider", where=name, expected=" | ".join(RECORDERS))
    return RECORDERS[name]


def recognised(request: Any, response: Any, where: str) -> Recorder:
    """The recorder whose answer (or, that failing, request) this is. Raises JobError where it is none's,
    or several's."""
    fitting = [each for each in RECORDERS.values() if each.fits(response)]
    fitting = fitting or [each for each in RECORDERS.values() if each.fits(request)]
    if len(fitting) != 1:
        raise JobError(
            "which service this record is from cannot be told",
            where=where,
            expected=f"the answer of one of: {', '.join(RECORDERS)}",
            got=" or ".join(each.name for each in fitting) or "none of these",
            fix="say --provider NAME",
        )
    return fitting[0]


def _rows(told: Any, paths: Paths) -> Iterator[Row]:
    for name, places in paths.items():
        rows = (found(told, place) for place in places)
        place, value = next((row for row in rows if row[1] not in (None, "", [], {})), ("", None))
        if place:
            yield name, _when(value) if name in ("created", "completed") else value, place


def _when(value: Any) -> Any:
    """Seconds since 1970 as a date (OpenAI); anything else as it is."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e11:
        return datetime.fromtimestamp(value, UTC).isoformat().replace("+00:00", "Z")
    return value


# Gemini: models/MODEL/operations/ID; Vertex AI: projects/.../publishers/google/models/MODEL/operations/ID.
_OPERATION = re.compile(r"(?:^|/)models/([^/]{1,100})/operations/")
_RUNWAY_STATES = ("PENDING", "THROTTLED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED")
_LUMA_STATES = ("queued", "dreaming", "completed", "failed")


def _is_veo(told: Any) -> bool:
    places = (
        "response.generated_videos", "response.generate_video_response", "generated_videos",
        "response.videos", "video.uri", "video.video_bytes", "response.@type",
    )  # fmt: skip
    named = _OPERATION.search(str(at(told, "name") or ""))
    return bool(named) or any(at(told, place) not in (None, []) for place in places)


def _veo_more(told: Any) -> Iterator[Row]:
    name = at(told, "name")
    model = _OPERATION.search(name) if isinstance(name, str) else None
    if model:
        yield "model", model[1], "name"


def _is_runway(told: Any) -> bool:
    return at(told, "status") in _RUNWAY_STATES and at(told, "id") is not None and _has(told, "createdAt")


def _is_luma(told: Any) -> bool:
    return at(told, "state") in _LUMA_STATES and (_has(told, "assets") or _has(told, "generation_type"))


def _is_openai(told: Any) -> bool:
    return at(told, "object") == "video" and at(told, "id") is not None


def _has(told: Any, name: str) -> bool:
    return at(told, name) is not None


def _is_comfy(told: Any) -> bool:
    return comfy.graph_of(told) is not None or (_has(told, "prompt_id") and _has(told, "node_errors"))


def _comfy_more(told: Any) -> Iterator[Row]:
    graph = comfy.graph_of(told)
    if graph is None:
        return
    for name, values in comfy.fields(graph).items():
        for count, value in enumerate(values, 1):
            # A second sampler's seed does not contradict the first one's.
            yield (name if count == 1 else f"{name}.{count}"), value, ""
    if at(told, "*.prompt") is not None:  # the history is keyed by the prompt's id
        yield "job_id", next(iter(told)), ""


_MAKERS: Paths = {"operator": ("operator",), "cost": ("cost",)}
RECORDERS: dict[str, Recorder] = {
    row.name: row
    for row in (
        Recorder(
            "veo",
            _is_veo,
            {
                **_MAKERS,
                "model": ("model",),
                "prompt": ("prompt", "source.prompt", "instances.0.prompt"),
                "negative_prompt": ("config.negative_prompt", "parameters.negative_prompt"),
                "seed": ("config.seed", "parameters.seed"),
                "duration": ("config.duration_seconds", "parameters.duration_seconds"),
                "size": ("config.resolution", "parameters.resolution"),
                "parent": (
                    "video.uri",
                    "source.video.uri",
                    "instances.0.video.uri",
                    "instances.0.video.gcs_uri",
                ),
            },
            {
                "job_id": ("name",),
                "created": ("metadata.create_time",),
                "completed": ("metadata.end_time",),
                "rewritten_prompt": ("response.generated_videos.0.rewritten_prompt", "rewritten_prompt"),
                "seed": ("response.generated_videos.0.seed",),
            },
            _veo_more,
        ),
        Recorder(
            "runway",
            _is_runway,
            {
                **_MAKERS,
                "model": ("model",),
                "prompt": ("prompt_text",),
                "negative_prompt": ("negative_prompt",),
                "seed": ("seed",),
                "duration": ("duration",),
                "size": ("ratio",),
                "parent": ("video_uri",),
            },
            {"job_id": ("id",), "created": ("created_at",), "completed": ("ended_at",), "cost": ("cost",)},
        ),
        Recorder(
            "luma",
            _is_luma,
            {
                **_MAKERS,
                "model": ("model",),
                "prompt": ("prompt",),
                "negative_prompt": ("negative_prompt",),
                "duration": ("duration",),
                "size": ("resolution",),
                "parent": ("keyframes.frame0.id", "keyframes.frame1.id"),
            },
            {
                "job_id": ("id",),
                "model": ("model", "request.model"),
                "prompt": ("request.prompt",),
                "negative_prompt": ("request.negative_prompt",),
                "created": ("created_at",),
                "duration": ("request.duration",),
                "size": ("request.resolution",),
                "parent": ("request.keyframes.frame0.id", "request.keyframes.frame1.id"),
            },
        ),
        Recorder(
            "openai",
            _is_openai,
            {
                **_MAKERS,
                "model": ("model",),
                "prompt": ("prompt",),
                "duration": ("seconds",),
                "size": ("size",),
                "parent": ("remix_video_id", "remixed_from_video_id", "video_id", "video.id"),
            },
            {
                "job_id": ("id",),
                "model": ("model",),
                "prompt": ("prompt",),
                "created": ("created_at",),
                "completed": ("completed_at",),
                "duration": ("seconds",),
                "size": ("size",),
                "parent": ("remixed_from_video_id",),
            },
        ),
        Recorder(
            "comfyui",
            _is_comfy,
            dict(_MAKERS),
            {"job_id": ("prompt_id",)},
            _comfy_more,
        ),
    )
}
