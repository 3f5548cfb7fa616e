"""Says what a file of an editor cannot hold, and what of such a file cannot be used here."""

from __future__ import annotations

from dataclasses import dataclass

from post.printable import printable


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that is not in what was written or read, although the rest is.

    what: the thing, such as "grade" or "title style"; where: the shot, title or sound that it belongs to, by its id or
    name; why: what the format has in its place.
    """

    what: str
    where: str
    why: str

    def row(self) -> dict[str, str]:
        """Returns it as JSON, each text safe to show."""
        return {"what": printable(self.what), "where": printable(self.where), "why": printable(self.why)}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A part of an editor's file that has no right meaning in a job.

    where: its place, such as "cut.fcpxml:41: clip 'dog'"; why: what it is, and what to do.
    """

    where: str
    why: str

    def row(self) -> dict[str, str]:
        """Returns it as JSON, each text safe to show."""
        return {"where": printable(self.where), "why": printable(self.why)}
