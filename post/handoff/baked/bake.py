"""Makes the plates of a cut beside its timeline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from post.handoff.baked.cut import baked_losses, baked_timeline
from post.handoff.baked.files import Workshop, make_plates
from post.handoff.baked.plates import plan_plates
from post.handoff.losses import Loss
from post.handoff.timeline import Timeline
from post.knob import Knob, duration_frames
from post.prepare.sources import JobSources
from post.values import Plan

_HANDLES = Knob("how much more of its take a plate has at each end", "duration")


def bake(
    live: Timeline,
    planned: tuple[JobSources, Plan],
    out: Path,
    asked: tuple[str, int],
    workshop: Workshop,
) -> tuple[Timeline, tuple[Loss, ...], list[dict[str, Any]]]:
    """Makes the plates of a planned job in a folder beside `out`, the timeline's file.

    live: the cut of takes; asked: the handles, a duration, and the number of each plate's first frame. Returns the cut
    of plates, what they lose of the film, and each plate as JSON. Raises JobError for handles that are no duration,
    and what `make_plates` raises.
    """
    rendition, clock = planned[1].renditions[0], planned[1].clock
    handles = duration_frames(str(_HANDLES.read(asked[0], "--handles")), clock)
    plates = plan_plates(rendition, handles)
    files = make_plates(plates, planned, out.with_name(f"{out.stem}-media"), asked[1], workshop)
    lost = tuple(baked_losses(live, files, handles))
    return baked_timeline(live, rendition, files), lost, [file.row(clock) for file in files]
