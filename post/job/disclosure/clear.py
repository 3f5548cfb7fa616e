"""Keeps type, and labels, clear of what the controls of platforms cover."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from post.job.diagnostics import Diagnostics
from post.job.disclosure.model import DisclosureAsked
from post.job.model import Deliver
from post.job.reader import Section
from post.job.sections.design.platforms import clear_of

ZONE = "label.zone"  # the check of a policy's rule that names platforms


def clear_of_platforms(
    diagnostics: Diagnostics, deliver: Section, made: Deliver, asked: DisclosureAsked
) -> Deliver:
    """Returns a deliverable that is clear of the platforms of the whole job, where it names none of its own; and whose
    labels are clear of those that policies name."""
    size, covered = (made.width, made.height), set(diagnostics.shelves.names("platform"))
    if not all(size):
        return made
    clear = made.clear
    if "platform" not in deliver.node.mapping:
        shown = [name for name in asked.platforms if name in covered]
        clear = clear_of(diagnostics, shown, deliver.node, (deliver.spot("platform"), "platforms"), size)
    named = sorted(set(_named(asked)) & covered)
    place = deliver.spot("label.clear")
    label_clear = clear_of(diagnostics, named, deliver.node, (place, "policies, label.zone"), size)
    return replace(made, clear=clear, label_clear=label_clear)


def _named(asked: DisclosureAsked) -> Iterator[str]:
    """Yields the platforms that labels must be clear of, by rules that apply or may apply."""
    for policy in asked.policies:
        for rule in policy.rules:
            if rule.check == ZONE and rule.when.ask(asked.facts).holds is not False:
                platforms = rule.parameters.get("platforms", ())
                yield from platforms if isinstance(platforms, tuple) else ()
