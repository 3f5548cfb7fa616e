"""What may be asked of a baked hand-off."""

from __future__ import annotations

from post.errors import JobError


def refuse_idle(colours: bool, media: tuple[bool, bool], handles: str, start: int) -> None:
    """Raises JobError for an option that does nothing without another one. colours: whether a grade is written alone;
    media: whether plates, and a reference movie; handles, start: as they are given, "0f" and 0 where not."""
    baked, reference = media
    if colours and (baked or reference):
        where = "--baked" if baked else "--reference"
        raise JobError("a grade has no media", where=where, expected="--to with a timeline's format")
    if not baked and (handles != "0f" or start):
        raise JobError("says how plates are made", where="--handles or --start", fix="add --baked")
