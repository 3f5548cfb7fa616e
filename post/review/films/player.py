"""Gathers what the player needs of a revision."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from post.review.database.tables import FilmRow, RevisionRow
from post.review.films.changed import map_frames
from post.review.films.listing import newest_approved, revision_view
from post.review.films.media_store import PROXY, TYPES, MediaStore
from post.review.films.references import BriefReferences
from post.review.views import (
    ChangeView,
    MarkerView,
    MediaView,
    PlayerView,
    ShotView,
    ThumbnailView,
)
from post.values.timecode import can_drop, read_timecode


def player_view(
    db: Session, media: MediaStore, revision: RevisionRow, references: BriefReferences
) -> PlayerView:
    """Returns what the player needs of a revision. references: of the job's brief."""
    film = db.get_one(FilmRow, revision.film_id)
    before = db.scalars(
        select(RevisionRow)
        .where(RevisionRow.film_id == film.id, RevisionRow.number < revision.number)
        .order_by(RevisionRow.number.desc())
        .limit(1)
    ).first()
    approved = newest_approved(db, film.id)
    approved = approved if approved is not None and approved.id != revision.id else None
    rate = Fraction(revision.rate_numerator, revision.rate_denominator)
    start, drop = first_timecode(revision.timecode, rate)
    shots = [ShotView(each.name, each.first, each.stop) for each in revision.spans]
    return PlayerView(
        film=film.id, name=film.name, revision=revision_view(revision), media=media_view(media, revision),
        start=start, drop_frame=drop, shots=shots, cuts=cuts_of(shots),
        markers=_markers(revision.receipt, revision.frames), thumbnails=_thumbnails(media, revision),
        waveform=f"/media/{revision.id}/waveform.json" if revision.samples and revision.state == "ready" else None,
        previous=revision_view(before) if before else None,
        previous_media=media_view(media, before) if before else None,
        approved=revision_view(approved) if approved else None,
        approved_media=media_view(media, approved) if approved else None,
        reference=references.view(film.name, revision.id),
    )  # fmt: skip


def media_view(media: MediaStore, revision: RevisionRow) -> MediaView:
    """Returns what a browser plays of a revision."""
    if revision.playable:
        path = media.film(revision.sha256)
        kind = TYPES.get(path.suffix, "video/mp4") if path else "video/mp4"
        # Browsers that read QuickTime files as MP4 refuse them under their own type.
        kind = "video/mp4" if kind == "video/quicktime" else kind
        return MediaView(f"/media/{revision.id}/film" if path else None, kind, proxy=False)
    there = media.made(revision.sha256, PROXY) is not None
    return MediaView(f"/media/{revision.id}/proxy.mp4" if there else None, "video/mp4", proxy=True)


def cuts_of(shots: Sequence[ShotView]) -> list[int]:
    """Returns the first frame of each shot after the first; the middle of a transition, where shots overlap."""
    ordered = sorted(shots, key=lambda each: (each.first, each.stop))
    return [(max(b.first, min(a.stop, b.stop)) + b.first) // 2 for a, b in pairwise(ordered)]


def change_view(db: Session, revision: int, against: int) -> ChangeView | None:
    """Returns how a revision differs from another of the same film; None where one of them is not there."""
    wanted = select(RevisionRow).where(RevisionRow.id.in_([revision, against]))
    rows = {
        row.id: row
        for row in db.scalars(
            wanted.options(undefer(RevisionRow.frame_hashes), undefer(RevisionRow.sound_hashes))
        )
    }
    here, other = rows.get(revision), rows.get(against)
    if here is None or other is None or here.film_id != other.film_id:
        return None
    known = here.state == other.state == "ready"
    if not known:
        return ChangeView(revision, against, known=False, spans=[], removed=[], seams=[], sound=[], frames=0)
    found = map_frames(other.frame_hashes, here.frame_hashes)
    spans, sound = found.changed(), found.changed_sound(other.sound_hashes, here.sound_hashes)
    return ChangeView(
        revision, against, known=True, spans=spans, removed=found.removed(), seams=found.seams(),
        sound=sound, frames=sum(stop - first for first, stop in spans),
    )  # fmt: skip


def _markers(receipt: dict[str, Any], frames: int) -> list[MarkerView]:
    """Returns the warnings of a receipt that are about a frame or a shot."""
    spans = {name: (first, stop) for name, first, stop in receipt.get("shots", [])}
    found = []
    for row in receipt.get("warnings", []):
        named = str(row.get("of", "")).removeprefix("shot ")
        frame = row.get("frame")
        first, stop = (frame, frame + 1) if isinstance(frame, int) else spans.get(named, (0, frames))
        text = "; ".join(str(row[key]) for key in ("of", "what", "got", "fix") if row.get(key))
        found.append(MarkerView("warning", row["code"], text, row["rank"], first, stop, row.get("where", "")))
    return found


def first_timecode(text: str, rate: Fraction) -> tuple[int, bool]:
    """Returns the count of frames of a film's first timecode, and whether it drops numbers; 0 and False for none."""
    try:
        return read_timecode(text, rate), ";" in text and can_drop(rate)
    except ValueError:
        return 0, False


def _thumbnails(media: MediaStore, revision: RevisionRow) -> ThumbnailView | None:
    about = media.made(revision.sha256, "thumbnails.json")
    if about is None or revision.state != "ready":
        return None
    found = json.loads(about.read_text("utf-8"))
    url = f"/media/{revision.id}/thumbnails.jpg"
    return ThumbnailView(url, found["width"], found["height"], found["columns"], found["frames"])
