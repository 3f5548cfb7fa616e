"""Every timeline that others wrote conforms, retimes included, or is refused with a reason; the table says which."""

from __future__ import annotations

import os
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from post.errors import SourceError
from post.handoff.fcp7.read import read_fcp7
from post.handoff.fcpxml.read import read_fcpxml
from post.handoff.media import TakesFolder, file_name
from post.handoff.timeline import ReadTimeline, Timeline
from post.handoff.to_job import job_of
from post.job import load_job
from post.job.plain import job_text
from post.plan.shots import plan_shots
from post.values import Shot
from tests.plan.made import take

EXPORTS = "fcpxml/Tests/DAWFileToolsTests/FinalCutPro/Resources/FCPXML Exports"
# Frames, clips, retimes, transitions, titles; how many of its parts are refused.
OURS: dict[str, tuple[tuple[int, ...], int]] = {
    "fcpx_24.fcpxml": ((6311, 26, 14, 4, 0), 0),
    "fcpx_24With25Media.fcpxml": ((3911, 2, 2, 0, 0), 0),
    "fcpx_25i.fcpxml": ((738, 14, 2, 0, 0), 0),
    "fcpx_29.97.fcpxml": ((887, 14, 2, 0, 0), 0),
    "fcpx_example.fcpxml": ((4500, 12, 0, 3, 0), 1),
    "premiere_generators.xml": ((856, 0, 0, 0, 1), 2),
}
THEIRS: dict[str, tuple[tuple[int, ...], int]] = {
    "23.98": ((5348, 11, 4, 3, 0), 0),
    "25i": ((738, 14, 2, 0, 0), 0),
    "29.97": ((887, 14, 2, 0, 0), 0),
    "50": ((12641, 23, 14, 4, 0), 0),
    "59.94": ((15805, 26, 14, 4, 0), 0),
    "60": ((15790, 26, 14, 4, 0), 0),
    "Annotations": ((738, 1, 0, 0, 0), 0),
    "BasicMarkers": ((1919, 0, 0, 0, 1), 0),
    "BasicMarkers_1HourProjectStart": ((1919, 0, 0, 0, 1), 0),
    "Complex": ((11199, 2, 0, 0, 2), 1),
    "CompoundClips": ((752, 0, 0, 0, 2), 1),
    "DisabledClips": ((20438, 1, 1, 0, 1), 0),
    "Keywords": ((198, 6, 0, 0, 0), 0),
    "Occlusion": ((3121, 0, 0, 0, 4), 0),
    "Occlusion2": ((8436, 0, 0, 0, 0), 0),
    "StandaloneLibraryEventClip": ((2287, 5, 0, 0, 0), 0),
    "SyncClip": ((738, 1, 0, 0, 0), 0),
    "SyncClipRoles": ((8436, 1, 0, 0, 1), 0),
    "SyncClipRoles2": ((8436, 1, 0, 0, 1), 0),
    "TransitionMarkers1": ((720, 0, 0, 0, 3), 0),
}


@pytest.mark.parametrize("name", OURS)
def test_timelines_conform_as_the_table_says(name: str, media: Callable[[str], Path], tmp_path: Path) -> None:
    path = media(f"timelines/{name}")
    read = (read_fcpxml if path.suffix == ".fcpxml" else read_fcp7)(path)
    assert outcome(read, tmp_path) == OURS[name]


@pytest.mark.parametrize("name", THEIRS)
def test_exports_of_final_cut_conform_as_the_table_says(name: str, tmp_path: Path) -> None:
    root = os.environ.get("ANSWERPRINT_SUITES")
    if not root:
        pytest.skip("ANSWERPRINT_SUITES is unset: fcpxml")
    read = read_fcpxml(Path(root) / EXPORTS / f"{name}.fcpxml")
    assert outcome(read, tmp_path) == THEIRS[name]


def test_the_table_names_every_file(media: Callable[[str], Path]) -> None:
    here = {path.name for path in media("timelines").iterdir() if path.suffix in (".fcpxml", ".xml")}
    assert here == {*OURS, "premiere_example_filter.xml"}
    root = os.environ.get("ANSWERPRINT_SUITES")
    if root:
        assert {path.stem for path in (Path(root) / EXPORTS).iterdir()} == set(THEIRS)


def test_a_filter_alone_is_refused_with_what_to_do(media: Callable[[str], Path]) -> None:
    with pytest.raises(SourceError, match="not FCP7 XML") as caught:
        read_fcp7(media("timelines/premiere_example_filter.xml"))
    assert caught.value.fix


def outcome(read: ReadTimeline, folder: Path) -> tuple[tuple[int, ...], int]:
    """Conforms a timeline with stand-ins for its files, plans the job, and compares each shot with the timeline."""
    timeline = read.timeline
    media = {clip.media for clip in timeline.clips if not clip.media.make} | {
        s.media for s in timeline.sounds
    }
    for each in media:
        (folder / file_name(each)).write_bytes(each.name.encode())
    made = job_of(timeline, TakesFolder(folder), folder)
    (folder / "job.yaml").write_text(job_text(made.data))
    shots = planned(folder / "job.yaml", timeline)
    assert shots[-1].span.stop == timeline.length
    assert furthest(timeline, shots) < Fraction(1, 20)
    counts = (timeline.length, made.clips, made.retimes, made.transitions, len(timeline.titles))
    return counts, len(read.refused) + len(made.refused)


def planned(path: Path, timeline: Timeline) -> tuple[Shot, ...]:
    """Returns the shots of a conformed job, each take as long and as fast as its file says."""
    job = load_job(path)
    known = {file_name(clip.media): clip.media for clip in timeline.clips if not clip.media.make}
    takes = {}
    for each in job.takes:
        if each.made is not None:
            takes[each.name] = take(each.name, 1, kind="made")
            continue
        of = known[each.path.name]
        rate = of.rate or timeline.clock.rate
        takes[each.name] = take(each.name, int((of.length or 1) * rate), rate)  # type: ignore[arg-type]  # exact
    return plan_shots(job, takes)


def furthest(timeline: Timeline, shots: tuple[Shot, ...]) -> Fraction:
    """Returns by how many source frames shots differ from the clips that they were made of, at eight places of each."""
    off = Fraction(0)
    for clip, shot in zip(timeline.clips, shots, strict=True):
        shown = timeline.shown(clip)
        assert shot.span == shown
        if clip.media.make:
            continue
        rate = shot.take.picture.grid.rate
        for at in range(0, len(shown), max(1, len(shown) // 8)):
            wanted = clip.at(shown.first - clip.record.first + at, timeline.clock) * rate
            off = max(off, abs(wanted - shot.time(at)))
    return off
