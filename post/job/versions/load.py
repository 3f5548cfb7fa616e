"""Reads a job file as the jobs that it stands for: one for each of its versions, each whole and checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from post.job.diagnostics import Diagnostics
from post.job.load import read_job, read_root
from post.job.model import Cut, Deliver, Job
from post.job.reader import Section
from post.job.sections.sounds import LISTS
from post.job.template import TemplateClip
from post.job.version_of import VersionOf
from post.job.versions.contradictions import report_contradictions
from post.job.versions.matrix import AxisValue, VersionMatrix, read_matrix
from post.job.versions.overlay import JobOverlay, LaidJob
from presets import Node

# Lists whose entries lie at a time of the film, with the keys that say it; captions by the times in their files.
TIMED = {"titles": ("at", "last"), "brand": ("at", "last"), "captions": ("file",)}


@dataclass(frozen=True, slots=True)
class _Written:
    """One version as it is written: its keys, its values on the axes, what was laid, and the numbers of its films."""

    laid: LaidJob
    values: tuple[AxisValue, ...]
    overlays: tuple[JobOverlay, ...]
    films: tuple[int, ...]


def load_versions(path: Path, clip: TemplateClip | None = None) -> tuple[Job, ...]:
    """Returns the jobs that a file stands for, in the order of its axes; of a file without versions, the job itself.

    clip: where the file is a template, what is put into it. Deliverables with an overlay of their own are jobs of their
    own. Raises what `load_job` does, with the faults of all versions at once, each where it is written.
    """
    diagnostics, root = Diagnostics(path), read_root(path, clip)
    base = read_job(diagnostics, root)
    matrix = read_matrix(diagnostics, Section(diagnostics.of_version(), "job", root, ""))
    if matrix is not None:
        report_contradictions(diagnostics, matrix)
    jobs = [_job(diagnostics, each, base, matrix) for each in _written(diagnostics, root, matrix)]
    _refuse_same_names(diagnostics, matrix, jobs)
    diagnostics.close()
    if clip is None:
        return tuple(jobs)
    return tuple(
        replace(each, signoff=replace(each.signoff, clip=clip.sha256, clip_name=clip.name)) for each in jobs
    )


def _written(diagnostics: Diagnostics, root: Node, matrix: VersionMatrix | None) -> Iterator[_Written]:
    """Yields each version, its overlays laid; those of presets before what the axes say themselves."""
    for values in matrix.combinations if matrix else ((),):
        laid = LaidJob(diagnostics, root.without("versions"))
        own = [JobOverlay(value.node.without("preset"), value.place) for value in values]
        overlays = [*_presets(diagnostics, values), *own]
        for overlay in overlays:
            laid.lay(overlay)
        yield from _each_deliverable(laid, values, tuple(overlays))


def _presets(diagnostics: Diagnostics, values: Sequence[AxisValue]) -> Iterator[JobOverlay]:
    for value in values:
        named = value.node.mapping.get("preset")
        found = diagnostics.preset("overlay", named, f"{value.place}.preset") if named else None
        if found is not None:
            yield JobOverlay(found, value.place, preset=True)


def _each_deliverable(
    laid: LaidJob, values: tuple[AxisValue, ...], overlays: tuple[JobOverlay, ...]
) -> Iterator[_Written]:
    """Yields a version: its deliverables that share everything, then each that has an overlay of its own."""
    deliver = laid.root.mapping.get("deliver")
    items = deliver.items if deliver else ()
    apart = [number for number, item in enumerate(items) if "overlay" in item.mapping]
    shared = tuple(number for number in range(len(items)) if number not in apart)
    if shared or not items:
        yield _Written(laid, values, overlays, shared)
    for number in apart:
        over = JobOverlay(items[number].mapping["overlay"], f"deliver[{number}].overlay")
        if "deliver" in over.node.mapping:
            what = "an overlay of a deliverable that changes which there are"
            laid.diagnostics.say(what, over.node.mapping["deliver"], f"{over.place}.deliver")
            continue
        own = LaidJob(laid.diagnostics, laid.root, set(laid.left_out), list(laid.told))
        own.lay(over)
        yield _Written(own, values, (*overlays, over), (number,))


def _job(diagnostics: Diagnostics, written: _Written, base: Job, matrix: VersionMatrix | None) -> Job:
    """Returns the job that a version is, its films named."""
    if not written.overlays and not written.values:
        return replace(
            base,
            deliver=tuple(base.deliver[number] for number in written.films if number < len(base.deliver)),
        )
    job = read_job(diagnostics.of_version(), written.laid.root)
    values = {value.axis: value.name for value in written.values}
    names = {
        each.name: matrix.template.name(each.name, values) if matrix else each.name for each in job.deliver
    }
    captions = tuple(
        replace(each, deliver=tuple(names.get(name, name) for name in each.deliver)) for each in job.captions
    )
    films = [job.deliver[number] for number in written.films if number < len(job.deliver)]
    left_out = tuple(cut.name for cut in job.cut if cut.name in written.laid.left_out)
    moved = bool(left_out) or _times(job.cut) != _times(base.cut)
    version = VersionOf(
        tuple(values.items()),
        tuple(each.name for each in films),
        left_out,
        _bare(base.cut) if moved else (),
        tuple(dict.fromkeys(written.laid.told)),
    )
    deliver = tuple(replace(each, name=names[each.name]) for each in films)
    return _with_own_times(
        replace(job, deliver=deliver, captions=captions, version=version), set(_placed(written))
    )


def _with_own_times(job: Job, placed: set[str]) -> Job:
    """Returns a job in which what a version itself puts at a time says so. placed: the dotted places of it."""
    if not placed:
        return job
    sounds, before = list(job.sounds), 0
    for key, kind in LISTS.items():
        for number in range(sum(type(each.stage) is kind for each in job.sounds)):
            if f"sound.{key}[{number}]" in placed:
                sounds[before + number] = replace(sounds[before + number], own_time=True)
        before += sum(type(each.stage) is kind for each in job.sounds)

    def own(place: str, number: int) -> bool:
        return f"{place}[{number}]" in placed

    return replace(
        job,
        titles=tuple(replace(each, own_time=own("titles", number)) for number, each in enumerate(job.titles)),
        brand=tuple(replace(each, own_time=own("brand", number)) for number, each in enumerate(job.brand)),
        captions=tuple(
            replace(each, own_time=own("captions", number)) for number, each in enumerate(job.captions)
        ),
        sounds=tuple(sounds),
    )


def _bare(cut: tuple[Cut, ...]) -> tuple[Cut, ...]:
    """Returns shots with what decides their time, and nothing of their picture."""
    return tuple(replace(each, colour=(), effects=(), repairs=(), match=None) for each in cut)


def _times(cut: tuple[Cut, ...]) -> list[tuple[object, ...]]:
    """Returns what decides when each shot is shown."""
    return [
        (
            each.name,
            each.take,
            each.retime,
            each.start,
            each.stop,
            each.length,
            each.transition_length,
            each.handles,
        )
        for each in cut
    ]


def _placed(written: _Written) -> Iterator[str]:
    """Yields the dotted places of what an overlay that changes the cut puts at a time of its own."""
    own = {id(node) for each in written.overlays if "cut" in each.node.mapping for node in _nodes(each.node)}
    root = written.laid.root.mapping
    lists = [(key, root[key], keys) for key, keys in TIMED.items() if key in root]
    sound = root["sound"].mapping if "sound" in root else {}
    lists += [(f"sound.{key}", sound[key], ("at",)) for key in LISTS if key in sound]
    for place, node, keys in lists:
        for number, item in enumerate(node.items):
            if id(item) in own or any(id(item.mapping.get(key)) in own for key in keys):
                yield f"{place}[{number}]"


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for item in (*node.mapping.values(), *node.items):
        yield from _nodes(item)


def _refuse_same_names(diagnostics: Diagnostics, matrix: VersionMatrix | None, jobs: Sequence[Job]) -> None:
    """Reports a name that two films would have: a template leaves out an axis, say. Case does not tell files apart."""
    taken: dict[str, str] = {}
    for job in jobs:
        for each in job.deliver:
            said = _said(job, each)
            first = taken.setdefault(each.name.lower(), said)
            if first != said and matrix is not None:
                missing = [axis for axis, _ in _axes(job) if f"{{{axis}}}" not in matrix.template.text]
                fix = f"write {' and '.join(f'{{{axis}}}' for axis in missing) or 'another name'} into it"
                diagnostics.say(
                    "two versions have the same name", matrix.template.node, matrix.template.place,
                    expected=f"another name than that of {first}", got=each.name, fix=fix,
                )  # fmt: skip
                return


def _axes(job: Job) -> tuple[tuple[str, str], ...]:
    return job.version.axes if job.version else ()


def _said(job: Job, deliver: Deliver) -> str:
    return " ".join((deliver.where, *(f"{axis} {value}" for axis, value in _axes(job))))
