"""Says where a store is, in a form that travels to the process of a worker; and reads it from an address.

DIR                                  a folder, which workers on other machines may share
s3://BUCKET/PREFIX?endpoint=URL      an object store, with a folder of this machine in front of it
file:///DIR, memory://NAME           the same, of a folder or of this process's memory
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from post.errors import JobError, unknown

ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://")  # one letter would be a drive of Windows
# What may follow the question mark of an address.
OPTIONS = ("endpoint", "region", "profile")
CACHE_BYTES = 20_000_000_000  # of a remote store's results kept on this machine


@dataclass(frozen=True, slots=True)
class StorePlace:
    """Where a store is, and what its entries are sealed with.

    root: its folder; of a store elsewhere, the folder of this machine in front of it; url: where that is, "" for a
    folder; cache_bytes: how much of it may lie in `root`.
    """

    root: str
    seal_key: bytes
    url: str = ""
    cache_bytes: int = CACHE_BYTES

    def __repr__(self) -> str:
        return f"StorePlace({self.url or self.root})"  # never the secret


@dataclass(frozen=True, slots=True)
class StoreAddress:
    """The address of a store elsewhere. base: `protocol://bucket/prefix`; options: of those in OPTIONS."""

    protocol: str
    base: str
    options: tuple[tuple[str, str], ...] = ()


def is_address(text: str) -> bool:
    """Says whether a text names a store elsewhere, and not a folder."""
    return ADDRESS.match(text) is not None


def read_address(text: str, where: str = "--store") -> StoreAddress:
    """Returns the parts of a store's address.

    Raises JobError for one with credentials in it, without a bucket or folder, or with an option that there is not.
    """
    parts = urlsplit(text)
    if parts.username or parts.password:
        raise JobError(
            "an address holds no credentials: every process of the machine can read it", where=where,
            expected="credentials where the provider's own tools look for them",
            fix="set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or write ~/.aws/credentials",
        )  # fmt: skip
    if not (parts.netloc or parts.path.strip("/")):
        raise JobError(
            "names no place", where=where, expected="s3://BUCKET/PREFIX, or a folder", got=repr(text)
        )
    options = tuple(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    for name, _ in options:
        if name not in OPTIONS:
            raise unknown(name, OPTIONS, where, "option of a store's address")
    base = urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), "", ""))
    return StoreAddress(parts.scheme, base, options)
