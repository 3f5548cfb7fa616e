"""Makes the application: every route behind the guard."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from post.errors import AnswerprintError, RetryError
from post.review.access.guard import AsgiApp, Guard
from post.review.access.recognised import recognise
from post.review.open_review import OpenReview
from post.review.routes import (
    comments,
    decisions,
    enrolment,
    exports,
    films,
    judged,
    media,
    oidc,
    pages,
    sign_in,
)
from post.review.settings import BODY_BYTES

ROOMS = (pages, sign_in, oidc, enrolment, films, comments, exports, decisions, judged, media)


def make_app(review: OpenReview, hosts: Sequence[str], *, watches: bool = True) -> AsgiApp:
    """Returns the application of an open review, which it closes as it ends.

    hosts: the names, with their ports, that the server has on this machine; the settings' `url` is one more; watches:
    whether it looks for new films as long as it runs.
    """
    app = bare_app(review, watches=watches)
    url = urlsplit(review.settings.url)
    own = (*hosts, url.netloc) if url.netloc else tuple(hosts)
    origins = (f"{url.scheme}://{url.netloc}",) if url.netloc else tuple(f"http://{host}" for host in hosts)
    who_is = recognise(review, sign_in.cookie_name(review))
    return Guard(app, who_is, own.__contains__, origins, BODY_BYTES)


def bare_app(review: OpenReview, *, watches: bool = True) -> FastAPI:
    """Returns the application without its guard: tests read its routes."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if watches:
            review.intake.start()
        yield
        await run_in_threadpool(review.close)

    app = FastAPI(
        title="Answerprint review", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False,
        lifespan=lifespan,
    )  # fmt: skip
    app.state.review, app.state.roles = review, _roles(review)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(AnswerprintError, _failed)
    for each in ROOMS:
        app.include_router(each.router)
    return app


def _roles(review: OpenReview) -> Callable[[str], tuple[str, ...]]:
    def roles(person: str) -> tuple[str, ...]:
        people = review.jobs.people
        found = people.find(person) if people else None
        return found.roles if found else ()

    return roles


async def _invalid(_: Request, fault: Exception) -> JSONResponse:
    """Answers 422 with what is wrong where, and never repeats what was sent."""
    assert isinstance(fault, RequestValidationError)
    found = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in fault.errors()[:5]]
    text = "; ".join(found).encode("utf-8", "replace").decode()
    return JSONResponse({"detail": text[:1000]}, 422)


async def _failed(_: Request, fault: Exception) -> JSONResponse:
    status = 503 if isinstance(fault, RetryError) else 500
    return JSONResponse(
        {"detail": "try again" if status == 503 else "the server failed: its log says why"}, status
    )
