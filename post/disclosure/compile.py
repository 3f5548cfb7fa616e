"""Compiles a job's disclosure: from its policies, territories, platforms, role and declared facts to its labels and to
what its files hold. What the job leaves open is filled; where it says less than a policy requires, it is refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from post.disclosure.demands import LabelDemand, check_demands, label_demands, zone_demands
from post.disclosure.labels import fill_label, new_label, rows_of_text
from post.disclosure.metadata import FILLERS, MetadataFilling, fill_metadata
from post.disclosure.waived import without_waived
from post.disclosure.wording import choose_wordings
from post.disclosure.zones import keep_clear
from post.errors import JobError, Problems
from post.job.disclosure.model import DisclosureAsked
from post.job.model import Job
from post.picture.label import Label
from post.values.short_text import short_text
from post.values.warning import JobWarning
from provenance.policy.document.facts import PUBLISHED_AT, DeclaredFact, Facts
from provenance.policy.document.merge import MergedPolicy, merge_policies

# Facts that keys of the job state.
ROLE = "role"
CONTRAST = "contrast"
SetBy = tuple[str, str, str]


def compile_disclosure(job: Job) -> tuple[Job, tuple[JobWarning, ...]]:
    """Returns a job whose disclosure is what its policies ask, and what is to be said of it.

    What was set stands in `job.disclosed` and among its origins. Rules count as of the day `published_at` that a named
    person declares; without one, every rule counts as in force. A rule whose fact nobody has declared is met, as it may
    apply.
    Raises Problems with every place where the job says less than a policy requires.
    """
    asked = job.disclosure
    if not (asked.policies or asked.unmatched or asked.waivers):
        return job, ()
    left = without_waived(job)
    merged = merge_policies(left.policies, facts_of(asked), day_of(asked))
    filling = MetadataFilling(job, frozenset(rule for rule, _ in merged.undecided))
    _fill_labels(filling, label_demands(merged))
    for zone in zone_demands(merged):
        keep_clear(filling, zone)
    for demand in check_demands(merged, FILLERS):
        fill_metadata(filling, demand)
    if filling.faults:
        raise Problems(filling.faults)
    rows = (*filling.rows, *left.rows)
    origins = tuple((place, value, f"policy {why}") for place, value, why in filling.rows) + left.rows
    made = replace(filling.job, disclosed=rows, origins=_over(filling.job.origins, origins))
    return made, (*filling.warnings, *left.warnings, *_warnings(job, merged))


def day_of(asked: DisclosureAsked) -> str:
    """Returns the day of publication, ISO 8601; "" where no named person declares one: any rule could be dated away.

    Raises JobError where it is no day.
    """
    found, day = asked.facts.fact(PUBLISHED_AT), asked.facts.day()
    return day if found and found.by else ""


def facts_of(asked: DisclosureAsked) -> Facts:
    """Returns the declared facts with those that the job's own keys state."""
    if not asked.role or asked.facts.fact(ROLE):
        return asked.facts
    return Facts((*asked.facts.declared, DeclaredFact(ROLE, asked.role, "the job")))


def _fill_labels(filling: MetadataFilling, demands: Sequence[LabelDemand]) -> None:
    job = filling.job
    numbers = [at for at, each in enumerate(job.marks) if isinstance(each.layer, Label)]
    labels = [job.marks[at] for at in numbers]
    refused = filling.where_said("label")
    if refused:
        # Numbers alone, that every label has to meet, ask for no label.
        firm = [each for each in demands if each.texts and each.firm]
        filling.faults += [_no_label(refused, firm)] if firm else []
        return
    if not labels and (unsaid := _unsaid(job, demands)):
        filling.faults.append(unsaid)
    marks, count = list(job.marks), len(labels)
    texts = [Label.require(each.layer).text for each in labels]
    open_ = [at for at, each in enumerate(labels) if "text" not in each.said]
    for wording in choose_wordings(demands, texts, open_):
        text, demand, rows = wording.text, wording.demand, list[SetBy]()
        if wording.at is None:
            made, place = (
                new_label(text, demand, next(iter(labels), None), f"{job.path}: label"),
                f"label[{count}]",
            )
            rows, count = list(rows_of_text(Label.require(made.layer), demand)), count + 1
        else:
            made, place = labels[wording.at], _place(wording.at, len(labels))
        filled = fill_label(made, text, demand, job.clock)
        if wording.at is None:
            marks.append(filled.timed)
        else:
            marks[numbers[wording.at]] = filled.timed
        filling.rows += [(f"{place}.{key}", value, why) for key, value, why in (*rows, *filled.rows)]
        filling.faults += filled.faults
    filling.job = replace(job, marks=tuple(marks))


