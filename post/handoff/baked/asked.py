"""What may be asked of a baked hand-off."""

from __future__ import annotations

from post.errors import JobError


def refuse_idle(colours: bool, baked: bool, handles: str, start: int) -> None:
    """Raises JobError for an option that does nothing without another one. colours: whether a grade is written alone;
    handles, start: as they are given, "0f" and 0 where not."""
    if baked and colours:
        raise JobError("a grade has no plates", where="--baked", expected="--to with a timeline's format")
    if not baked and (handles != "0f" or start):
        raise JobError("says how plates are made", where="--handles or --start", fix="add --baked")
