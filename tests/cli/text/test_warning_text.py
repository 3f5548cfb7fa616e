"""Warnings as lines for a person."""

from __future__ import annotations

from post.cli.text.warning_text import warning_lines
from post.values.warning import JobWarning

COLOUR = JobWarning("colour-untagged", "does not say its colour", fix="set it")


def test_what_is_so_of_several_is_one_line_with_all_their_places() -> None:
    told = [COLOUR.at("take dog", "a/job.yaml:8"), COLOUR.at("take cat", "a/job.yaml:9")]
    assert warning_lines(told, 99) == [
        "warnings",
        "  unsure  takes dog, cat (job.yaml:8, 9), each: does not say its colour; set it  [colour-untagged]",
    ]


def test_a_kind_that_is_plural_stays_as_it_is() -> None:
    told = [COLOUR.at("captions en.srt"), COLOUR.at("captions de.srt")]
    assert warning_lines(told, 99)[1].startswith("  unsure  captions en.srt, de.srt, each:")


def test_values_that_differ_are_listed_in_the_same_order() -> None:
    told = [
        JobWarning("cut-short", "is cut short", f"{frames} of 40 frames").at(f"take {name}")
        for name, frames in (("dog", 31), ("cat", 8))
    ]
    assert warning_lines(told, 99)[1] == (
        "  wrong   takes dog, cat, each: is cut short; got 31 of 40 frames, 8 of 40 frames  [cut-short]"
    )


def test_a_value_that_all_have_is_told_once_and_else_each_has_its_own() -> None:
    def got(*values: str) -> str:
        told = [JobWarning("low-rate", "stutters", value).at(f"shot {at}") for at, value in enumerate(values)]
        return warning_lines(told, 99)[1].partition("got ")[2]

    assert got("8", "8") == "8  [low-rate]"
    assert got("8", "12", "8") == "8, 12, 8  [low-rate]"


def test_lines_are_no_wider_than_the_terminal_and_start_under_the_text() -> None:
    told = [COLOUR.at(f"take {'x' * 12}{number}", "job.yaml:8") for number in range(9)]
    first, *rest = warning_lines(told, 60)[1:]
    assert max(map(len, [first, *rest])) <= 60
    assert all(line.startswith(" " * 10) and line[10] != " " for line in rest)


def test_what_the_job_allows_is_told_with_its_reason_and_without_advice() -> None:
    allowed = JobWarning("past-end", "ends", fix="start it earlier", allowed="a hard end")
    assert warning_lines([allowed], 80)[1] == "  allowed ends; (a hard end)  [past-end]"


def test_nothing_is_printed_of_no_warnings() -> None:
    assert warning_lines([], 80) == []


def test_a_place_without_a_line_is_its_file() -> None:
    told = JobWarning("policy-fact", "nobody has declared: a", of="policies", where="/jobs/spot.yaml")
    assert warning_lines([told], 80)[1].startswith("  unsure  policies (spot.yaml): nobody has declared: a")
