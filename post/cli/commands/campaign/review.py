"""The command review: the page where reviewers watch films, write notes, and decide."""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from importlib import import_module
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import typer

from post.cli.commands.campaign import review_options as options
from post.cli.environment import oidc_secret
from post.cli.options import AsJson, JobFile
from post.cli.output import print_note, print_result
from post.cli.stores import command_settings
from post.errors import JobError, SourceError

if TYPE_CHECKING:
    from post.review.access.identity import ProvenIdentity
    from post.review.open_review import OpenReview
    from post.review.settings import OidcSignIn, ProxySignIn, ReviewSettings


@dataclass(frozen=True, slots=True)
class _AskedLinks:
    """For whom links are printed. persons, enrol: IDs of the people file; guests: names."""

    persons: list[str]
    guests: list[str]
    enrol: list[str]


def add_to(app: typer.Typer) -> None:
    """Adds the command of this module to the app."""
    app.command("review")(review_verb)


def review_verb(
    job: Path = JobFile,
    out: Path | None = options.Films,
    host: str = options.Host,
    port: int = options.Port,
    url: str = options.Url,
    database: str = options.Database,
    data: Path | None = options.Data,
    person: list[str] = options.Persons,
    guest: list[str] = options.Guests,
    enrol: list[str] = options.Enrol,
    proxy_header: str = options.ProxyHeader,
    proxy_from: list[str] = options.ProxyFrom,
    oidc: str = options.Oidc,
    client_id: str = options.ClientId,
    guests: bool = options.LetGuestsIn,
    as_json: bool = AsJson,
) -> None:
    """Serve the page where reviewers watch films, write notes and decide."""
    _check_installed()
    from post.review.settings import ReviewSettings, usual_data

    if not job.is_file():
        raise SourceError("no such file", where=str(job))
    settings = ReviewSettings(
        job, out or job.parent / "out", data or usual_data(job), database, _checked(url),
        _proxy(proxy_header, proxy_from), _oidc(oidc, client_id), guests=guests, own=command_settings(),
    )  # fmt: skip
    _run(settings, (host, port), _AskedLinks(person, guest, enrol), as_json)


def _check_installed() -> None:
    """Raises JobError where a package of the extra `review` is missing."""
    try:
        import_module("post.review.app")
    except ModuleNotFoundError as fault:
        raise JobError(
            "the review cannot run", expected="the packages of answerprint[review]", got=f"no {fault.name}",
            fix="pip install 'answerprint[review]'",
        ) from fault  # fmt: skip


def _run(settings: ReviewSettings, place: tuple[str, int], asked: _AskedLinks, as_json: bool) -> None:
    """Serves a review until it is interrupted. place: host and port."""
    from post.review.open_review import open_review
    from post.review.server import address_of, serve_review
    from provenance.durable.server import is_local, open_listener

    with open_listener(*place) as listener:
        if not is_local(listener) and not (settings.proxy or settings.oidc):
            raise JobError(
                "others than this machine would reach the page, and nobody signs them in", where=f"--host {place[0]}",
                expected="--proxy-header with --proxy-from, or --oidc with --client-id",
                fix="name one of them, or leave out --host",
            )  # fmt: skip
        review = open_review(settings)
        address = settings.url or address_of(listener)
        links = _links(review, address, asked)
        if not is_local(listener) and not settings.secure:
            print_note(
                "what is sent is not encrypted: put a server with TLS in front, and name it with --url"
            )
        said = {"address": address, "out": str(settings.out), "data": str(settings.data), "links": links}
        print_result(said, as_json, _lines(said))
        serve_review(review, listener)


def _named(review: OpenReview, ids: list[str], option: str) -> list[ProvenIdentity]:
    """Returns people of the people file. Raises JobError for others. option: for errors."""
    from post.review.access.identity import ProvenIdentity

    known = {each.id: each for each in review.jobs.people.all} if review.jobs.people else {}
    if unknown := [each for each in ids if each not in known]:
        raise JobError(
            "the people file does not name them", where=option, got=", ".join(unknown),
            expected=", ".join(known) or review.jobs.fault or "a job with gates and a people file",
        )  # fmt: skip
    return [ProvenIdentity(known[each].id, known[each].name, known[each].kind, "link") for each in ids]


def _links(review: OpenReview, address: str, asked: _AskedLinks) -> dict[str, str]:
    """Returns a sign-in link for each that is named; else for whoever started the server, as a guest."""
    from post.review.access.identity import GUEST, ProvenIdentity
    from post.review.access.sessions import ENROL, SIGN_IN
    from post.review.server import one_time_link

    who = _named(review, asked.persons, "--person")
    who += [ProvenIdentity(f"guest:{name}", name, GUEST, "link") for name in asked.guests]
    enrolled = _named(review, asked.enrol, "--enrol")
    own = getpass.getuser()
    who = who or [ProvenIdentity(f"guest:{own}", own, GUEST, "link")]
    return {
        **{each.name: one_time_link(review, address, each, SIGN_IN) for each in who},
        **{f"{each.name}, to enrol a key": one_time_link(review, address, each, ENROL) for each in enrolled},
    }


def _checked(url: str) -> str:
    """Returns an address without its end. Raises JobError for what is none."""
    parts = urlsplit(url)
    if url and (
        parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/") or parts.query
    ):
        raise JobError("is no address of a server", where="--url", expected="https://NAME[:PORT]", got=url)
    return url.rstrip("/")


def _proxy(header: str, networks: list[str]) -> ProxySignIn | None:
    """Returns how a proxy signs people in. Raises JobError where a half of it is missing, or a network is none."""
    from post.review.settings import ProxySignIn

    if not header and not networks:
        return None
    if not header or not networks:
        raise JobError(
            "a header alone could be sent by anybody", where="--proxy-header", expected="--proxy-from too",
            fix="name the proxy's address too",
        )  # fmt: skip
    try:
        return ProxySignIn(header, tuple(ip_network(each) for each in networks))
    except ValueError as fault:
        raise JobError(
            "is no network", where="--proxy-from", expected="10.0.0.0/8, or an address", got=str(fault)
        ) from fault


def _oidc(issuer: str, client_id: str) -> OidcSignIn | None:
    """Returns how an OpenID provider signs people in. Raises JobError where a half of it is missing."""
    from post.review.settings import OidcSignIn

    if not issuer and not client_id:
        return None
    if not issuer or not client_id:
        raise JobError("needs both", where="--oidc", expected="--oidc ISSUER --client-id ID")
    return OidcSignIn(issuer.rstrip("/"), client_id, oidc_secret())


def _lines(said: dict[str, Any]) -> list[str]:
    return [
        f"films of {said['out']} at {said['address']}; Ctrl-C ends it",
        *(f"{name}, once: {link}" for name, link in said["links"].items()),
    ]
