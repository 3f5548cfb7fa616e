"""Reads a policy from a YAML file: rules with a version and dated sources.

profile: house-default
version: 2026.11.1
valid: {from: 2026-11-21, to: null}
sources: [{id: house, title: House rules, date: 2026-11-21, confidence: A}]
facts_needed: {is_deepfake: does the film show people or events that look real and are not?}
rules:
  - id: HOUSE-TRAINING
    says: the film says whether others may train on it
    force: house
    clause: {source: house, at: "2"}
    check: {type: training-mining.present}
    when: {all: [{fact: is_deepfake, eq: true}]}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from post.atomic import real_path
from presets.yaml_nodes import Node, Written, read
from provenance.policy.document.dates import Validity
from provenance.policy.document.facts import PUBLISHED_AT
from provenance.policy.document.fields import FieldReader
from provenance.policy.document.policy import CONFIDENCES, Policy, PolicyRule, PolicySource
from provenance.policy.document.rules import Takes, read_rule, read_validity

NEEDED = ("profile", "version", "valid", "sources", "rules")
MAY = ("doc", "territory", "role", "platforms", "facts_needed")
# Facts that need no question: what they are is the same everywhere.
KNOWN_FACTS = ("territory", "role", "platform", PUBLISHED_AT)


def read_policy(path: Path, takes: Takes) -> Policy:
    """Returns the policy in a YAML file. takes: the parameters of each type of check, by name; those of a type that is
    not in it are read by their shape.

    Raises Problems with every fault in it, each with its file and line; JobError where it is no YAML file.
    """
    return policy_from(read(Written(real_path(path), str(path))), takes)


def policy_from(root: Node, takes: Takes) -> Policy:
    """Returns the policy that a file's keys describe. Raises Problems with every fault."""
    fields = FieldReader()
    keys = fields.keys(root, "", NEEDED, MAY)
    valid = read_validity(fields, keys.get("valid"), "valid", ("from",))
    sources = _sources(fields, keys.get("sources"))
    rules = _rules(fields, keys.get("rules"), (sources, takes, valid))
    facts = _facts(fields, keys.get("facts_needed"))
    if keys:
        _explained(fields, root, rules, facts)
    policy = Policy(
        fields.text(keys.get("profile"), "profile"),
        fields.text(keys.get("version"), "version"),
        fields.text(keys.get("doc"), "doc"),
        valid,
        fields.texts(keys.get("territory"), "territory"),
        fields.texts(keys.get("role"), "role"),
        fields.texts(keys.get("platforms"), "platforms"),
        tuple(sources.values()),
        tuple(facts.items()),
        rules,
        root.file.path,
    )
    fields.close()
    return policy


def _sources(fields: FieldReader, node: Node | None) -> dict[str, PolicySource]:
    found: dict[str, PolicySource] = {}
    for item, place in fields.items(node, "sources"):
        keys = fields.keys(item, place, ("id", "title", "date", "confidence"), ("note",))
        named, title = (
            fields.text(keys.get("id"), f"{place}.id"),
            fields.text(keys.get("title"), f"{place}.title"),
        )
        date = fields.text(keys.get("date"), f"{place}.date")
        confidence = fields.choice(keys.get("confidence"), f"{place}.confidence", CONFIDENCES, "X")
        fields.text(keys.get("note"), f"{place}.note")
        if named in found:
            fields.say("two sources with the same id", item, f"{place}.id", got=named)
        found[named] = PolicySource(named, title, date, confidence)
    return found


def _facts(fields: FieldReader, node: Node | None) -> dict[str, str]:
    """Returns the questions by fact. An empty list stands for none."""
    if node is None or node.value == ():
        return {}
    return {
        name: fields.text(item, f"facts_needed.{name}")
        for name, item in fields.keys(node, "facts_needed").items()
    }


def _rules(
    fields: FieldReader, node: Node | None, known: tuple[Mapping[str, PolicySource], Takes, Validity]
) -> tuple[PolicyRule, ...]:
    items = fields.items(node, "rules")
    if node is not None and node.value == ():
        fields.say("a policy without rules would pass anything", node, "rules", expected="at least one rule")
    rules = [read_rule(fields, item, place, known) for item, place in items]
    named = set[str]()
    for rule, (item, place) in zip(rules, items, strict=True):
        if rule.id and rule.id in named:
            fields.say("two rules with the same id", item, f"{place}.id", got=rule.id)
        named.add(rule.id)
    return tuple(rules)


def _explained(
    fields: FieldReader, root: Node, rules: Sequence[PolicyRule], facts: Mapping[str, str]
) -> None:
    """Reports a fact that rules depend on and `facts_needed` does not ask for: nobody would know to declare it."""
    asked = dict.fromkeys(fact for rule in rules for fact in rule.facts() if fact)
    for fact in asked:
        if fact not in facts and fact not in KNOWN_FACTS:
            what = "a rule depends on a fact that is not asked for"
            node = root.mapping.get("facts_needed", root)
            fields.say(what, node, "facts_needed", expected=f"{fact}: a question to whoever declares it")
