"""The stage `moviepy`. Without moviepy (an extra) all but one test skip."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest

from post.errors import JobError, RetryError
from post.picture.foreign.moviepy_effect import MoviepyEffect
from post.stage import call_of

THERE = find_spec("moviepy") is not None
needs_moviepy = pytest.mark.skipif(
    not THERE, reason="moviepy is not installed: pip install 'answerprint[moviepy]'"
)
RGB = np.random.default_rng(2).random((32, 48, 3), np.float32)


@pytest.mark.skipif(THERE, reason="moviepy is installed")
def test_without_moviepy_the_stage_is_refused_with_what_to_install() -> None:
    with pytest.raises(JobError, match=r"pip install 'answerprint\[moviepy\]'"):
        MoviepyEffect(effect="BlackAndWhite")


@needs_moviepy
def test_effects_do_what_they_do_in_moviepy_in_8_bits() -> None:
    half = 0.5 / 255 + 1e-6
    assert MoviepyEffect(effect="MirrorX").frames(RGB, 3) == pytest.approx(RGB[:, ::-1], abs=half)
    assert MoviepyEffect(effect="InvertColors").frames(RGB, 3) == pytest.approx(1 - RGB, abs=half)
    dark = MoviepyEffect(effect="MultiplyColor", settings='{"factor": 0.5}')
    assert dark.frames(RGB, 3) == pytest.approx(RGB / 2, abs=1.5 / 255)
    grey = MoviepyEffect(effect="BlackAndWhite").frames(RGB, 0)
    assert np.array_equal(grey[..., 0], grey[..., 1])


@needs_moviepy
def test_the_time_of_a_frame_is_that_of_the_film_and_frames_come_in_any_order() -> None:
    fade = MoviepyEffect(effect="FadeIn", settings='{"duration": 2}', rate="25")
    white = np.ones((8, 8, 3), np.float32)
    levels = [float(fade.frames(white, frame).mean()) for frame in (50, 25, 0, 25)]
    assert levels == pytest.approx([1, 0.5, 0, 0.5], abs=0.01)


@needs_moviepy
@pytest.mark.parametrize(
    ("effect", "settings", "said"),
    [
        ("BlackAndWhit", "{}", "did you mean 'BlackAndWhite'?"),
        ("MultiplyColor", "{factor: 1}", "are not JSON"),
        ("MultiplyColor", "[1]", "are no names and values"),
        ("MultiplyColor", '{"factr": 1}', "are not those of MultiplyColor"),
        ("Resize", '{"new_size": 0.5}', "gives another kind of picture"),
        ("MultiplySpeed", '{"factor": 2}', "needs other frames than the one it changes"),
        ("FadeOut", '{"duration": 1}', "cannot be used on single frames"),
        ("TimeMirror", "{}", "cannot be used on single frames"),
    ],
)
def test_what_is_not_an_effect_of_single_frames_is_refused(effect: str, settings: str, said: str) -> None:
    with pytest.raises(JobError) as caught:
        MoviepyEffect(effect=effect, settings=settings)
    assert said in str(caught.value)


@needs_moviepy
def test_a_worker_with_another_release_is_told() -> None:
    made = MoviepyEffect(effect="MirrorX")
    assert made.release
    assert MoviepyEffect.from_call(call_of(made)) == made
    with pytest.raises(RetryError, match="another release of moviepy"):
        MoviepyEffect(effect="MirrorX", release="2.0.0")
