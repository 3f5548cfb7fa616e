"""Reads the policies, territories, platforms, role, facts and waivers of a job.

territories: [EU, CN]          # with `role`, the policies that ship for them
role: deployer
platforms: [tiktok, youtube]   # their policies, and what their controls cover
policies: [iab-v2, ours.yaml]  # further ones
claims: claims.yaml            # or {file, own_text: who approves the words that the job itself shows}
brand_guide: brand.yaml        # or keys: colours, logos, look
facts: facts.yaml              # or keys: what a named person declares; a file may hold waivers and references too
waivers: waivers.yaml          # or a list
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache

from post.errors import JobError, unknown
from post.job.diagnostics import Diagnostics
from post.job.disclosure.compared import read_compared
from post.job.disclosure.files import keep_all, keep_faults, keys_of_file
from post.job.disclosure.model import DisclosureAsked
from post.job.reader import Section
from post.job.table.schema_table import NONE
from presets import Node
from presets.places import SHIPPED, note
from presets.yaml_nodes import Written, read
from provenance.policy.document.facts import Facts, facts_of_file, read_facts
from provenance.policy.document.fields import FieldReader
from provenance.policy.document.policy import Policy, each_once
from provenance.policy.document.read import policy_from
from provenance.policy.document.waivers import Waiver, read_waivers

DEPLOYER, ANY = "deployer", "any"
# Where the Union's law holds: its members (Treaty on European Union, article 52), by their codes of ISO 3166-1.
EU = "eu"
EU_MEMBERS = frozenset({
    "at", "be", "bg", "cy", "cz", "de", "dk", "ee", "es", "fi", "fr", "gr", "hr", "hu",
    "ie", "it", "lt", "lu", "lv", "mt", "nl", "pl", "pt", "ro", "se", "si", "sk",
})  # fmt: skip
# What a job may say of provenance that a policy may ask otherwise.
_PROVENANCE = ("xmp", "aigc", "time")


def read_disclosure(diagnostics: Diagnostics, job: Section) -> DisclosureAsked:
    """Returns what a job says of its disclosure. Faults are kept, those of other files with their own lines."""
    named = [_named(diagnostics, item, place) for item, place in job.items("policies")]
    territories, platforms = _words(job, "territories"), _words(job, "platforms")
    chosen = [policy for policy in named if policy]
    unmatched = tuple[str, ...]()
    role = job.text("role", DEPLOYER) if territories else job.text("role")
    if territories or platforms:
        known = _known_policies(diagnostics)
        found, unmatched = _for_territories(known, [word for word, _, _ in territories], role)
        chosen += [*found, *_for_platforms(diagnostics, known, platforms)]
    facts, beside = _facts(diagnostics, job)
    compared, own_text = read_compared(diagnostics, job)
    facts = replace(facts, references=compared.over(facts.references))
    waivers = tuple(dict.fromkeys((*beside, *_waivers(diagnostics, job))))
    try:
        policies = each_once(chosen)
    except JobError as fault:
        diagnostics.report(fault, job.node.mapping.get("policies", job.node), "policies")
        policies = ()
    for policy in policies:
        diagnostics.credit("policies", f"{policy.name} {policy.version}", policy.doc)
    return DisclosureAsked(
        policies,
        facts,
        role,
        tuple(word for word, _, _ in territories),
        tuple(word for word, _, _ in platforms),
        waivers,
        unmatched,
        tuple(_said(job)),
        own_text,
    )


def _said(job: Section) -> Iterator[tuple[str, str]]:
    """Yields what the job itself says that a policy may ask otherwise: (dotted place, "file:line")."""
    label, provenance = job.node.mapping.get("label"), job.node.mapping.get("provenance")
    if label is not None and label.value == NONE:
        yield "label", label.where
    for key in _PROVENANCE:
        if provenance is not None and key in provenance.mapping:
            yield f"provenance.{key}", provenance.mapping[key].where


def _words(job: Section, key: str) -> list[tuple[str, Node, str]]:
    """Returns the words in a list, each with its place."""
    read = [
        (Section(job.diagnostics, "word", _as_word(item), place).text("name"), item, place)
        for item, place in job.items(key)
    ]
    return [row for row in read if row[0]]


def _as_word(node: Node) -> Node:
    return node if isinstance(node.value, dict) else Node({"name": node}, node.line, node.file)


def _named(diagnostics: Diagnostics, node: Node, place: str) -> Policy | None:
    """Returns the policy of a name or path; None, with its faults, where there is none."""
    word = Section(diagnostics, "word", _as_word(node), place).text("name")
    if not word:
        return None
    try:
        file = Written(diagnostics.shelves.path("policy", word, node), word)
    except JobError as fault:
        diagnostics.report(fault, node, place)
        return None
    note(file.path)
    try:
        return _read_shipped(file) if file.path.is_relative_to(SHIPPED) else _read(file)
    except JobError as fault:
        if file.path.is_file():
            keep_all(diagnostics, fault)
        else:
            diagnostics.report(fault, node, place)
    return None


def _read(file: Written) -> Policy:
    """Returns a policy. Its checks are unknown here: each parameter is read by its shape."""
    return policy_from(read(file), {})


@cache
def _read_shipped(file: Written) -> Policy:
    """Returns a policy that ships. It is read once in a process: versions of a job name the same."""
    return _read(file)


def _known_policies(diagnostics: Diagnostics) -> list[Policy]:
    """Returns every policy that is found by its name: those beside the job, then those that ship."""
    names = diagnostics.shelves.names("policy")
    where = Node("", 0, Written(diagnostics.path, diagnostics.path.name))
    aside = diagnostics.of_version()  # those that are not chosen are no values of the job
    found = (_named(aside, Node(name, 0, where.file, name), "policies") for name in names)
    return [policy for policy in found if policy]


def _for_territories(
    known: Sequence[Policy], territories: Sequence[str], role: str
) -> tuple[list[Policy], tuple[str, ...]]:
    """Returns the policies of territories for a role, and the territories that have none. A member of the Union has the
    Union's."""
    fitting = {
        word: [
            each
            for each in known
            if _laws_of(word) & {territory.casefold() for territory in each.territory}
            and {role, ANY} & set(each.role)
        ]
        for word in territories
    }
    return (
        [policy for several in fitting.values() for policy in several],
        tuple(word for word, several in fitting.items() if not several),
    )


