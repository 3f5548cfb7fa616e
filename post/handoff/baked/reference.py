"""Makes the reference movie of a cut: the whole film, small, with its timecode, shot and source frame in the picture.

An editor lays it beside the conformed cut. It is the film as it is graded, titled and mixed, and is neither signed nor
marked: nobody may take it for the film.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from post.atomic import real_path
from post.deliver.labels import labels_of
from post.deliver.mux import join_segments
from post.handoff.baked.files import Workshop, make_in_store, published, refuse_sources
from post.handoff.from_plan import cut_points
from post.job.model import Deliver, Job
from post.picture.encode import Encode
from post.picture.title import Title
from post.plan.layers import LABEL
from post.plan.shots import source_frames
from post.prepare.sources import JobSources
from post.stage import call_of
from post.values import LayerInSegment, Plan, Pose, Rendition, Segment, Span, digest
from post.values.timecode import timecode

WIDTH, NAME = 960, "reference"
SAID = "REFERENCE"
CODED = Encode(codec="h264", crf=24, preset="veryfast")
SOUND = ("aac", 160_000)
LONGEST_ID = 24  # letters of a shot's id that are shown
# Small type on a plate, outside the safe area of titles; numbers of one width, so that it stands still.
_TYPE = Title(
    text=SAID, size=5.0, plate=True, shadow=0.0, fade_in="0f", fade_out="0f", features="tnum",
    margin=2.0, tall_top=2.0, tall_bottom=2.0, tall_sides=2.0, lines=3,
)  # fmt: skip


def with_reference(job: Job, only: str) -> Job:
    """Returns the job with a small deliverable of the whole film beside the one that is handed off.

    only: that one's name, "" for the first; a name of none leaves the job as it is.
    """
    chosen = next((each for each in job.deliver if each.name == only or not only), None)
    return replace(job, deliver=(chosen, _small(chosen))) if chosen is not None else job


def _small(film: Deliver) -> Deliver:
    width = min(WIDTH, film.width)
    height = max(16, 2 * round(film.height * width / film.width / 2))
    codec, bitrate = SOUND
    return replace(
        film, name=NAME, width=width, height=height, depth=8, chroma="420", container="mp4", encode=CODED,
        audio_codec=codec, audio_bitrate=bitrate,
    )  # fmt: skip


def make_reference(planned: tuple[JobSources, Plan], out: Path, workshop: Workshop) -> dict[str, Any]:
    """Makes the reference movie of a planned job beside `out`, the timeline's file, and returns it as JSON.

    planned: of a job as `with_reference` returns it. Raises what `make_plates` raises.
    """
    (sources, plan), path = planned, out.with_name(f"{out.stem}-reference.mp4")
    film = burnt_in(plan.renditions[1])
    refuse_sources([path], sources)
    make_in_store([film], planned, "making the reference", workshop)
    sound = partial(workshop.store.open, digest(film.mix)) if film.mix.events else None
    with published([path]) as (part,), sources.naming():
        parts = [partial(workshop.store.open, digest(segment)) for segment in film.segments]
        join_segments(film, parts, sound, part, labels_of(sources, film))
    form = film.format
    return {
        "path": str(real_path(path)), "frames": form.length, "width": form.width, "height": form.height,
        "sound": sound is not None, "signed": False,
    }  # fmt: skip


def burnt_in(film: Rendition) -> Rendition:
    """Returns a rendition whose every frame says what it is: record timecode, shot, and frame of its take.

    In a transition it is the shot that an editor's cut has there. Takes count frames from 0, on their own grid.
    """
    return replace(
        film, segments=tuple(_with_layers(each, film).shift(-each.span.first) for each in film.on_film)
    )


def _with_layers(segment: Segment, film: Rendition) -> Segment:
    edge = _free_edge(film)
    label = _layer(segment.span, SAID, f"{edge}-left")
    shown = (
        _layer(Span(frame, frame + 1), text, f"{edge}-right") for frame, text in _texts(segment.span, film)
    )
    # An invisible mark would lead whoever finds it to the film itself.
    return replace(segment, layers=(*segment.layers, label, *shown), finishes=())


def _free_edge(film: Rendition) -> str:
    """Returns the edge of the picture that has no AI label: nothing covers that, here neither."""
    labels = [
        layer.call.knob("place")
        for segment in film.segments
        for layer in segment.layers
        if layer.call.stage == LABEL
    ]
    return "top" if any("bottom" in str(place) for place in labels) else "bottom"


def _layer(span: Span, text: str, place: str) -> LayerInSegment:
    return LayerInSegment(call_of(replace(_TYPE, text=text, place=place)), span, (Pose(),) * len(span))


def _texts(span: Span, film: Rendition) -> Iterator[tuple[int, str]]:
    cuts = cut_points(film.shots)
    for frame in span:
        shot = film.shots[sum(cut <= frame for cut in cuts[1:-1])]
        ((number, _),) = source_frames(shot, Span(frame, frame + 1))
        yield frame, f"{timecode(frame, film.format.clock.rate)}  {shot.name[:LONGEST_ID]}  {number}"
