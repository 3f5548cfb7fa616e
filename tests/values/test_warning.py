from __future__ import annotations

import pytest

from post.values.warning import CODES, JobWarning, as_warnings, ranked


def test_a_warning_prints_as_an_error_does() -> None:
    cut = JobWarning("cut-short", "is cut short", "31 of 40 frames", "fetch it again")
    assert str(cut) == "is cut short; got 31 of 40 frames; fetch it again"
    assert (
        str(cut.at("take dog", "spot.yaml:8"))
        == "spot.yaml:8: take dog: is cut short; got 31 of 40 frames; fetch it again"
    )


def test_the_worst_comes_first_and_what_the_job_allows_last_each_once() -> None:
    colour = JobWarning("colour-untagged", "colour")
    tracks = JobWarning("sound-left-out", "tracks")
    allowed = JobWarning("cut-short", "allowed", allowed="meant")
    damaged, cut = JobWarning("damaged", "damaged"), JobWarning("cut-short", "cut")
    given = [colour, allowed, tracks, damaged, colour, cut, damaged]
    assert ranked(given) == (damaged, cut, tracks, colour, allowed)


def test_a_code_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="no-such-code"):
        JobWarning("no-such-code", "anything")


def test_a_row_tells_the_rank_beside_everything_else() -> None:
    row = JobWarning("hdr", "is HDR", "PQ", "nothing", "take sky", "spot.yaml:3").row()
    assert row == {
        "code": "hdr", "rank": CODES["hdr"], "of": "take sky", "where": "spot.yaml:3", "what": "is HDR",
        "got": "PQ", "fix": "nothing", "allowed": "", "films": [], "frame": None,
    }  # fmt: skip


def test_a_plain_text_is_a_warning_of_its_own_code() -> None:
    known = JobWarning("hdr", "is HDR")
    assert as_warnings(["is odd", known]) == (JobWarning("other", "is odd"), known)


def test_a_row_is_read_back_and_a_warning_of_one_film_is_about_no_other() -> None:
    tall = JobWarning("crop-cuts", "tall crops it", films=("tall",))
    assert JobWarning.of_row(tall.row()) == tall
    assert [tall.is_about(name) for name in ("tall", "wide")] == [True, False]
    assert JobWarning("hdr", "is HDR").is_about("wide")
