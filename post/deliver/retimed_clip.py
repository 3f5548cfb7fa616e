"""Makes one clip at another speed, by the way a film's shots are made: probe, time, render, encode without loss."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Literal

from post.atomic import real_path, replacing
from post.errors import JobError, SourceError
from post.job.model import Cut
from post.knob import Knob
from post.measure import facts_of
from post.picture.kernel import Planes
from post.picture.reframe import Reframe
from post.picture.retime import Retime
from post.plan.between.sampling import decide_sampling
from post.plan.cut.timing import in_seconds, time_shot
from post.plan.segments import FilmTreatment, ShotTreatment, cut_segments
from post.prepare.facts import measures_to_retime
from post.render.clip_frames import framer_of
from post.render.encoder import open_encoder
from post.render.frame_planes import planes_of
from post.render.segment import draw
from post.render.worker_cache import open_reader
from post.sound.stages import ClipSound
from post.stage import call_of
from post.takes.decoded.moving import MovingFramer
from post.takes.probe import probe
from post.values import Colour, EncoderSettings, Format, Picture, Segment, Shot, Span, TimeMap
from post.values.colour import Chroma

SUFFIX = ".mkv"
# RFC 9043, version 3: every frame by itself, with a checksum in each slice.
FFV1 = EncoderSettings("ffv1", "matroska", (("level", "3"), ("g", "1"), ("slices", "4"), ("slicecrc", "1")))
Progress = Callable[[str, int, int], None]  # (what, done, total)


@dataclass(frozen=True, slots=True)
class RetimedClip:
    """A clip at another speed. time: which frame of its source each of its frames shows."""

    path: Path
    format: Format
    time: TimeMap


def retime_clip(source: Path, retime: Retime, length: str, path: Path, progress: Progress) -> RetimedClip:
    """Writes a clip's picture at another speed to `path` (Matroska, FFV1), at its own size, rate and colour.

    length: how long it is, as a duration, or "" for as long as the source lasts. Its sound is left out.
    Raises SourceError for a source that cannot be read, JobError for a speed that it is too short for.
    """
    if path.suffix.lower() != SUFFIX:
        raise JobError("not a clip's name", where="-o", expected=f"a name ending in {SUFFIX}", got=path.name)
    if real_path(path) == real_path(source):
        raise JobError("would overwrite its source", where="-o", got=str(path), fix="name another file")
    take = probe(source, source.name)
    if take.picture.stands_still:
        raise SourceError("stands still: it has no speed", where=source.name, expected="a clip or a sequence")
    clock = take.picture.grid
    length = str(Knob("how long it is", "duration").read(length, "--length")) if length else ""
    timed = time_shot(
        Cut(source.stem, take.name, source.name, retime, Reframe(), (), (), ClipSound(), length=length),
        take,
        clock,
    )
    if timed.lacking:
        raise JobError(
            "the clip is too short",
            where=source.name,
            expected=f"at most {in_seconds(timed.length - timed.lacking, clock)} at this speed",
            got=in_seconds(timed.length, clock),
            fix="make it shorter, slow it down, or hold its last frame",
        )
    film = _format(take.picture, timed.length)
    shot = Shot(source.stem, take, Span(0, timed.length), timed.time, retime.sampling, 0)
    facts = facts_of(source, take.picture, take.file.sha256, None, measures_to_retime(timed.cut, take, clock))
    (shot,), _ = decide_sampling([timed.cut], [shot], {take.name: facts})
    _render(film, _segments(shot, film), path, progress)
    return RetimedClip(path, film, timed.time)


def _segments(shot: Shot, film: Format) -> tuple[Segment, ...]:
    """Returns the shot as a film of its own, with nothing else done to it."""
    framing = Reframe()
    window = framing.window(shot.take.picture.shown, film.width, film.height)
    plain = ShotTreatment(window, call_of(framing), (), (), None, ())
    return cut_segments(film, [shot], [plain], FilmTreatment((), FFV1, ()))


def _format(picture: Picture, frames: int) -> Format:
    """Returns the format nearest to a clip's own: upright, in square pixels, of limited range."""
    width, height = (max(16, 2 * round(Fraction(side) / 2)) for side in picture.shown)
    depth: Literal[8, 10] = 8 if picture.depth <= 8 else 10
    chroma: Chroma = "420" if picture.chroma == "420" else "422"
    own = picture.colour
    colour = Colour(own.primaries, own.transfer, own.matrix, "limited")
    return Format(width, height, picture.grid, frames, depth, chroma, colour)


def _render(film: Format, segments: Sequence[Segment], path: Path, progress: Progress) -> None:
    with replacing(path) as part, open_encoder(Path(part.name), film, FFV1) as encoder:
        for segment in segments:
            for frame in segment.span:
                progress("retiming", frame, film.length)
                canvas = encoder.canvas()
                _draw(segment, frame, canvas.planes)
                encoder.write(canvas)
    progress("retiming", film.length, film.length)


def _draw(segment: Segment, frame: int, out: Planes) -> None:
    """Draws a frame; one that is a frame of the source, of the same format, is copied, for rendering dithers."""
    clip, film = segment.clips[0], replace(segment.format, length=1)
    number, weight = clip.frames[frame - segment.span.first]
    framer = framer_of(replace(clip, sampling="blend"), film)  # frames of the source itself are not converted
    if weight or isinstance(framer, MovingFramer) or framer.pixel_format != film.pixel_format:
        draw(segment, frame, out)
        return
    source = planes_of(framer.frame(open_reader(clip.file.here, clip.picture).frame(number)))
    for made, own in zip(out, source, strict=True):
        made[...] = own
