"""The registry as a service: C2PA's Soft Binding Resolution API, read-only.

    GET  /services/supportedAlgorithms
    GET  /matches/byBinding?alg=&value=&maxResults=      POST the same as {"alg", "value"}
    POST /matches/byContent?alg=&maxResults=&hintAlg=&hintValue=      the film as the body
    GET  /manifests/{manifestId}?returnActiveManifest=

Anybody who reaches it may ask: it is meant for this machine, or for behind a gateway that knows who calls.
Source: C2PA Soft Binding Resolution API 1.0.0 (OpenAPI). A `value` is the base64 of what the soft-binding
assertion has as its value.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from fastapi import APIRouter, FastAPI, HTTPException, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from post.errors import AnswerprintError, RetryError, SourceError
from provenance.durable import fingerprint, iscc
from provenance.durable.recover import score
from provenance.durable.registry import Registry, read_registry
from provenance.durable.registry_entry import ALGORITHM_NAME, MANIFEST_ID, MARK, Binding, active_alone

MOST_RESULTS = 100
LONGEST_VALUE, LARGEST_QUERY = 8 << 10, 1 << 20
LARGEST_FILM = 512 << 20
# How long a body may stop, and how long it may take in all.
PAUSE_S, UPLOAD_S = 10.0, 300.0
# Films looked at, and films held on disk, at once.
AT_ONCE, HELD = 2, 8
WATERMARKS, FINGERPRINTS = (MARK,), (fingerprint.ALGORITHM, iscc.ALGORITHM)

Results = Query(10, alias="maxResults", ge=1)
router = APIRouter()


@dataclass(frozen=True, slots=True)
class Match:
    """A manifest found. alg: what found it; score: 0..100."""

    manifest_id: str
    alg: str
    score: int


@dataclass(frozen=True, slots=True)
class Limits:
    film_bytes: int = LARGEST_FILM
    pause_s: float = PAUSE_S
    headers_s: float = PAUSE_S


# What looks at an uploaded film, away from this process: the bytes are anybody's.
LookUp = Callable[[Path], Sequence[Match]]


def application(folder: Path, look_up: LookUp, limits: Limits = Limits()) -> FastAPI:
    """The service over the registry in a folder. Raises SourceError where there is none.

    look_up: finds an uploaded film; raises SourceError where it is no film.
    """
    registry = read_registry(folder)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with registry:
            app.state.looking, app.state.holding = asyncio.Semaphore(AT_ONCE), asyncio.Semaphore(HELD)
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
def supported() -> dict[str, Any]:
    return {
        "watermarks": [{"alg": alg} for alg in WATERMARKS],
        "fingerprints": [{"alg": alg} for alg in FINGERPRINTS],
    }


@router.get("/matches/byBinding")
def by_binding(request: Request, alg: str, value: str, most: int = Results) -> dict[str, Any]:
    if len(value) > LONGEST_VALUE:
        raise HTTPException(414, "the value is too long for a query: use POST")
    return _told(_bound(request.app.state.registry, alg, value), most)


@router.post("/matches/byBinding")
async def by_large_binding(request: Request, most: int = Results) -> dict[str, Any]:
    if _media_type(request) != "application/json":
        raise HTTPException(415, "application/json is expected")
    body = b"".join([chunk async for chunk in _chunks(request, LARGEST_QUERY)])
    asked = _query(body)
    return _told(await run_in_threadpool(_bound, request.app.state.registry, *asked), most)


@router.post("/matches/byContent")
async def by_content(
    request: Request,
    alg: str = "",
    most: int = Results,
    hint_alg: str = Query("", alias="hintAlg"),
    hint_value: str = Query("", alias="hintValue"),
) -> dict[str, Any]:
    if not _media_type(request).startswith("video/"):
        raise HTTPException(415, "only video is known here")
    if alg and alg not in (*WATERMARKS, *FINGERPRINTS):
        raise HTTPException(400, "an unknown algorithm")
    state = request.app.state
    hinted = await run_in_threadpool(_bound, state.registry, hint_alg, hint_value) if hint_alg else []
    # Sixty-four films of half a gigabyte would fill the disk.
    if state.holding.locked():
        raise HTTPException(503, "try again", {"Retry-After": "60"})
    async with state.holding:
        found = await _content(request)
    first = {match.manifest_id for match in hinted}
    found = [match for match in found if alg in ("", match.alg)]
    return _told(sorted(found, key=lambda match: match.manifest_id not in first), most)


async def _content(request: Request) -> list[Match]:
    """What is found for the film in a body, which is kept no longer than it is looked at."""
    state = request.app.state
    # Delete by hand: the process that looks at it opens it by its name.
    with NamedTemporaryFile(prefix="answerprint-", suffix=".film", delete=False) as film:
        try:
            async for chunk in _chunks(request, state.limits.film_bytes):
                film.write(chunk)
            film.flush()
            async with state.looking:
                return await run_in_threadpool(_looked_up, state.look_up, Path(film.name))
        finally:
            os.unlink(film.name)  # noqa: PTH108  the name is not a Path of ours


@router.get("/manifests/{manifest_id:path}")
def manifest(
    request: Request, manifest_id: str, alone: bool = Query(False, alias="returnActiveManifest")
) -> Response:
    if not MANIFEST_ID.match(manifest_id):
        raise HTTPException(400, "not the name of a manifest")
    found = request.app.state.registry.manifest(manifest_id)
    if found is None:
        raise HTTPException(404, "no such manifest is registered")
    headers = {"X-Content-Type-Options": "nosniff"}
    return Response(active_alone(found) if alone else found, media_type="application/c2pa", headers=headers)


def _bound(registry: Registry, alg: str, value: str) -> list[Match]:
    """What a soft binding stands for: a fingerprint for what is near it, anything else for itself."""
    if not ALGORITHM_NAME.match(alg):
        raise HTTPException(400, "not the name of an algorithm")
    text = _text(value)
    if alg == fingerprint.ALGORITHM:
        return _like(registry, text)
    if alg == iscc.ALGORITHM:
        return _near_code(registry, text)
    films = registry.bound(Binding(alg, text), MOST_RESULTS)
    return [Match(registry.about(film).manifest_id, alg, 100) for film in films]


def _text(value: str) -> str:
    try:
        text = base64.b64decode(value.replace("-", "+").replace("_", "/"), validate=True).decode()
    except ValueError as fault:
        raise HTTPException(400, "the value is not base64 of text") from fault
    if not text:
        raise HTTPException(400, "the value is empty")
    return text


def _like(registry: Registry, text: str) -> list[Match]:
    look = fingerprint.read(text)
    if look is None:
        raise HTTPException(400, f"the value is no fingerprint of {fingerprint.ALGORITHM}")
    close = [(film, likeness) for film, likeness in registry.like([look]) if likeness.close]
    return [
        Match(registry.about(film).manifest_id, fingerprint.ALGORITHM, score(likeness.distance))
        for film, likeness in close[:MOST_RESULTS]
    ]


def _near_code(registry: Registry, text: str) -> list[Match]:
    code = iscc.bits(text)
    if code is None:
        raise HTTPException(400, f"the value is no Video-Code of {iscc.BITS} bits")
    near = registry.index().coded_near(code, iscc.LIMIT)[:MOST_RESULTS]
    return [Match(registry.about(film).manifest_id, iscc.ALGORITHM, score(bits)) for film, bits in near]


def _told(matches: Sequence[Match], most: int) -> dict[str, Any]:
    kept = list(dict.fromkeys((match.manifest_id, match.score) for match in matches))
    rows = [{"manifestId": name, "similarityScore": strength} for name, strength in kept]
    return {"matches": rows[: min(most, MOST_RESULTS)]}


def _looked_up(look_up: LookUp, film: Path) -> list[Match]:
    try:
        return list(look_up(film))
    except SourceError as fault:
        raise HTTPException(415, "what was sent cannot be read as a film") from fault


def _query(body: bytes) -> tuple[str, str]:
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError) as fault:
        raise HTTPException(400, "the body is not JSON") from fault
    found = asked if isinstance(asked, dict) else {}
    alg, value = found.get("alg"), found.get("value")
    if not (isinstance(alg, str) and isinstance(value, str)):
        raise HTTPException(400, "alg and value are expected, both text")
    return alg, value


async def _chunks(request: Request, most: int) -> AsyncIterator[bytes]:
    """A body, refused once it is too large, stops for too long or takes too long in all."""
    said = request.headers.get("content-length", "0")
    held = int(said) if said.isdigit() else 0
    if held > most:
        raise HTTPException(413, f"at most {most} bytes")
    stream, until, got = request.stream(), asyncio.get_running_loop().time() + UPLOAD_S, 0
    while asyncio.get_running_loop().time() < until:
        try:
            chunk = await asyncio.wait_for(anext(stream, None), request.app.state.limits.pause_s)
        except TimeoutError as fault:
            raise HTTPException(408, "the body stopped coming") from fault
        if chunk is None:
            return
        got += len(chunk)
        if got > most:
            raise HTTPException(413, f"at most {most} bytes")
        yield chunk
    raise HTTPException(408, "the body took too long")


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().casefold()


async def _invalid(_: Request, fault: Exception) -> Response:
    """What FastAPI would answer with 422: the standard says 400."""
    named = (
        [str(one["loc"][-1]) for one in fault.errors()] if isinstance(fault, RequestValidationError) else []
    )
    return JSONResponse({"detail": f"not as expected: {', '.join(named)}"}, 400)


async def _failed(_: Request, fault: Exception) -> Response:
    """Our own errors name paths of this machine: nobody outside is told them."""
    busy = isinstance(fault, RetryError)
    return JSONResponse({"detail": "try again" if busy else "the service failed"}, 503 if busy else 500)
