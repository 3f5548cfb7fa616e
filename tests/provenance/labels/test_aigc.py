"""The AIGC label: read, judged, carried on."""

from __future__ import annotations

import json

import pytest

from post.errors import JobError
from provenance.labels.aigc import Aigc, check, of_film, parsed, said_of

KLING = Aigc("1", "001191110108MA01", "kling-42", "sig==", "", "", "")
OTHER = Aigc("2", "00119131", "doubao-7")
HOUSE = Aigc("1", "00119144HOUSE", propagate_id="")


def test_a_label_is_written_under_the_standards_names_and_read_back() -> None:
    text = KLING.json()
    assert list(json.loads(text)) == [
        "Label",
        "ContentProducer",
        "ProduceID",
        "ReservedCode1",
        "ContentPropagator",
        "PropagateID",
        "ReservedCode2",
    ]
    assert parsed(text) == KLING
    assert said_of(KLING.rows()) == KLING


@pytest.mark.parametrize(
    "text", ["", "x", "[]", '{"ContentProducer": "x"}', "{" * 9999, '{"Label": 1, "Label": 2}']
)
def test_what_is_no_label_is_none(text: str) -> None:
    assert parsed(text) is None


def test_numbers_are_text_and_anything_else_is_nothing() -> None:
    assert parsed('{"Label": 1, "ContentProducer": ["x"], "ProduceID": null}') == Aigc("1")


@pytest.mark.parametrize("own", [Aigc("4"), Aigc("1", "with space"), Aigc("1", "名"), Aigc("1", "x\n")])
def test_a_label_of_our_own_is_as_annex_e_writes_it(own: Aigc) -> None:
    with pytest.raises(JobError):
        check(own, "provenance.aigc")


def test_a_film_of_one_labelled_source_stays_its_producers_and_is_passed_on_by_us() -> None:
    made = of_film(HOUSE, [KLING, KLING], "wide-ab")
    assert made == Aigc("1", KLING.producer, KLING.produce_id, "sig==", HOUSE.producer, "wide-ab", "")


def test_a_film_of_several_sources_is_a_new_work_of_ours() -> None:
    made = of_film(HOUSE, [KLING, OTHER], "wide-ab")
    assert made == Aigc("1", HOUSE.producer, "wide-ab")


def test_a_label_is_carried_on_even_where_the_job_says_nothing() -> None:
    assert of_film(None, [KLING, OTHER], "x") == KLING
    assert of_film(None, [], "x") is None
    assert of_film(HOUSE, [], "wide-ab") == Aigc("1", HOUSE.producer, "wide-ab")
