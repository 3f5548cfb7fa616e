"""Cases of JUnit: one for each check, told apart also where several films are checked by one policy."""

from __future__ import annotations

from post.api.checked import CheckReport, CheckRow
from post.cli.unattended.results import checked_cases
from post.values.claim import Ruling
from provenance.report import ExaminedFile, Report


def _checked(*films: str) -> CheckReport:
    rows = [CheckRow(Ruling("R1", "fail", "", "5 %"), "p 1", film) for film in films]
    reports = (Report(ExaminedFile(film, "0" * 64, 1), "absent") for film in films)
    return CheckReport(tuple(rows), tuple(reports))


def test_a_check_of_each_of_several_films_has_its_own_name() -> None:
    cases = checked_cases(_checked("out/wide.mp4", "out/tall.mp4").plain())
    assert [(each.suite, each.name) for each in cases] == [
        ("policy.p", "R1 (wide.mp4)"),
        ("policy.p", "R1 (tall.mp4)"),
    ]


def test_warnings_of_several_places_have_names_of_their_own() -> None:
    rows = [CheckRow(Ruling("crop-cuts", "warn"), where=f"job.yaml:{line}") for line in (21, 25)]
    cases = checked_cases(CheckReport((*rows, CheckRow(Ruling("job", "pass"), where="job.yaml"))).plain())
    assert [each.name for each in cases] == ["crop-cuts (job.yaml:21)", "crop-cuts (job.yaml:25)", "job"]


def test_a_check_says_what_was_measured_only_where_something_was() -> None:
    (case,) = checked_cases(_checked("out/wide.mp4").plain())
    assert (case.name, case.said) == ("R1", "fail: required 5 %")
