"""Reads how takes were generated: what is recorded, by which model, and what the prompt asks for."""

from __future__ import annotations

from post.brief.footage import Footage
from post.brief.found import asks
from post.brief.wording import has_phrase, has_word_beginning
from post.job.brief.word_checks import GeneratorCheck, PromptCheck, WordsCheck
from provenance.policy.check import CheckOutcome

NOT_GENERATED = "it was not generated"


def judge_generator(check: GeneratorCheck, footage: Footage) -> CheckOutcome:
    """Judges whether a take's record has what is wanted, and names a model that may be used."""
    models = f"made by {' or '.join(check.models)}" if check.models else ""
    fields = f"{', '.join(check.fields)} recorded" if check.fields else ""
    required = ", ".join(filter(None, (models, fields)))
    if not footage.generated:
        return CheckOutcome("not_applicable", NOT_GENERATED, required)
    missing = [name for name in check.fields if not _values(footage, name)]
    if missing:
        return CheckOutcome("fail", f"{footage.name} has no {', '.join(missing)}", required)
    named = _values(footage, "model")
    if check.models and not named:
        return asks(f"{footage.name} names no model", required)
    allowed = tuple(each.casefold() for each in check.models)
    other = [each for each in named if allowed and not each.casefold().startswith(allowed)]
    if other:
        return CheckOutcome("fail", f"{footage.name} was made by {', '.join(other)}", required)
    return CheckOutcome("pass", f"made by {', '.join(named)}" if named else "recorded", required)


def judge_prompt(check: PromptCheck, footage: Footage) -> CheckOutcome:
    """Judges whether a take's prompt asks for what the rule wants."""
    required = f"a prompt with {', '.join(check.words)}"
    if not footage.generated:
        return CheckOutcome("not_applicable", NOT_GENERATED, required)
    prompt = " ".join(_values(footage, "prompt"))
    if not prompt:
        return asks(f"{footage.name} has no prompt on record", required)
    missing = [word for word in check.words if not has_word_beginning(prompt, word)]
    if missing:
        return asks(f"the prompt of {footage.name} has no {', '.join(missing)}", required)
    return CheckOutcome("pass", "the prompt asks for it", required)


def judge_words(check: WordsCheck, footage: Footage) -> CheckOutcome:
    """Judges whether the prompt of a take has a banned word."""
    required = f"no {', '.join(check.banned)}"
    if not check.prompts:
        return CheckOutcome("not_applicable", "prompts are not read", required)
    prompts = [*_values(footage, "prompt"), *_values(footage, "rewritten_prompt")]
    found = [word for word in check.banned if any(has_phrase(each, word) for each in prompts)]
    if found:
        return CheckOutcome("fail", f"the prompt of {footage.name} says {', '.join(found)}", required)
    return CheckOutcome("pass", f"{len(prompts)} prompts read", required)


def _values(footage: Footage, field: str) -> list[str]:
    return [value for name, value in footage.record if name == field and value.strip()]
