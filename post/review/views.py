"""What the server's routes return: values that become JSON, and that the pages' templates read.

Frames count from 0, spans are half-open (`first`, `stop`), rates are fractions ([30000, 1001]), times are seconds since
1970 (UTC).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class VisitorView:
    """Who looks. kind: "person", "agent" or "guest"; secret: what a page sends as X-Review-Secret with each change."""

    id: str
    name: str
    kind: str
    roles: tuple[str, ...]
    secret: str


@dataclass(frozen=True, slots=True)
class RevisionRowView:
    """A revision in a list. state: "waiting", "ready" or "unreadable" (why); released: no candidate any more."""

    id: int
    number: int
    sha256: str
    file_name: str
    released: bool
    approved: bool
    state: str
    why: str
    frames: int
    rate: tuple[int, int]
    width: int
    height: int
    seen_at: float


@dataclass(frozen=True, slots=True)
class FilmRowView:
    """A film in a list. shown: the revision that opens first: the newest approved one, else the newest; latest: the
    newest; open_comments: notes that are not resolved."""

    id: int
    name: str
    revisions: int
    shown: RevisionRowView
    latest: RevisionRowView
    open_comments: int


@dataclass(frozen=True, slots=True)
class FilmPage:
    """A page of the list of films. next: pass it as `after` for the following page; None at the end."""

    films: list[FilmRowView]
    next: str | None


@dataclass(frozen=True, slots=True)
class RevisionPage:
    """A page of a film's revisions, newest first. next: as in FilmPage."""

    revisions: list[RevisionRowView]
    next: int | None


@dataclass(frozen=True, slots=True)
class MediaView:
    """What a <video> plays. url: None until it can be watched; proxy: it is no copy of the film's own picture."""

    url: str | None
    type: str
    proxy: bool


@dataclass(frozen=True, slots=True)
class ReferenceView:
    """A film that the brief refers to. says: what it is an example of; frames: its length."""

    url: str
    says: str
    rate: tuple[int, int]
    frames: int


@dataclass(frozen=True, slots=True)
class ShotView:
    """A shot; shots overlap where a transition lies."""

    name: str
    first: int
    stop: int


@dataclass(frozen=True, slots=True)
class MarkerView:
    """A place of the timeline. kind: "warning" or "check"; rank: of a warning; where: in the job, "job.yaml:21"."""

    kind: str
    code: str
    text: str
    rank: str
    first: int
    stop: int
    where: str = ""


@dataclass(frozen=True, slots=True)
class CommentView:
    """A note. revision, first, stop: what it was written about; at: where it stands in the revision that is shown;
    carried: "here" (written about this revision), "same" (the same frames are in this revision) or "changed" (they are
    not: `at` is then the place by number); version: to send with a change.

    drawing: see the README; parent: the note that it answers; resolved_by, resolved_name: the ID and the name of who
    did, "" while it is open; edits: how often it was changed: its text, its drawing, or whether it is resolved.
    """

    id: int
    revision: int
    revision_number: int
    first: int
    stop: int
    at: tuple[int, int]
    carried: str
    parent: int | None
    text: str
    drawing: list[Any]
    author: str
    author_name: str
    author_kind: str
    own: bool
    written_at: float
    changed_at: float
    resolved_by: str
    resolved_name: str
    version: int
    edits: int


@dataclass(frozen=True, slots=True)
class CommentList:
    """All notes of a film, as they stand in one revision; mark: changes when any of them does."""

    comments: list[CommentView]
    mark: str


@dataclass(frozen=True, slots=True)
class EditView:
    """What a note said at one version. by, by_name: the ID and the name of who made it so."""

    version: int
    text: str
    drawing: list[Any]
    resolved_by: str
    by: str
    by_name: str
    at: float


@dataclass(frozen=True, slots=True)
class ChangeView:
    """How a revision differs from another. spans: frames of this revision that are not in the other; removed: frames of
    the other that are not in this one; seams: frames of this revision before which frames were taken out, or moved;
    sound: frames that are the same, with other sound under
    them; frames: how many pictures differ in all; known: False until both are read."""

    revision: int
    against: int
    known: bool
    spans: list[tuple[int, int]]
    removed: list[tuple[int, int]]
    seams: list[int]
    sound: list[tuple[int, int]]
    frames: int


@dataclass(frozen=True, slots=True)
class ThumbnailView:
    """One JPEG with small pictures in rows. frames: the frame that each shows, in reading order."""

    url: str
    width: int
    height: int
    columns: int
    frames: list[int]


@dataclass(frozen=True, slots=True)
class PlayerView:
    """Everything that the player needs of a revision.

    cuts: first frames of shots after the first; start: timecode of the first frame, as a count of frames; drop_frame:
    timecode leaves numbers out; waveform: the address of
    {samples, rate_hz, low, high}, a column each, in hundredths of full scale, the columns filling the film's length;
    previous: the revision before this one; approved: the newest approved one, if it is another; None where there is
    none; reference: the first film of the brief's references, to wipe against.
    """

    film: int
    name: str
    revision: RevisionRowView
    media: MediaView
    start: int
    drop_frame: bool
    shots: list[ShotView]
    cuts: list[int]
    markers: list[MarkerView]
    thumbnails: ThumbnailView | None
    waveform: str | None
    previous: RevisionRowView | None
    previous_media: MediaView | None
    approved: RevisionRowView | None
    approved_media: MediaView | None
    reference: ReferenceView | None
