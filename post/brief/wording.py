"""Compares words as people mean them: without case, accents and punctuation."""

from __future__ import annotations

import unicodedata


def plain_words(text: str) -> list[str]:
    """Returns the words of a text, without case and accents.

    >>> plain_words("Crème brûlée, 50% OFF!")
    ['creme', 'brulee', '50', 'off']
    """
    apart = unicodedata.normalize("NFKD", text.casefold())
    letters = (each for each in apart if not unicodedata.combining(each))
    return "".join(each if each.isalnum() else " " for each in letters).split()


def has_phrase(text: str, phrase: str) -> bool:
    """Returns whether the words of a phrase stand in a text, one after the other."""
    words, wanted = plain_words(text), plain_words(phrase)
    if not wanted:
        return False
    return any(words[at : at + len(wanted)] == wanted for at in range(len(words) - len(wanted) + 1))


def has_word_beginning(text: str, word: str) -> bool:
    """Returns whether a text has a word that begins with one, as "snowy" does with "snow"; a phrase as it stands."""
    wanted = plain_words(word)
    if len(wanted) != 1:
        return has_phrase(text, word)
    return any(each.startswith(wanted[0]) for each in plain_words(text))


def shared_words(says: str, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Returns the words of a sentence that mean something by themselves, and those of them that a text has in any form:
    two words are one where their first four letters are.

    >>> shared_words("a dog runs through snow", "dogs running on ice")
    (('dog', 'runs', 'through', 'snow'), ('dog',))
    """
    own = tuple(dict.fromkeys(word for word in plain_words(says) if len(word) >= SHORTEST_WORD))
    others = plain_words(text)
    found = tuple(word for word in own if any(_alike(word, other) for other in others))
    return own, found


SHORTEST_WORD, STEM = 3, 4


def _alike(one: str, other: str) -> bool:
    if min(len(one), len(other)) < STEM:
        return one == other or {one, other} == {min(one, other, key=len), min(one, other, key=len) + "s"}
    return one[:STEM] == other[:STEM]
