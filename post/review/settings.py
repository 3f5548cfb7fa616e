"""How a review is set up: where its films and its database lie, and who may sign in."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from post.api.settings import Settings

DATA = "review-data"
SESSION_S, LINK_S = 12 * 3600, 15 * 60
COMMENT_LETTERS, DRAWING_POINTS, BODY_BYTES = 10_000, 5_000, 512 << 10


@dataclass(frozen=True, slots=True)
class ProxySignIn:
    """Sign-in by a reverse proxy. header: holds the person's id; networks: whose requests are believed."""

    header: str
    networks: tuple[IPv4Network | IPv6Network, ...]


@dataclass(frozen=True, slots=True)
class OidcSignIn:
    """Sign-in by OpenID Connect. issuer: its address; client_id, secret: of this server, "" for a public client."""

    issuer: str
    client_id: str
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ReviewSettings:
    """One review.

    job: the job's file; out: where `finish` writes its films; data: the folder of the database, of kept films, and of
    what is made from them; database: an SQLAlchemy URL, "" for SQLite in `data`; url: the address that people open,
    such as https://review.example, "" for this machine's own; session_s: how long a sign-in lasts, in seconds; guests:
    whether people whom the people file does not name may sign in by proxy or OpenID Connect, as guests.
    """

    job: Path
    out: Path
    data: Path
    database: str = ""
    url: str = ""
    proxy: ProxySignIn | None = None
    oidc: OidcSignIn | None = None
    session_s: float = SESSION_S
    guests: bool = False
    own: Settings = field(default_factory=Settings)

    @property
    def secure(self) -> bool:
        """Whether people open it by TLS: cookies are then sent over TLS alone."""
        return self.url.startswith("https://")

    @property
    def database_url(self) -> str:
        """The database's URL as SQLAlchemy takes it, with the driver that is installed."""
        if not self.database:
            return f"sqlite:///{self.data / 'review.sqlite'}"
        scheme, _, rest = self.database.partition("://")
        return f"postgresql+pg8000://{rest}" if scheme in ("postgres", "postgresql") else self.database


def usual_data(job: Path) -> Path:
    """Returns the folder of a job's review: beside its file."""
    return job.parent / DATA
