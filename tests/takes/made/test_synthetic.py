from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from post.takes.made.scenes import SCENES
from post.takes.made.synthetic import ClipRecipe, SoundRecipe, make_clip
from post.takes.probe import probe
from tests.made.numbered import small


@pytest.mark.parametrize("look", SCENES)
def test_a_scene_is_a_function_of_place_and_time(look: str) -> None:
    scene = SCENES[look]
    image = scene(64, 36, 1.5)
    assert image.shape == (36, 64, 3)
    assert image.dtype == np.float32
    assert image.min() >= 0
    assert image.max() <= 1
    assert np.array_equal(image, scene(64, 36, 1.5))


@pytest.mark.parametrize("look", sorted(set(SCENES) - {"black"}))
def test_a_scene_moves(look: str) -> None:
    assert not np.array_equal(SCENES[look](320, 180, 0.0), SCENES[look](320, 180, 0.5))


def test_scenes_are_told_apart_by_their_colour() -> None:
    means = [SCENES[look](96, 54, 1.0).mean(axis=(0, 1)) for look in SCENES]
    apart = [np.abs(a - b).max() for i, a in enumerate(means) for b in means[:i]]
    assert min(apart) > 0.04


def test_a_recipe_makes_the_same_bytes_again(tmp_path: Path) -> None:
    recipe = small(frames=6, sound=SoundRecipe())
    a, b = (make_clip(tmp_path / name, recipe).read_bytes() for name in ("a.mp4", "b.mp4"))
    assert a == b


def test_a_clip_is_what_its_recipe_says(tmp_path: Path) -> None:
    recipe = ClipRecipe(
        "sea", 256, 144, Fraction(25), 10, sar=Fraction(16, 15), rotation=270, sound=SoundRecipe()
    )
    take = probe(make_clip(tmp_path / "clip.mp4", recipe), "clip")
    picture = take.picture
    assert (picture.width, picture.height, picture.sar) == (256, 144, Fraction(16, 15))
    assert (picture.rotation, picture.grid.rate, picture.length) == (270, Fraction(25), 10)
    assert take.sound is not None


def test_a_recipe_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="no scene is called"):
        ClipRecipe(look="sunset")
    with pytest.raises(ValueError, match="2 stamps for 48 frames"):
        ClipRecipe(stamps=(0, 1))
