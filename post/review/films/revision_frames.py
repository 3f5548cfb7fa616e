"""Gives a revision's frames as approvals bind to them."""

from __future__ import annotations

from post.review.database.tables import RevisionRow
from post.review.films.changed import split_hashes
from provenance.approval.frames import FilmFrames


def frames_of(revision: RevisionRow) -> FilmFrames | None:
    """Returns the frames and the sound of a revision, by their hashes; None until they are read."""
    if revision.state != "ready":
        return None
    picture, sound = (
        tuple(each.hex() for each in split_hashes(hashes))
        for hashes in (revision.frame_hashes, revision.sound_hashes)
    )
    return FilmFrames(f"{revision.rate_numerator}/{revision.rate_denominator}", picture, sound)
