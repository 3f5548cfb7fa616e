"""Shows the frame of a finished film that a warning is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from post.deliver.finish import Deliverable
from post.report.contact_sheet import Still, film_picture, pack_still
from post.takes.still import read_stills
from post.values.timecode import timecode
from post.values.warning import JobWarning

AREA = 480 * 270  # pixels: type that can be read in the film can be read in it


@dataclass(frozen=True, slots=True)
class WarnedFrame:
    """A frame of a film. at: its timecode; film: the film's name."""

    still: Still
    at: str
    film: str


def warned_frames(
    warnings: Iterable[JobWarning], films: Sequence[Deliverable]
) -> dict[JobWarning, WarnedFrame]:
    """Returns the frame of each warning that is about one of these films, decoded from its file.

    Raises SourceError where a film can no longer be read.
    """
    shown = {film.rendition.name: film for film in films}
    wanted = [each for each in warnings if each.frame is not None and each.films and each.films[0] in shown]
    found: dict[JobWarning, WarnedFrame] = {}
    for name in dict.fromkeys(each.films[0] for each in wanted):
        film, of_film = shown[name], [each for each in wanted if each.films[0] == name]
        frames = [each.frame for each in of_film if each.frame is not None]
        made = film.rendition.format
        picture = film_picture(made, film.rendition.segments[0].encoder.codec)
        stills = {
            number: pack_still(image) for number, image in read_stills(film.made, picture, frames, AREA)
        }
        for each in of_film:
            if each.frame in stills:
                at = timecode(each.frame, made.clock.rate)
                found[each] = WarnedFrame(stills[each.frame], at, name)
    return found
