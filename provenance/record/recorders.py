"""Declares the services whose requests and answers can be read: one `Recorder` each, in `RECORDERS`.

A recorder says how an answer is recognised, and at which paths its fields are in a request and in an answer.
The shapes are those of the services' own SDKs: google-genai 3.4 (GenerateVideosOperation) and the REST forms
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
from provenance.record.paths import find, get

Paths = Mapping[str, tuple[str, ...]]
# A field that was found: its name here, its value, and its path in the JSON.
FoundField = tuple[str, Any, str]


@dataclass(frozen=True, slots=True)
class Recorder:
    """One service.

    fits: whether an answer, or a request, is this service's; request_paths, response_paths: where fields are in a
    request and in an answer, by the field's name; the first path with a value counts; read_more: fields of either
    that paths cannot describe.
    """

    name: str
    fits: Callable[[Any], bool]
    request_paths: Paths
    response_paths: Paths
    read_more: Callable[[Any], Iterator[FoundField]] = field(default=lambda _: iter(()))

    def read_request(self, request: Any) -> Iterator[FoundField]:
        """Yields the fields of a request."""
        yield from _read_paths(request, self.request_paths)
        yield from self.read_more(request)

    def read_response(self, response: Any) -> Iterator[FoundField]:
        """Yields the fields of an answer."""
        yield from _read_paths(response, self.response_paths)
        yield from self.read_more(response)


def find_recorder(name: str) -> Recorder:
    """Returns the recorder of that name. Raises JobError if there is none."""
    if name not in RECORDERS:
        raise JobError("no such provider", where=name, expected=" | ".join(RECORDERS))
    return RECORDERS[name]


def recognise(request: Any, response: Any, where: str) -> Recorder:
    """Returns the recorder whose answer this is; if none fits the answer, the one whose request this is.

    where: the clip, for the error. Raises JobError if no recorder fits, or several do.
    """
    fitting = [each for each in RECORDERS.values() if each.fits(response)]
    fitting = fitting or [each for each in RECORDERS.values() if each.fits(request)]
    if len(fitting) != 1:
        raise JobError(
            "which service this record is from cannot be data",
            where=where,
            expected=f"the answer of one of: {', '.join(RECORDERS)}",
            got=" or ".join(each.name for each in fitting) or "none of these",
            fix="say --provider NAME",
        )
    return fitting[0]


def _read_paths(data: Any, paths: Paths) -> Iterator[FoundField]:
    for name, places in paths.items():
        rows = (find(data, place) for place in places)
        place, value = next((row for row in rows if row[1] not in (None, "", [], {})), ("", None))
        if place:
            yield name, _to_date(value) if name in ("created", "completed") else value, place


def _to_date(value: Any) -> Any:
    """Returns seconds since 1970 (OpenAI) as an ISO 8601 date, and any other value as it is."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e11:
        return datetime.fromtimestamp(value, UTC).isoformat().replace("+00:00", "Z")
    return value


# Gemini: models/MODEL/operations/ID; Vertex AI: projects/.../publishers/google/models/MODEL/operations/ID.
_OPERATION = re.compile(r"(?:^|/)models/([^/]{1,100})/operations/")
_RUNWAY_STATES = ("PENDING", "THROTTLED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED")
_LUMA_STATES = ("queued", "dreaming", "completed", "failed")


def _is_veo(data: Any) -> bool:
    places = (
        "response.generated_videos", "response.generate_video_response", "generated_videos",
        "response.videos", "video.uri", "video.video_bytes", "response.@type",
    )  # fmt: skip
    named = _OPERATION.search(str(get(data, "name") or ""))
    return bool(named) or any(get(data, place) not in (None, []) for place in places)


def _read_veo(data: Any) -> Iterator[FoundField]:
    name = get(data, "name")
    model = _OPERATION.search(name) if isinstance(name, str) else None
    if model:
        yield "model", model[1], "name"


def _is_runway(data: Any) -> bool:
    return get(data, "status") in _RUNWAY_STATES and get(data, "id") is not None and _has(data, "createdAt")


def _is_luma(data: Any) -> bool:
    return get(data, "state") in _LUMA_STATES and (_has(data, "assets") or _has(data, "generation_type"))


def _is_openai(data: Any) -> bool:
    return get(data, "object") == "video" and get(data, "id") is not None


def _has(data: Any, name: str) -> bool:
    return get(data, name) is not None


def _is_comfy(data: Any) -> bool:
    return comfy.find_graph(data) is not None or (_has(data, "prompt_id") and _has(data, "node_errors"))


def _read_comfy(data: Any) -> Iterator[FoundField]:
    graph = comfy.find_graph(data)
    if graph is None:
        return
    for name, values in comfy.read_fields(graph).items():
        for count, value in enumerate(values, 1):
            # Numbered, because a second sampler's seed does not contradict the first one's.
            yield (name if count == 1 else f"{name}.{count}"), value, ""
    if get(data, "*.prompt") is not None:  # the history is keyed by the prompt's id
        yield "job_id", next(iter(data)), ""


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
            _read_veo,
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
            _read_comfy,
        ),
    )
}
