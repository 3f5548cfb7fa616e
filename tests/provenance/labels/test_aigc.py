"""The AIGC label is read, checked and passed on."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from post.errors import JobError
from provenance.labels.aigc import AigcLabel, check_label, from_record, merge_labels, parse

KLING = AigcLabel("1", "001191110108MA01", "kling-42", "sig==", "", "", "")
OTHER = AigcLabel("2", "00119131", "doubao-7")
HOUSE = AigcLabel("1", "00119144HOUSE", propagate_id="")


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
    assert parse(text) == KLING
    assert from_record(KLING.rows()) == KLING


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "[]",
        '{"ContentProducer": "x"}',
        "{" * 9999,
        '{"Label": 1, "Label": 2}',
        '{"Label": true}',
        '{"Label": null}',
        '{"Label": ["1"], "ContentProducer": "x"}',
    ],
)
def test_other_text_is_not_read_as_a_label(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize("other", ['["x"]', "null", "true", "false", "1.5"])
def test_numbers_are_read_as_text_and_values_of_other_types_are_left_out(other: str) -> None:
    found = parse(f'{{"Label": 2, "ContentProducer": {other}, "ProduceID": 42}}')
    assert found == AigcLabel("2", produce_id="42")


@pytest.mark.parametrize(
    "own", [AigcLabel("4"), AigcLabel("1", "with space"), AigcLabel("1", "名"), AigcLabel("1", "x\n")]
)
def test_our_own_label_is_checked_against_annex_e(own: AigcLabel) -> None:
    with pytest.raises(JobError):
        check_label(own, "provenance.aigc")


def test_a_film_of_one_labelled_source_keeps_its_producer_and_we_propagate_it() -> None:
    made = merge_labels(HOUSE, [KLING, KLING], "wide-ab")
    assert made == AigcLabel("1", KLING.producer, KLING.produce_id, "sig==", HOUSE.producer, "wide-ab", "")


def test_a_label_passed_on_by_others_is_still_of_the_same_content() -> None:
    passed_on = replace(KLING, propagator="00119155X", propagate_id="x-1")
    made = merge_labels(HOUSE, [KLING, passed_on], "wide-ab")
    assert made == AigcLabel("1", KLING.producer, KLING.produce_id, "sig==", HOUSE.producer, "wide-ab", "")


def test_two_contents_of_one_producer_make_a_new_work_of_ours() -> None:
    made = merge_labels(HOUSE, [KLING, replace(KLING, produce_id="kling-43")], "wide-ab")
    assert made == AigcLabel("1", HOUSE.producer, "wide-ab")


def test_several_sources_make_a_new_work_of_ours() -> None:
    made = merge_labels(HOUSE, [KLING, OTHER], "wide-ab")
    assert made == AigcLabel("1", HOUSE.producer, "wide-ab")


def test_a_label_is_passed_on_even_where_the_job_has_none() -> None:
    assert merge_labels(None, [KLING, OTHER], "x") == KLING
    assert merge_labels(None, [], "x") is None
    assert merge_labels(HOUSE, [], "wide-ab") == AigcLabel("1", HOUSE.producer, "wide-ab")