def _place(number: int, of: int) -> str:
    return "label" if of == 1 else f"label[{number}]"


def _no_label(where: str, demands: Sequence[LabelDemand]) -> JobError:
    rules = ", ".join(rule for each in demands for rule in each.rules[:1])
    texts = ", ".join(dict.fromkeys(text for each in demands for text in each.texts))
    return JobError(
        "the job takes out the label that a policy requires",
        where=f"{where}: label",
        expected=f"a label that says one of: {texts} ({rules})",
        got="none",
        fix="leave `label` out: it is then made for you; or declare the facts by which the rule does not apply",
    )


def _unsaid(job: Job, demands: Sequence[LabelDemand]) -> JobError | None:
    """Returns the fault of policies by which a film without a label fails, and that do not say what a label says; None
    where there is none. A contrast alone is asked of whichever label there is."""
    asked = [
        numbers
        for each in demands
        for (name, firm), numbers in each.numbers.items()
        if firm and name != CONTRAST
    ]
    if not asked or any(each.texts for each in demands):
        return None
    return JobError(
        "a policy asks how a label looks, and no policy says what it says", where=f"{job.path}: policies",
        expected="a rule with the parameter `texts`, or a label in the job",
        got=", ".join(dict.fromkeys(rule for numbers in asked for rule in numbers.rules)),
        fix="give the rule its `texts`, or write `label: {text: AI GENERATED}` in the job",
    )  # fmt: skip


def _over(before: Sequence[SetBy], rows: Sequence[SetBy]) -> tuple[SetBy, ...]:
    """Returns where values came from, those that were set here in the place of what was there."""
    places = {place for place, _, _ in rows}
    return (*(row for row in before if row[0] not in places), *rows)


def _warnings(job: Job, merged: MergedPolicy) -> Iterator[JobWarning]:
    asked, where = job.disclosure, str(job.path)
    for territory in asked.unmatched:
        yield JobWarning(
            "policy-unknown", f"no policy is known for {territory}", f"for a {asked.role}",
            "ask a person what its law requires, and write a policy", of="policies", where=where,
        )  # fmt: skip
    for against in merged.contradictions:
        yield JobWarning(
            "policy-contradiction",
            str(against),
            fix="make a film for each of them",
            of="policies",
            where=where,
        )
    missing: dict[str, list[str]] = {}
    for rule, why in merged.undecided:
        missing.setdefault(why, []).append(rule)
    for why, rules in missing.items():
        yield JobWarning(
            "policy-fact", f"{why}; it counts as if the rule applied", ", ".join(rules),
            "let a named person declare it under `facts`", of="policies", where=where,
        )  # fmt: skip
    used = {fact for policy in asked.policies for rule in policy.rules for fact in rule.facts()}
    for name, judging in _undeclared(merged, facts_of(asked)):
        yield JobWarning(
            "policy-fact", f"nobody has declared: {name}; without it its rule is left to a person", ", ".join(judging),
            "let a named person declare it under `facts`", of="policies", where=where,
        )  # fmt: skip
    for fact in asked.facts.declared:
        if fact.name == PUBLISHED_AT and not fact.by:
            yield JobWarning(
                "policy-fact", f"nobody named stands by the fact {PUBLISHED_AT}; every rule counts as in force",
                short_text(fact.value), "write {value, by, at}", of="policies", where=fact.where or where,
            )  # fmt: skip
        elif fact.name in used and not fact.by:
            yield JobWarning(
                "policy-fact", f"nobody named stands by the fact {fact.name}", short_text(fact.value),
                "write {value, by, at}", of="policies", where=fact.where or where,
            )  # fmt: skip


def _undeclared(merged: MergedPolicy, facts: Facts) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yields each fact that rules judge themselves and nobody has declared, with those rules that apply. Whether a
    notice is heard, nobody can say before the film is made."""
    undecided = {rule for rule, _ in merged.undecided}
    for rule in merged.rules:
        name = str(rule.values.get("fact", ""))
        judging = tuple(each for each in rule.rules if each not in undecided)
        if rule.check == "fact.declared" and name and name not in facts and judging:
            yield name, judging
