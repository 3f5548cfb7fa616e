"""A banned colour is found by its area and time, in its place; allowed colours are judged whatever their lightness."""

from __future__ import annotations

from post.brief.checks.palette import judge_palette
from post.job.brief.picture_checks import PaletteCheck
from post.values.array import Array
from tests.brief.made import footage, plain, thumbnails

GREY, RED = (0.5, 0.5, 0.5), (0xE4 / 255, 0, 0x2B / 255)
BANNED = PaletteCheck(banned=("#e4002b",))


def _with_red(frames: Array, first: int, stop: int, size: int = 9) -> Array:
    frames[first:stop, 9 : 9 + size, 16 : 16 + size] = RED
    return frames


def test_a_banned_colour_is_found_with_its_place_and_time() -> None:
    found = judge_palette(BANNED, footage(thumbnails=thumbnails(_with_red(plain(GREY), 6, 18))))
    assert found.verdict == "fail"
    assert "#e4002b fills 3.52 % for 0.50 s" in found.found
    assert (float(found.at[0][0]), float(found.at[0][1])) == (0.25, 0.75)
    assert found.frame is not None
    assert 6 <= found.frame < 18
    assert found.box == (160, 90, 250, 180)


def test_little_of_it_or_for_a_moment_is_not_seen() -> None:
    assert (
        judge_palette(BANNED, footage(thumbnails=thumbnails(_with_red(plain(GREY), 0, 24, 6)))).verdict
        == "pass"
    )
    assert (
        judge_palette(BANNED, footage(thumbnails=thumbnails(_with_red(plain(GREY), 6, 10)))).verdict == "pass"
    )
    assert (
        judge_palette(BANNED, footage(thumbnails=thumbnails(_with_red(plain(GREY), 6, 11)))).verdict == "fail"
    )


def test_a_like_colour_counts_within_its_distance() -> None:
    orange = thumbnails(plain((0.85, 0.38, 0.10)))
    assert judge_palette(BANNED, footage(thumbnails=orange)).verdict == "pass"
    assert (
        judge_palette(PaletteCheck(banned=("#e4002b",), delta_e=30), footage(thumbnails=orange)).verdict
        == "fail"
    )


def test_most_of_what_is_coloured_has_to_be_near_an_allowed_colour() -> None:
    blue = plain((0.1, 0.2, 0.7))
    blue[:, :, :20] = (0.05, 0.1, 0.38)  # in shade
    check = PaletteCheck(allowed=("#2040c0",))
    assert judge_palette(check, footage(thumbnails=thumbnails(blue))).verdict == "pass"
    blue[:, :20] = (0.8, 0.2, 0.1)
    found = judge_palette(check, footage(thumbnails=thumbnails(blue)))
    assert (found.verdict, "44.4 % of what is coloured" in found.found) == ("fail", True)
    assert judge_palette(check, footage(thumbnails=thumbnails(plain(GREY)))).verdict == "pass"


def test_what_was_not_measured_is_never_a_pass() -> None:
    assert judge_palette(BANNED, footage()).verdict == "cannot_check"


def test_only_the_judged_frames_count() -> None:
    from post.values.time import Span

    shown = thumbnails(_with_red(plain(GREY), 0, 12))
    assert judge_palette(BANNED, footage(thumbnails=shown, span=Span(12, 24))).verdict == "pass"
    assert judge_palette(BANNED, footage(thumbnails=shown, span=Span(0, 12))).verdict == "fail"
