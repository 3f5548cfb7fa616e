"""The tables of a review. Times are seconds since 1970 (UTC), frames count from 0, spans are half-open."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, deferred, mapped_column, relationship

# The schema that these classes describe; `migrate` holds the steps to it.
SCHEMA = 2


class Table(DeclarativeBase):
    """The base of all tables."""


class SchemaVersion(Table):
    """Which schema the database has: one row."""

    __tablename__ = "schema_version"
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class FilmRow(Table):
    """A film of the job: a deliverable by its name. latest: the number of its newest revision."""

    __tablename__ = "films"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(400), unique=True)
    latest: Mapped[int] = mapped_column(default=0)
    revisions: Mapped[list[RevisionRow]] = relationship(back_populates="film", order_by="RevisionRow.number")


class RevisionRow(Table):
    """One file of a film, as it was found. number: from 1; sha256: of the file; released: it is a deliverable, and no
    candidate for approval; state: "waiting" until its frames are read, then "ready" or "unreadable" (why: says it).

    rate: frames a second, as a fraction; timecode: of the first frame, "" for none; samples: of its sound, 0 for none;
    playable: a browser plays the file itself, else its proxy; frame_hashes: SHA-256 of each decoded frame, in
    order; sound_hashes: of the samples under each; receipt: what `finish` wrote of the film;
    watchable_s: from when the file was written until it could be watched here, None where that is not known.
    """

    __tablename__ = "revisions"
    __table_args__ = (UniqueConstraint("film_id", "number"), UniqueConstraint("film_id", "sha256"))
    id: Mapped[int] = mapped_column(primary_key=True)
    film_id: Mapped[int] = mapped_column(ForeignKey("films.id"))
    number: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    file_name: Mapped[str] = mapped_column(String(400))
    released: Mapped[bool]
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    why: Mapped[str] = mapped_column(Text, default="")
    frames: Mapped[int] = mapped_column(default=0)
    rate_numerator: Mapped[int] = mapped_column(default=24)
    rate_denominator: Mapped[int] = mapped_column(default=1)
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    samples: Mapped[int] = mapped_column(default=0)
    codec: Mapped[str] = mapped_column(String(40), default="")
    playable: Mapped[bool] = mapped_column(default=False)
    timecode: Mapped[str] = mapped_column(String(40), default="")
    seen_at: Mapped[float]
    watchable_s: Mapped[float | None]
    approved: Mapped[bool] = mapped_column(default=False)
    receipt: Mapped[dict[str, Any]] = deferred(mapped_column(JSON, default=dict))
    frame_hashes: Mapped[bytes] = deferred(mapped_column(LargeBinary, default=b""))
    sound_hashes: Mapped[bytes] = deferred(mapped_column(LargeBinary, default=b""))
    film: Mapped[FilmRow] = relationship(back_populates="revisions")
    spans: Mapped[list[SpanRow]] = relationship(order_by="SpanRow.first")


class SpanRow(Table):
    """A shot of a revision, by its name in the job. Shots overlap where a transition lies."""

    __tablename__ = "spans"
    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    first: Mapped[int]
    stop: Mapped[int]


class CommentRow(Table):
    """A note. revision_id, first, stop: the frames that it was written about; parent_id: the note that it answers;
    version: rises with each change, so that two people who change it at once are told; drawing: shapes over the first
    frame."""

    __tablename__ = "comments"
    __table_args__ = (Index("comments_of_film", "film_id", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    film_id: Mapped[int] = mapped_column(ForeignKey("films.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id"))
    first: Mapped[int]
    stop: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    drawing: Mapped[list[Any]] = mapped_column(JSON, default=list)
    author: Mapped[str] = mapped_column(String(200))
    author_name: Mapped[str] = mapped_column(String(200))
    author_kind: Mapped[str] = mapped_column(String(20))
    written_at: Mapped[float]
    changed_at: Mapped[float]
    resolved_by: Mapped[str] = mapped_column(String(200), default="")
    resolved_name: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1)


class CommentEdit(Table):
    """What a note said before and after each change: nothing that was said is lost. version: of the note, from 1."""

    __tablename__ = "comment_edits"
    __table_args__ = (UniqueConstraint("comment_id", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id"), index=True)
    version: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    drawing: Mapped[list[Any]] = mapped_column(JSON, default=list)
    resolved_by: Mapped[str] = mapped_column(String(200), default="")
    by: Mapped[str] = mapped_column(String(200))
    by_name: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[float]


class SignInRow(Table):
    """A session. token: the SHA-256 of its cookie's value; secret: what a page sends with each change; how: "link",
    "proxy" or "oidc"."""

    __tablename__ = "sessions"
    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    person: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    secret: Mapped[str] = mapped_column(String(64))
    how: Mapped[str] = mapped_column(String(20))
    started_at: Mapped[float]
    ends_at: Mapped[float] = mapped_column(index=True)


class LinkRow(Table):
    """A link for one sign-in, or for enrolling one key. token: the SHA-256 of what stands in it; use: "sign-in" or
    "enrol"."""

    __tablename__ = "links"
    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    use: Mapped[str] = mapped_column(String(20))
    person: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    ends_at: Mapped[float]


class PendingRow(Table):
    """What the server waits for: an answer of an OpenID provider (use "oidc"), or of a key (use "sign"). key: its
    SHA-256; person: whose, "" before sign-in."""

    __tablename__ = "pending"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    use: Mapped[str] = mapped_column(String(20))
    person: Mapped[str] = mapped_column(String(200), default="")
    content: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    ends_at: Mapped[float] = mapped_column(index=True)


class AttemptRow(Table):
    """A sign-in that failed. source: the SHA-256 of the address that it came from."""

    __tablename__ = "attempts"
    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[float]


class PasskeyRow(Table):
    """A key of a browser that a person enrolled. credential: its ID, by which a browser finds it; key: the ID that the
    people file's key has."""

    __tablename__ = "passkeys"
    credential: Mapped[str] = mapped_column(String(1400), primary_key=True)
    person: Mapped[str] = mapped_column(String(200), index=True)
    key: Mapped[str] = mapped_column(String(64))


class DecisionRow(Table):
    """A decision of the log, for lists and numbers. The signed log beside the job is what counts. statement: the
    SHA-256 of its envelope; decision: "approve", "reject" or "revoke"."""

    __tablename__ = "decisions"
    statement: Mapped[str] = mapped_column(String(64), primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), index=True)
    decision: Mapped[str] = mapped_column(String(20))
    gate: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(200))
    person: Mapped[str] = mapped_column(String(200))
    comment: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[float]
