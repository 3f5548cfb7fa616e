"""Finds out who a request comes from, by its cookie."""

from __future__ import annotations

from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie

from post.review.access.proxy_header import named_by_proxy
from post.review.access.sessions import find_session
from post.review.access.visitor import Visitor
from post.review.open_review import OpenReview


def recognise(review: OpenReview, cookie: str) -> Callable[[dict[str, str], str], Visitor | None]:
    """Returns what finds the visitor of a request, by its headers and the address that it comes from.

    A session that a proxy started is worth something only while the proxy names the same person.
    """

    def who_is(headers: dict[str, str], peer: str) -> Visitor | None:
        token = _cookie(headers.get("cookie", ""), cookie)
        if not token:
            return None
        with review.database.reading() as db:
            found = find_session(db, token, review.clock())
        if found is None or found.how != "proxy":
            return found
        named = named_by_proxy(review, headers, peer)
        return found if named is not None and named.id == found.id else None

    return who_is


def _cookie(header: str, name: str) -> str:
    try:
        found = SimpleCookie(header).get(name)
    except CookieError:
        return ""
    return found.value if found else ""
