"""What a finished film is compared with: the words that its job adds, and its takes with their seconds."""

from __future__ import annotations

from fractions import Fraction

from post.api.of_job.footage import with_film
from post.job.model import Timed
from post.picture.label import Label
from post.picture.title import Title
from provenance.policy.document.references import FilmedTake, References
from tests.brief.made import plan_of
from tests.plan.made import cut, job


def test_words_of_titles_and_labels_are_added_and_takes_have_their_seconds() -> None:
    titles = (Timed(Title(text="Winter"), "0s", "", "spot.yaml:7"),)
    labels = (Timed(Label(text="AI", height=3), "0s", "", "spot.yaml:8"),)
    made = job(cut("dog", length="2s"), cut("ship", length="1s"), titles=titles, marks=labels)
    (film,) = plan_of(made, ("dog", "ship")).renditions
    found = with_film(References(), made, film)
    assert found.added == ("Winter", "AI")
    assert found.takes == (
        FilmedTake("dog", Fraction(0), Fraction(2)),
        FilmedTake("ship", Fraction(2), Fraction(3)),
    )


def test_marks_that_a_file_of_facts_names_stay() -> None:
    made = job(cut("dog"))
    (film,) = plan_of(made, ("dog",)).renditions
    assert with_film(References(marks=()), made, film).marks == ()
    assert with_film(References(), made, film).marks is None
