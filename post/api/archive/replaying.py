"""Makes the films of an archive again, from the archive alone, and compares every decoded frame."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from post.api.archive.aside import LOADS, films_aside, fresh_stores
from post.api.engines import LOCAL, WAIT_S, open_engine
from post.api.finishing import Meter, no_progress
from post.api.jobs import with_marks
from post.api.results import ReplayedArchive
from post.api.settings import Settings
from post.errors import JobError, SourceError

if TYPE_CHECKING:
    from post.archive.opened import OpenedArchive
    from post.archive.replay import Replayed
    from post.deliver.output_set import OutputSet
    from post.engine import WorkerPool
    from post.engine.cluster.client import DaskEngine


def replay_archive(
    archive: Path | str,
    out: Path | str | None = None,
    settings: Settings | None = None,
    *,
    workers: int = 0,
    progress: Meter = no_progress,
) -> ReplayedArchive:
    """Makes the films of an archive again, from the archive alone, and compares every decoded frame.

    archive: its folder; out: the folder for the films, None where they are not kept; workers: segments at once, 0 for
    one for each core; progress: as of `finish_job`. Returns what differs: frames, and the values that they were made
    with. Raises SourceError where there is no archive, ProvenanceError where its bag cannot be used, OutputError or
    RetryError where films cannot be written.
    """
    from post.archive.opened import open_archive
    from post.archive.replay import replay_json

    folder, own = Path(archive), settings or Settings()
    opened = open_archive(folder)
    with open_engine(LOCAL, workers, WAIT_S, LOADS) as pool, _placed(Path(out) if out else None) as output:
        found = _replay(pool, opened, own, output, progress)
        data = replay_json(found, folder, output.out if out else None)
        if out and not found.refused:
            _publish(output, found, data)
    progress("done", 1, 1)
    return ReplayedArchive(data, found.exit_code)


@contextmanager
def _placed(out: Path | None) -> Iterator[OutputSet]:
    """Gives a set for films that are made again. Raises OutputError where deliverables lie in the folder."""
    from post.deliver.output_set import RECEIPT, REPLAYS, output_set, read_receipts

    if out is None:
        with films_aside() as output:
            yield output
        return
    with output_set(out) as output:
        read_receipts(out / RECEIPT, REPLAYS)
        yield output


def _publish(output: OutputSet, found: Replayed, data: Mapping[str, object]) -> None:
    from post.archive.films import replay_receipt
    from post.atomic import write_whole
    from post.deliver.output_set import RECEIPT

    write_whole(output.work / RECEIPT, replay_receipt([each.name for each in found.films], data))
    output.publish()


def _replay(
    pool: WorkerPool | DaskEngine,
    opened: OpenedArchive,
    settings: Settings,
    output: OutputSet,
    progress: Meter,
) -> Replayed:
    from post.archive.approvals import judge_approvals
    from post.archive.films import decode_films, make_unsigned, other_films
    from post.archive.located import load_archived
    from post.archive.maker import read_maker
    from post.archive.replay import as_archived, compare_films, not_made
    from post.preflight.plan_versions import plan_versions
    from post.versions.planned import whole_plan

    maker = pool.call(read_maker)
    with fresh_stores() as (content, kept):
        try:
            read = pool.call(load_archived, opened.root, opened.job, opened.leads, opened.presets)
            anchors = opened.anchors()
            planned = pool.call(
                plan_versions, as_archived(with_marks(read, settings.config)), anchors, content, kept
            )
            done = make_unsigned(planned, (pool, kept), anchors, output, progress)
        except (JobError, SourceError) as fault:  # of what the archive holds
            return not_made(opened, str(fault), maker)
        films = [(each.rendition, each.made) for each in done.deliverables]
        shown = decode_films(pool, films, progress)
        found = compare_films(opened, whole_plan(planned), shown, maker)
        others = other_films(pool, opened)
        return replace(found, approvals=pool.call(judge_approvals, read, shown), others=others)


def film_in_archive(film: Path | str, archive: Path | str) -> str | None:
    """Returns the name of the film of an archive that shows and plays what a file does, frame for frame; None where
    none does.

    Raises SourceError for a file that cannot be decoded, and what `replay_archive` raises of the archive.
    """
    from post.archive.films import find_film
    from post.archive.opened import open_archive

    opened = open_archive(Path(archive))
    with open_engine(LOCAL, 1, WAIT_S, LOADS) as pool:
        return pool.call(find_film, Path(film), opened.frames, opened.sound_rates)
