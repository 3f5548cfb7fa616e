"""Records and prompts of takes, and faces, are judged; what is not known is for a person."""

from __future__ import annotations

import pytest

from post.brief.checks.people import judge_people
from post.brief.checks.record import judge_generator, judge_prompt, judge_words
from post.brief.footage import FacesInFrame
from post.job.brief.picture_checks import PeopleCheck
from post.job.brief.word_checks import GeneratorCheck, PromptCheck, WordsCheck
from tests.brief.made import footage

KNOWN = footage(generated=True, record=(("model", "LTX-2 19B"), ("prompt", "A dog, snowy hills")))


@pytest.mark.parametrize(
    ("check", "verdict"),
    [
        (GeneratorCheck(fields=("model", "prompt")), "pass"), (GeneratorCheck(fields=("seed",)), "fail"),
        (GeneratorCheck(models=("ltx-2",)), "pass"), (GeneratorCheck(models=("veo",)), "fail"),
    ],
)  # fmt: skip
def test_a_record_has_what_is_wanted(check: GeneratorCheck, verdict: str) -> None:
    assert judge_generator(check, KNOWN).verdict == verdict
    assert judge_generator(check, footage()).verdict == "not_applicable"


def test_a_take_without_a_model_is_for_a_person() -> None:
    assert judge_generator(GeneratorCheck(models=("veo",)), footage(generated=True)).verdict == "needs_human"


def test_a_prompt_is_asked_for_words_and_never_proves_the_lack_of_a_thing() -> None:
    assert judge_prompt(PromptCheck(words=("dog", "snow")), KNOWN).verdict == "pass"
    assert judge_prompt(PromptCheck(words=("cat",)), KNOWN).verdict == "needs_human"
    assert judge_prompt(PromptCheck(words=("cat",)), footage(generated=True)).verdict == "needs_human"


def test_a_banned_word_in_a_prompt_fails() -> None:
    assert judge_words(WordsCheck(banned=("snowy hills",)), KNOWN).verdict == "fail"
    assert judge_words(WordsCheck(banned=("snow",)), KNOWN).verdict == "pass"
    assert judge_words(WordsCheck(banned=("dog",), prompts=False), KNOWN).verdict == "not_applicable"


def test_too_many_faces_fail_and_too_few_are_for_a_person() -> None:
    seen = footage(faces=(FacesInFrame(0, (0.9,)), FacesInFrame(12, (0.9, 0.8, 0.4))))
    found = judge_people(PeopleCheck(most=1), seen)
    assert (found.verdict, found.frame) == ("fail", 12)
    assert judge_people(PeopleCheck(least=1, most=2), seen).verdict == "pass"
    assert judge_people(PeopleCheck(least=3), seen).verdict == "needs_human"
    assert judge_people(PeopleCheck(most=1), footage()).verdict == "needs_human"
