"""A redacted prompt is provable by its owner, and by nobody else to be guessed."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace

import pytest

from provenance.archive.commitment import PREFIX, commit

SECRET, OTHER = b"s" * 32, b"t" * 32


def test_a_commitment_is_opened_by_its_text_and_key_alone() -> None:
    made = commit(SECRET, "a dog")
    assert made.fits
    assert not replace(made, text="a cat").fits
    assert not replace(made, key=commit(SECRET, "a cat").key).fits
    assert not replace(made, key="no hex").fits


def test_it_can_be_computed_again_with_nothing_but_hmac() -> None:
    made = commit(SECRET, "Schn\u00fcr")
    again = hmac.new(bytes.fromhex(made.key), "Schn\u00fcr".encode(), hashlib.sha256).hexdigest()
    assert made.commitment == PREFIX + again


def test_a_guess_without_the_secret_does_not_show_which_prompt_it_is() -> None:
    made = commit(SECRET, "a dog").commitment
    assert hashlib.sha256(b"a dog").hexdigest() not in made
    assert commit(OTHER, "a dog").commitment != made
    assert commit(SECRET, "a dog").commitment == made


def test_a_key_opens_one_prompt_and_says_nothing_of_the_secret() -> None:
    keys = {commit(SECRET, text).key for text in ("a", "b", "c")}
    assert len(keys) == 3
    assert SECRET.hex() not in keys


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        commit(b"short", "a dog")
