"""Colours of type, plates and cards are measured to a few units; a film's look is its own; models are asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from post.qc import content
from post.qc.brand.tone import ToneQuestion, look_of
from post.qc.film_pass import measure_one
from post.qc.text.find_text import TypeQuestion
from post.values.array import Array
from tests.qc.brand.branded import write_branded
from tests.qc.text.typed_films import Line, real_frame, typed

pytestmark = pytest.mark.media
PLATE = (0x10, 0x14, 0x1A)


@pytest.fixture(scope="module")
def film(media: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    frame = real_frame(media("footage/rio_drone_720p.mp4"))
    card = np.full_like(frame, (0xFF, 0xC4, 0x00))
    line = Line("Winter Sale", (200, 200), range(24), high=60)

    def shown(number: int, bare: Array) -> Array:
        return typed(bare, [line], number) if number < 12 else card

    return write_branded(tmp_path_factory.mktemp("colours") / "film.mp4", frame, shown, frames=36)


def test_type_plates_and_cards_have_their_colours(film: Path) -> None:
    seen = measure_one(film, TypeQuestion()).palette.seen
    by_kind = {str(each.kind): each for each in seen}
    assert set(by_kind) == {"type", "plate", "card"}
    for kind, rgb in (("type", (255, 255, 255)), ("plate", PLATE), ("card", (0xFF, 0xC4, 0x00))):
        assert np.abs(np.subtract(by_kind[kind].rgb, rgb)).max() < 12
    assert by_kind["card"].area > 0.99
    assert by_kind["type"].stretches == ((Fraction(0), Fraction(1)),)


def test_a_film_looks_like_itself_and_a_card_does_not(film: Path) -> None:
    tones = measure_one(film, ToneQuestion())
    first, second, third = tones.seen[:3]
    assert first.contrast > 0.2 > second.contrast
    assert second.colourfulness == pytest.approx(third.colourfulness, abs=0.01)
    assert look_of(tones).light == pytest.approx(second.light, abs=0.01)


class Yellow:
    """Stands in for a model: how yellow a picture is."""

    name = "yellow 1.0"

    def classify(self, rgb: Array) -> Mapping[str, float]:
        red, _, blue = rgb.reshape(-1, 3).mean(0)
        return {"yellow": float((red - blue) / 255)}


def test_the_highest_confidence_of_each_category_is_kept(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "find_models", lambda: [Yellow()])
    sight = measure_one(film, content.ContentQuestion())
    (seen,) = sight.seen
    assert seen.confidence > 0.9
    assert seen.at == 1
    assert (sight.models, sight.fault) == (("yellow 1.0",), "")


class Broken:
    """Stands in for a model that fails, or reports what is no number."""

    name = "broken 1.0"

    def __init__(self, sure: float | None) -> None:
        self._sure = sure

    def classify(self, rgb: Array) -> Mapping[str, float]:
        if self._sure is None:
            raise RuntimeError("no weights")
        return {"violence": self._sure}


@pytest.mark.parametrize(
    ("sure", "says"), [(None, "RuntimeError: no weights"), (float("nan"), "violence is nan")]
)
def test_a_model_that_fails_has_looked_at_nothing(
    sure: float | None, says: str, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content, "find_models", lambda: [Broken(sure)])
    sight = measure_one(film, content.ContentQuestion())
    assert sight.seen == ()
    assert says in sight.fault


def test_without_a_model_nothing_was_looked_at(film: Path) -> None:
    assert measure_one(film, content.ContentQuestion()).fault == content.MISSING