def _laws_of(territory: str) -> set[str]:
    word = territory.casefold()
    return {word, EU} if word in EU_MEMBERS else {word}


def _for_platforms(
    diagnostics: Diagnostics, known: Sequence[Policy], platforms: Iterable[tuple[str, Node, str]]
) -> Iterator[Policy]:
    """Yields the policies of platforms. Reports one that has neither a policy nor a file of what it covers."""
    named = {word for policy in known for word in policy.platforms}
    places = {*diagnostics.shelves.names("platform"), *named}
    for word, node, place in platforms:
        if word not in places:
            diagnostics.report(unknown(word, sorted(places), "", "platform"), node, place)
        yield from (policy for policy in known if word in policy.platforms)


def _facts(diagnostics: Diagnostics, job: Section) -> tuple[Facts, tuple[Waiver, ...]]:
    """Returns the declared facts: those of the file that `facts` names, or of its own keys. A file may also hold what
    the film is compared with, and waivers."""
    node = job.part("facts")
    if node is None:
        return Facts(), ()
    root, fields = keys_of_file(diagnostics, node, "facts"), FieldReader()
    waivers = tuple[Waiver, ...]()
    if root is node:
        facts = read_facts(fields, root, "facts")
    else:
        waivers = read_waivers(fields, root.mapping.get("waivers"), "waivers")
        try:
            facts = facts_of_file(fields, root)
        except JobError as fault:  # of a file that it names
            keep_all(diagnostics, fault)
            facts = Facts()
    keep_faults(diagnostics, fields)
    try:
        facts.day()
    except JobError as fault:
        diagnostics.keep(fault)
    for fact in facts.declared:
        diagnostics.credit(f"facts.{fact.name}", fact.value, f"declared by {fact.by or 'nobody named'}")
    return facts, waivers


def _waivers(diagnostics: Diagnostics, job: Section) -> tuple[Waiver, ...]:
    """Returns the waivers: those of the file that `waivers` names, or of its own list."""
    node = job.part("waivers")
    if node is None:
        return ()
    root = keys_of_file(diagnostics, node, "waivers")
    fields = FieldReader()
    held = node if root is node else root.mapping.get("waivers", Node((), root.line, root.file))
    found = read_waivers(fields, held, "waivers")
    keep_faults(diagnostics, fields)
    return found
