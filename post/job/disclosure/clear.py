"""Keeps type clear of what the controls of the job's platforms cover."""

from __future__ import annotations

from dataclasses import replace

from post.job.diagnostics import Diagnostics
from post.job.model import Deliver
from post.job.reader import Section
from post.job.sections.design.platforms import clear_of


def clear_of_platforms(
    diagnostics: Diagnostics, deliver: Section, made: Deliver, platforms: tuple[str, ...]
) -> Deliver:
    """Returns a deliverable that is clear of the platforms of the whole job, where it names none of its own."""
    if "platform" in deliver.node.mapping or not (made.width and made.height):
        return made
    covered = set(diagnostics.shelves.names("platform"))
    shown = [name for name in platforms if name in covered]
    at, size = (deliver.spot("platform"), "platforms"), (made.width, made.height)
    return replace(made, clear=clear_of(diagnostics, shown, deliver.node, at, size)) if shown else made
