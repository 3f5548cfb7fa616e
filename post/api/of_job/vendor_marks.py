"""Tells which marks of generators the films of a job must still show, and where: a finished film is then compared with
its takes without a file of facts."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

from post.job.model import Job
from post.values import Rendition, Shot
from post.values.brand.guide import VendorMark
from post.values.media import File

FIELD = "visible_mark"  # of a take's record: a generator's mark that a person saw in its picture
# A mark: its name, and its take, frame and box as `VendorMark` has them.
_Placed = tuple[str, File, int, tuple[int, int, int, int]]


def marks_of_job(job: Job, film: Rendition) -> tuple[VendorMark, ...] | None:
    """Returns the marks that a film must show, each with the seconds that show its take.

    They are known where a take's record says that a mark is seen in it (`ingest --visible-mark`), and the shots of that
    take say which boxes no crop may cut (`keep`). None where no take has a mark, as far as is known, or where a shot of
    one does not say where it is: that is then for a person.
    """
    keep = {cut.name: cut.keep for cut in job.cut}
    found: dict[_Placed, list[tuple[Fraction, Fraction]]] = {}
    for shot in film.shots:
        name = _mark_of(job, shot)
        if not name:
            continue
        if not keep.get(shot.name):
            return None
        seconds = film.format.clock.seconds
        for number, box in enumerate(keep[shot.name], 1):
            placed = (
                f"{name} {number}" if number > 1 else name,
                shot.take.file,
                _frame(shot),
                _pixels(shot, box),
            )
            found.setdefault(placed, []).append((seconds(shot.span.first), seconds(shot.span.stop)))
    return tuple(VendorMark(*placed, tuple(shown)) for placed, shown in found.items()) or None


def shows_marks(job: Job) -> bool:
    """Says whether a generator's mark is seen in any take of a job, as far as is known."""
    return any(field == FIELD for take in job.takes for field, _, _ in take.record)


def _mark_of(job: Job, shot: Shot) -> str:
    """Returns the name of the mark that is seen in a shot's take, "" for none that is known."""
    refs = (each for each in job.takes if each.name == shot.take.name)
    record = (row for ref in refs for row in ref.record)
    return next((str(value) for field, value, _ in record if field == FIELD), "")


def _frame(shot: Shot) -> int:
    """Returns a frame of the take that the middle of a shot shows."""
    position = floor(shot.time(Fraction(len(shot.span) // 2)))
    return min(max(position, 0), shot.take.picture.length - 1)


def _pixels(shot: Shot, box: tuple[float, float, float, float]) -> tuple[int, int, int, int]:
    """Returns a box, in shares of the take's upright picture, in its pixels."""
    wide, high = (float(side) for side in shot.take.picture.shown)
    left, top, right, bottom = box
    return floor(left * wide), floor(top * high), ceil(right * wide), ceil(bottom * high)
