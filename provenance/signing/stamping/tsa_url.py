"""Checks and shortens the URLs of time-stamping authorities."""

from __future__ import annotations

from urllib.parse import urlsplit

from post.errors import JobError


def check_tsa_url(url: str) -> str:
    """Returns the URL of a time-stamping authority. Raises JobError if it is none, without quoting it."""
    try:
        split = urlsplit(url)
        right = split.scheme in ("http", "https") and split.hostname and "@" not in split.netloc
    except ValueError:
        right = False
    if not right or not url.isascii() or not url.isprintable() or " " in url:
        # Not quoted: it may hold a password.
        raise JobError("not the address of a time-stamping authority", expected="http://... or https://...")
    return url


def host_of(tsa_url: str) -> str:
    """Returns an authority's scheme, host and port, as the SDK's list of allowed hosts has it."""
    split = urlsplit(tsa_url)
    return f"{split.scheme}://{split.netloc}"
