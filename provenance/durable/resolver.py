"""Serves a registry through C2PA's Soft Binding Resolution API, read-only.

    GET  /services/supportedAlgorithms
    GET  /matches/byBinding?alg=&value=&maxResults=      POST the same as {"alg", "value"}
    POST /matches/byContent?alg=&maxResults=&hintAlg=&hintValue=      the film as the body
    GET  /manifests/{manifestId}?returnActiveManifest=

It authenticates nobody: `server` asks for a token where there is one.
Source: C2PA Soft Binding Resolution API 1.0.0 (OpenAPI). A `value` is the base64 of the value of a soft-binding
assertion.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, HTTPException, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from post.errors import AnswerprintError, RetryError, SourceError
from provenance.durable import fingerprint, iscc
from provenance.durable.recover import to_score
from provenance.durable.registry import Registry, read_registry
from provenance.durable.registry_entry import (
    ALGORITHM_NAME,
    MANIFEST_ID,
    WATERMARK,
    SoftBinding,
    keep_active_manifest,
)
from provenance.durable.uploads import DEFAULT_LIMITS, Limits, Uploads, read_body

MAX_RESULTS = 100
MAX_VALUE_CHARACTERS, MAX_QUERY_BYTES = 8 << 10, 1 << 20
MAX_LOOKUPS = 2  # films that are looked up at the same time
WATERMARKS, FINGERPRINTS = (WATERMARK,), (fingerprint.ALGORITHM, iscc.ALGORITHM)

Results = Query(10, alias="maxResults", ge=1)
router = APIRouter()


@dataclass(frozen=True, slots=True)
class ManifestMatch:
    """A manifest that was found. alg: the algorithm that found it; score: 0..100."""

    manifest_id: str
    alg: str
    score: int


# Looks up an uploaded film. It does so in another process, because nothing is known of these bytes.
LookUp = Callable[[Path], Sequence[ManifestMatch]]


def make_application(folder: Path, look_up: LookUp, limits: Limits = DEFAULT_LIMITS) -> FastAPI:
    """Returns the service of the registry in a folder. Raises SourceError if there is no registry.

    look_up: finds an uploaded film's manifests; raises SourceError if the upload is no film.
    """
    registry = read_registry(folder)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with registry:
            app.state.looking, app.state.uploads = asyncio.Semaphore(MAX_LOOKUPS), Uploads(limits)
            yield

    app = FastAPI(
        title="C2PA Soft Binding Resolution API",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.registry, app.state.look_up, app.state.limits = registry, look_up, limits
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(AnswerprintError, _failed)
    app.include_router(router)
    return app


@router.get("/services/supportedAlgorithms")
def list_algorithms() -> dict[str, Any]:
    """Answers with the algorithms whose values can be looked up."""
    return {
        "watermarks": [{"alg": alg} for alg in WATERMARKS],
        "fingerprints": [{"alg": alg} for alg in FINGERPRINTS],
    }


@router.get("/matches/byBinding")
def find_by_binding(request: Request, alg: str, value: str, most: int = Results) -> dict[str, Any]:
    """Answers with the manifests of a soft binding."""
    if len(value) > MAX_VALUE_CHARACTERS:
        raise HTTPException(414, "the value is too long for a query: use POST")
    return _answer(_find_bound(request.app.state.registry, alg, value), most)


@router.post("/matches/byBinding")
async def find_by_long_binding(request: Request, most: int = Results) -> dict[str, Any]:
    """Answers with the manifests of a soft binding that is too long for a URL."""
    if _media_type(request) != "application/json":
        raise HTTPException(415, "application/json is expected")
    limits = request.app.state.limits
    body = b"".join([chunk async for chunk in read_body(request, MAX_QUERY_BYTES, limits)])
    alg, value = _parse_query(body)
    return _answer(await run_in_threadpool(_find_bound, request.app.state.registry, alg, value), most)


@router.post("/matches/byContent")
async def find_by_content(
    request: Request,
    alg: str = "",
    most: int = Results,
    hint_alg: str = Query("", alias="hintAlg"),
    hint_value: str = Query("", alias="hintValue"),
) -> dict[str, Any]:
    """Answers with the manifests of the film in the body; those of the hint first."""
    if not _media_type(request).startswith("video/"):
        raise HTTPException(415, "only video is known here")
    if alg and alg not in (*WATERMARKS, *FINGERPRINTS):
        raise HTTPException(400, "an unknown algorithm")
    state = request.app.state
    hinted = await run_in_threadpool(_find_bound, state.registry, hint_alg, hint_value) if hint_alg else []
    async with state.uploads.receive(request) as film, state.looking:
        found = await run_in_threadpool(_look_up, state.look_up, film)
    first = {match.manifest_id for match in hinted}
    found = [match for match in found if alg in ("", match.alg)]
    return _answer(sorted(found, key=lambda match: match.manifest_id not in first), most)


@router.get("/manifests/{manifest_id:path}")
def get_manifest(
    request: Request, manifest_id: str, alone: bool = Query(False, alias="returnActiveManifest")
) -> Response:
    """Answers with a manifest store, whole or without the manifests of its ingredients."""
    if not MANIFEST_ID.match(manifest_id):
        raise HTTPException(400, "not the name of a manifest")
    found = request.app.state.registry.find_manifest(manifest_id)
    if found is None:
        raise HTTPException(404, "no such manifest is registered")
    headers = {"X-Content-Type-Options": "nosniff"}
    return Response(
        keep_active_manifest(found) if alone else found, media_type="application/c2pa", headers=headers
    )


def _find_bound(registry: Registry, alg: str, value: str) -> list[ManifestMatch]:
    """Returns the manifests of a soft binding: of a fingerprint the near ones, of anything else the exact ones."""
    if not ALGORITHM_NAME.match(alg):
        raise HTTPException(400, "not the name of an algorithm")
    text = _decode_value(value)
    if alg == fingerprint.ALGORITHM:
        return _find_similar(registry, text)
    if alg == iscc.ALGORITHM:
        return _find_code(registry, text)
    films = registry.find_bound(SoftBinding(alg, text), MAX_RESULTS)
    return [ManifestMatch(registry.film(film).manifest_id, alg, 100) for film in films]


def _decode_value(value: str) -> str:
    try:
        text = base64.b64decode(value.replace("-", "+").replace("_", "/"), validate=True).decode()
    except ValueError as fault:
        raise HTTPException(400, "the value is not base64 of text") from fault
    if not text:
        raise HTTPException(400, "the value is empty")
    return text


def _find_similar(registry: Registry, text: str) -> list[ManifestMatch]:
    bits = fingerprint.decode(text)
    if bits is None:
        raise HTTPException(400, f"the value is not a fingerprint of {fingerprint.ALGORITHM}")
    close = [(film, similarity) for film, similarity in registry.find_similar([bits]) if similarity.close]
    return [
        ManifestMatch(registry.film(film).manifest_id, fingerprint.ALGORITHM, to_score(similarity.distance))
        for film, similarity in close[:MAX_RESULTS]
    ]


def _find_code(registry: Registry, text: str) -> list[ManifestMatch]:
    code = iscc.decode(text)
    if code is None:
        raise HTTPException(400, f"the value is not a Video-Code of {iscc.BITS} bits")
    near = registry.index().find_codes(code, iscc.MAX_DISTANCE)[:MAX_RESULTS]
    return [
        ManifestMatch(registry.film(film).manifest_id, iscc.ALGORITHM, to_score(bits)) for film, bits in near
    ]


def _answer(matches: Sequence[ManifestMatch], most: int) -> dict[str, Any]:
    """Returns the JSON of matches, each once, `most` at most."""
    pairs = list(dict.fromkeys((match.manifest_id, match.score) for match in matches))
    rows = [{"manifestId": manifest_id, "similarityScore": score} for manifest_id, score in pairs]
    return {"matches": rows[: min(most, MAX_RESULTS)]}


def _look_up(look_up: LookUp, film: Path) -> list[ManifestMatch]:
    try:
        return list(look_up(film))
    except SourceError as fault:
        raise HTTPException(415, "what was sent cannot be read as a film") from fault


def _parse_query(body: bytes) -> tuple[str, str]:
    """Returns the algorithm and the value in a JSON body."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as fault:
        raise HTTPException(400, "the body is not JSON") from fault
    query = data if isinstance(data, dict) else {}
    alg, value = query.get("alg"), query.get("value")
    if not (isinstance(alg, str) and isinstance(value, str)):
        raise HTTPException(400, "alg and value are expected, both text")
    return alg, value


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().casefold()


async def _invalid(_: Request, fault: Exception) -> Response:
    """Answers 400 to a malformed request, as the standard has it. FastAPI's own answer is 422."""
    named = (
        [str(one["loc"][-1]) for one in fault.errors()] if isinstance(fault, RequestValidationError) else []
    )
    return JSONResponse({"detail": f"malformed: {', '.join(named)}"}, 400)


async def _failed(_: Request, fault: Exception) -> Response:
    """Answers one of our own errors without its text, which names paths of this machine."""
    busy = isinstance(fault, RetryError)
    return JSONResponse({"detail": "try again" if busy else "the service failed"}, 503 if busy else 500)
