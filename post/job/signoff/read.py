"""Reads the gates and the people file of a job.

people: people.yaml
gates: {release: {roles: [creative, legal], two_person: true}}
"""

from __future__ import annotations

from post.errors import JobError, Problems
from post.job.diagnostics import Diagnostics
from post.job.reader import Section
from post.job.signoff.model import NO_SIGNOFF, SignoffAsked
from presets import Node
from provenance.approval.people import ID, People, read_people
from provenance.approval.statement import Gate

MOST_ROLES = 16


def read_signoff(diagnostics: Diagnostics, job: Section) -> SignoffAsked:
    """Returns the gates of a job. Faults are kept, those of the people file with its own lines."""
    named, listed = job.part("people"), job.part("gates")
    people = diagnostics.source(named, "people") if named else None
    who = _people(diagnostics, named) if people and named else None
    if listed is None:
        return SignoffAsked(people=people) if people else NO_SIGNOFF
    if not isinstance(listed.value, dict) or not listed.mapping:
        diagnostics.say("no gates", listed, "gates", expected="{NAME: {roles: [ROLE, ...]}}", got=listed.kind)
        return NO_SIGNOFF
    if named is None:
        diagnostics.say("nobody may sign", listed, "gates", expected="people: a people file", got="none")
    read = [_gate(diagnostics, name, node, who) for name, node in listed.mapping.items()]
    return SignoffAsked(tuple(each for each in read if each), people)


def _people(diagnostics: Diagnostics, node: Node) -> People | None:
    """Returns who may sign; None, with the faults of the people file, where it cannot be read."""
    shown = diagnostics.path.parent / node.text
    try:
        return read_people(shown)
    except JobError as fault:
        for each in fault.faults if isinstance(fault, Problems) else (fault,):
            diagnostics.keep(each)
        return None


def _gate(diagnostics: Diagnostics, name: str, node: Node, people: People | None) -> Gate | None:
    place = f"gates.{name}"
    section = Section(diagnostics, "gate", node, place)
    if not ID.fullmatch(name):
        diagnostics.say(
            "not a gate's name", node, place, expected="small letters, digits, dots and dashes", got=name
        )
        return None
    roles = tuple(item.text.strip() for item, _ in section.items("roles"))
    two_person = section.switch("two_person")
    if "roles" not in section.node.mapping:
        return None
    if not all(roles) or len(set(roles)) < len(roles) or not 0 < len(roles) <= MOST_ROLES:
        expected = f"a list of 1 to {MOST_ROLES} roles, each once"
        diagnostics.say(
            "no roles", section.node.mapping["roles"], f"{place}.roles", expected=expected, got=list(roles)
        )
        return None
    for role in roles if people else ():
        assert people is not None
        if not people.with_role(role):
            got = f"nobody in the people file who may sign as {role}"
            fix = f"give a person the role {role}, and a key"
            diagnostics.say("nobody has this role", node, f"{place}.roles", got=got, fix=fix)
    return Gate(name, roles, two_person)
