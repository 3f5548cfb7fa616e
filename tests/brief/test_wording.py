"""Words are compared without case and accents, and as whole words."""

from __future__ import annotations

from post.brief.wording import has_phrase, has_word_beginning, plain_words, shared_words


def test_words_have_neither_case_nor_accents() -> None:
    assert plain_words("Crème BRÛLÉE, 50%!") == ["creme", "brulee", "50"]
    assert has_phrase("Our crème  brûlée.", "CREME BRULEE")
    assert not has_phrase("category", "cat")
    assert not has_phrase("anything", "!")


def test_a_word_may_go_on() -> None:
    assert has_word_beginning("a snowy field", "snow")
    assert not has_word_beginning("an unsnowed field", "snow")


def test_sentences_share_words() -> None:
    assert shared_words("a dog runs through snow", "dogs in the snow")[1] == ("dog", "snow")
