from __future__ import annotations

from post.unused_name import unused_name


def test_a_name_is_numbered_from_its_second_use_on() -> None:
    assert unused_name("dog", ()) == "dog"
    assert unused_name("dog", {"dog"}) == "dog-2"
    assert unused_name("dog", {"dog", "dog-2", "dog-4"}) == "dog-3"
    assert unused_name("dog-2", {"dog-2"}) == "dog-2-2"


def test_names_of_files_differ_in_more_than_the_case_of_letters() -> None:
    assert unused_name("Dog", {"dog"}) == "Dog"
    assert unused_name("Dog", {"dog"}, str.casefold) == "Dog-2"
