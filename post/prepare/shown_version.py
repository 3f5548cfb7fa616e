"""Leaves in a job's sources what one of its versions shows."""

from __future__ import annotations

from dataclasses import replace

from post.plan.cut.version_cut import cut_version
from post.prepare.original_files import files_of
from post.prepare.sources import JobSources
from post.values.warning import JobWarning


def show_version(sources: JobSources) -> tuple[JobSources, tuple[JobWarning, ...]]:
    """Returns the sources of a version, and what should be known of it; those of a job that is none, as they are.

    Raises Problems where a cut does not fit its takes.
    """
    version = sources.job.version
    if version is None:
        return sources, ()
    made = cut_version(sources.job, sources.takes, sources.sounds)
    used = {cut.take for cut in made.job.cut}
    files = {sound.file for sound in made.sounds} | {
        *files_of((made.job.brand, made.job.marks, made.job.titles))
    }
    left = replace(
        sources,
        job=made.job,
        takes={name: take for name, take in sources.takes.items() if name in used},
        sounds=made.sounds,
        elements=tuple(
            each for each in sources.elements if each.relationship == "inputTo" or each.file in files
        ),
    )
    films = tuple(each.name for each in made.job.deliver)
    unused = (JobWarning("overlay-unused", what, where=where, films=films) for where, what in version.told)
    return left, (*made.told, *unused)
