"""Logos, colours of graphics, looks, marks and content are judged by what the brand and the takes say."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from post.values.brand.guide import BrandGuide, LogoFile, LookTarget, VendorMark
from post.values.claim import Verdict
from post.values.media import File
from post.values.sights.brand import LogoSight, PaletteSight, SeenColour, SeenLogo, SeenTone, ToneSight
from post.values.sights.content import ContentSight, MarkSample, MarkSight, SeenContent
from post.values.sights.text import SeenText, TextSight
from provenance.policy.check import CheckOutcome, Parameters, PolicyInput
from provenance.policy.checks import run_check
from provenance.policy.document.references import References
from tests.provenance.policy.fixed_look import FixedLook

ANY = File("0" * 64, "logo.svg", Path("logo.svg"))
WHOLE = ((Fraction(0), Fraction(10)),)
LOGO = SeenLogo("logo", False, WHOLE, (100, 100, 300, 200), 10.4, 1.0, 0.0, 1.0, 1.0, 0.0, 0.93, 24)
BRAND = BrandGuide(
    (("accent", "#ffc400"), ("ink", "#ffffff")),
    (LogoFile("logo", ANY),),
    LookTarget(0.6, 0.4, 0.05, (0.01, 0.02)),
)
MARK = VendorMark("maker", ANY, 0, (0, 0, 10, 10), WHOLE)


def run(
    kind: str, parameters: Parameters | None = None, brand: BrandGuide | None = BRAND, **sights: Any
) -> CheckOutcome:
    references = References(brand=brand, marks=(MARK,))
    given = PolicyInput(None, None, {}, FixedLook(**sights), references=references)  # type: ignore[arg-type]
    return run_check(given, kind, parameters or {})


def logos(*seen: SeenLogo) -> LogoSight:
    return LogoSight(seen, 20, Fraction(1, 2), Fraction(10), 1920, 1080)


def drawn(**changed: Any) -> LogoSight:
    return logos(replace(LOGO, **changed))


END = ((Fraction(8), Fraction(10)),)


@pytest.mark.parametrize(
    ("sight", "parameters", "verdict"),
    [
        (drawn(), {}, "pass"),
        (logos(), {}, "fail"),
        (drawn(retired=True), {}, "fail"),
        (drawn(stretches=((Fraction(0), Fraction(1, 2)),)), {}, "fail"),
        (drawn(stretches=END), {"seconds": Fraction(2), "last_s": Fraction(1)}, "pass"),
        (drawn(stretches=END), {"by_s": Fraction(1)}, "fail"),
        (drawn(stretches=((Fraction(0), Fraction(5)),)), {"last_s": Fraction(1)}, "fail"),
        (drawn(), {"width_percent": Fraction(12)}, "fail"),
        (drawn(), {"width_percent": Fraction(21, 2)}, "pass"),
    ],
)
def test_presence(sight: LogoSight, parameters: Parameters, verdict: Verdict) -> None:
    assert run("brand.logo_present", parameters, logo=sight).verdict == verdict


@pytest.mark.parametrize(
    ("sight", "verdict"),
    [
        (drawn(), "pass"),
        (drawn(stretch=1.03), "pass"),
        (drawn(stretch=1.05), "fail"),
        (drawn(stretch=0.95), "fail"),
        (drawn(shear_degrees=4.0), "fail"),
        (drawn(stretch=1.05, score=0.65), "needs_human"),
        (drawn(stretch=1.25, score=0.65), "fail"),
        (drawn(stretch=1.05, box=(100, 100, 130, 120)), "pass"),  # too small to be measured so finely
        (logos(), "not_applicable"),
    ],
)
def test_distortion(sight: LogoSight, verdict: Verdict) -> None:
    assert run("brand.logo_distorted", logo=sight).verdict == verdict


@pytest.mark.parametrize(
    ("sight", "verdict", "says"),
    [
        (drawn(), "pass", "logo, 10.4 % wide"),
        (drawn(retired=True), "fail", "retired"),
        (drawn(delta_e=30.0), "fail", "recoloured by 30.0"),
        (drawn(opacity=0.5), "fail", "faded by 50 %"),
        (drawn(opacity=None), "pass", "logo"),
        (drawn(covered=0.3), "fail", "covered by 30 %"),
        (drawn(delta_e=30.0, score=0.65), "needs_human", "recoloured"),
    ],
)
def test_wrong_logos(sight: LogoSight, verdict: Verdict, says: str) -> None:
    found = run("brand.logo_wrong", logo=sight)
    assert (found.verdict, says in found.found) == (verdict, True)


def line(*box: int, **changed: Any) -> TextSight:
    made = SeenText("Winter", WHOLE, (box[0], box[1], box[2], box[3]), 4.0, 0.99, 1.0, "Latin", 1.0, 24)
    return TextSight((replace(made, **changed),))


@pytest.mark.parametrize(
    ("texts", "parameters", "verdict"),
    [
        (TextSight(), {}, "pass"),
        (line(320, 120, 500, 160), {}, "fail"),
        (line(330, 120, 500, 160), {}, "pass"),
        (line(320, 120, 500, 160), {"percent": Fraction(10)}, "pass"),
        (line(120, 120, 280, 160), {}, "pass"),  # the logo's own letters
        (line(30, 50, 390, 230, text=""), {}, "pass"),  # the logo itself, taken for type
        (line(90, 80, 500, 200), {}, "fail"),  # its letters, and a title on the same line
        (line(320, 120, 500, 160, stretches=((Fraction(11), Fraction(12)),)), {}, "pass"),
        (TextSight(), {"percent": Fraction(120)}, "fail"),  # the frame's edge
        (TextSight(fault="no reader"), {}, "cannot_check"),
    ],
)
def test_clear_space(texts: TextSight, parameters: Parameters, verdict: Verdict) -> None:
    assert run("brand.logo_clear_space", parameters, logo=logos(LOGO), read=texts).verdict == verdict


def colour(rgb: tuple[int, int, int], area: float = 0.01) -> SeenColour:
    return SeenColour("type", rgb, area, WHOLE, (0, 0, 10, 10), 24)


@pytest.mark.parametrize(
    ("seen", "verdict", "says"),
    [
        ((colour((254, 254, 254)), colour((255, 196, 2))), "pass", "0 %"),
        ((colour((254, 254, 254)), colour((0, 80, 255))), "fail", "type #0050ff"),
        ((colour((254, 254, 254), 0.2), colour((0, 80, 255))), "pass", "5 % is off"),
        ((), "pass", "no type"),
    ],
)
def test_palette(seen: tuple[SeenColour, ...], verdict: Verdict, says: str) -> None:
    found = run("brand.palette", colours=PaletteSight(seen))
    assert (found.verdict, says in found.found) == (verdict, True)


def tone(light: float, at: int = 0) -> SeenTone:
    return SeenTone((Fraction(at), Fraction(at + 1)), at, light, 0.4, 0.05, (0.01, 0.02))


@pytest.mark.parametrize(
    ("lights", "verdict"),
    [((0.6, 0.65), "pass"), ((0.6, 0.8), "fail"), ((0.6,) * 5 + (0.8,), "pass"), ((), "cannot_check")],
)
def test_look(lights: tuple[float, ...], verdict: Verdict) -> None:
    seen = tuple(tone(light, at) for at, light in enumerate(lights))
    assert run("brand.look", tone=ToneSight(seen)).verdict == verdict


def sample(correlation: float) -> MarkSample:
    return MarkSample("maker", Fraction(1), 24, correlation, (0, 0, 10, 10) if correlation else None)


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        ((sample(0.9),), "pass"),
        ((sample(0.9), sample(0.4)), "fail"),
        ((sample(0.0),), "fail"),
        ((), "cannot_check"),
    ],
)
def test_marks(seen: tuple[MarkSample, ...], verdict: Verdict) -> None:
    assert run("vendor_mark.kept", mark=MarkSight(seen)).verdict == verdict


@pytest.mark.parametrize(
    ("sight", "parameters", "verdict"),
    [
        (ContentSight(fault="no model"), {}, "cannot_check"),
        (ContentSight((SeenContent("nudity", 0.2, Fraction(1), 24),), ("m 1",), 9), {}, "pass"),
        (ContentSight((SeenContent("nudity", 0.7, Fraction(1), 24),), ("m 1",), 9), {}, "fail"),
        (ContentSight((SeenContent("nudity", 0.7, Fraction(1), 24),), ("m 1",), 9), {"categories": ("gore",)},
         "cannot_check"),
    ],
)  # fmt: skip
def test_content(sight: ContentSight, parameters: Parameters, verdict: Verdict) -> None:
    assert run("content.prohibited", parameters, contents=sight).verdict == verdict


@pytest.mark.parametrize(
    "kind", ["logo_present", "logo_distorted", "logo_wrong", "logo_clear_space", "palette", "look"]
)
def test_without_the_brand_a_person_is_asked(kind: str) -> None:
    assert run(f"brand.{kind}", brand=None).verdict == "needs_human"


def test_what_cannot_be_measured_never_passes() -> None:
    assert run("brand.logo_present", logo=LogoSight(fault="damaged")).verdict == "cannot_check"
    assert run("brand.palette", colours=PaletteSight(fault="damaged")).verdict == "cannot_check"
