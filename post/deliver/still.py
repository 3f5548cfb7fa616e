"""Makes a still of a film that is not rendered: one frame, drawn as a segment draws it, before any encoder."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from post.deliver.output_set import refuse_source
from post.values import Format, JobWarning, Segment, from_plain, plain

if TYPE_CHECKING:
    from post.engine import ContentStore, Store
    from post.job.model import Job
    from post.picture.kernel import Planes
    from post.values.array import Array
    from provenance.trust.lists import Anchors

# What a worker draws a still with. The process that asks it for one loads only this module: the others take half a
# second of processor time.
LOADS = ("post.deliver.labels", "post.prepare.plan_job", "post.render.segment")
# Of the two kinds of text in a PNG, iTXt is in UTF-8. Adobe's name for XMP there: XMP part 3, 1.1.5.
XMP_KEY, TITLE_KEY = b"XML:com.adobe.xmp", b"Title"
_HEAD = 8 + 25  # the signature, and IHDR, which is first
BAND = 64  # rows at a time, an even number: floats of a whole frame are new memory, which takes five times as long


@dataclass(frozen=True, slots=True, eq=False)
class DrawnStill:
    """One frame of a deliverable. frame: its number in the film of `frames`; png: the file; warnings: of
    what is planned of the film, the worst first."""

    name: str
    frame: int
    frames: int
    width: int
    height: int
    png: bytes
    warnings: tuple[JobWarning, ...]


def make_still(
    job: Job,
    anchors: Sequence[Anchors],
    stores: tuple[ContentStore, Store],
    wanted: tuple[str, str],
    out: Path,
) -> DrawnStill:
    """Returns a still of a keyed job, which is to be written to `out`.

    A still is wanted at once: how well titles can be read, which `plan` and `finish` also tell, is not measured for it.
    stores: where copies of its files are held, and where facts are looked up first and kept; wanted: a deliverable by
    its name ("" for the first), and the moment, such as "2.5s".
    Raises JobError for a moment that is no time, what `plan_job` raises, SourceError where a clip cannot be read, and
    OutputError where `out` is one of the job's own files.
    """
    from post.deliver.labels import labels_of
    from post.engine.pinned import pinned
    from post.plan.film_part import read_moment
    from post.prepare.plan_job import plan_job
    from post.render.segment import draw_alone

    (content, keep), (only, at) = stores, wanted
    name = only or job.deliver[0].name
    sources, plan = plan_job(job, anchors, content, name, keep, read_moment(at, "--at"))
    refuse_source(out, sources.originals, fix="choose another name for the still")
    (rendition,) = plan.renditions
    (segment,) = rendition.segments
    film, frame = rendition.format, rendition.shown.first
    with sources.naming(), pinned(sources.files(), sources.states) as files:
        planes = draw_alone(from_plain(Segment, plain(segment), files), 0)
    title = f"STILL, NOT THE FILM: {name}, frame {frame} of {film.length}"
    # An MP4's labels are the same words, and a PNG has a place for them too.
    labels = labels_of(sources, replace(rendition, name=name))
    texts = {TITLE_KEY: title.encode(), XMP_KEY: labels.xmp}
    png = png_of(planes, film, {key: text for key, text in texts.items() if text})
    return DrawnStill(name, frame, film.length, film.width, film.height, png, plan.warnings)


def png_of(planes: Planes, film: Format, texts: dict[bytes, bytes]) -> bytes:
    """Returns planes of a film as a PNG of display-encoded R'G'B', of 8 bits where the film has 8, else of 16.

    texts: in UTF-8, by keyword.
    """
    import cv2

    codes = _bgr_codes(planes, film)
    # OpenCV's own settings: a grainy 1080p frame takes 0.1 s and 3.2 MB; Pillow's take ten times as long for 2.9.
    _, made = cv2.imencode(".png", codes)
    png = made.tobytes()
    chunks = (_chunk(b"iTXt", key + b"\0\0\0\0\0" + text) for key, text in texts.items())
    return png[:_HEAD] + b"".join(chunks) + png[_HEAD:]


def _bgr_codes(planes: Planes, film: Format) -> Array:
    """Returns planes as display-encoded B'G'R', (height, width, 3): uint8 where the film has 8 bits, else uint16."""
    import numpy as np

    from post.picture.kernel import Planes, to_rgb

    height, width = planes.y.shape
    down = height // planes.cb.shape[0]
    made = np.empty((height, width, 3), np.uint8 if film.depth == 8 else np.uint16)
    for top in range(0, height, BAND):
        stop = min(top + BAND, height)
        # With the rows of chroma beside the band, of which its first and last rows are made too.
        first, last = max(0, top - 2), min(height, stop + 2)
        chroma = slice(first // down, last // down)
        part = Planes(planes.y[first:last], planes.cb[chroma], planes.cr[chroma])
        rgb = to_rgb(part, film.depth, film.colour, film.chroma)[top - first : stop - first]
        made[top:stop] = np.rint(np.clip(rgb[..., ::-1], 0, 1) * np.float32(np.iinfo(made.dtype).max))
    return made


def _chunk(kind: bytes, data: bytes) -> bytes:
    """Returns a chunk of a PNG. Source: ISO/IEC 15948, 5.3."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
