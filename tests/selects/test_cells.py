"""Takes that are missing are told: those that the brief asks for, and the values that other beats have."""

from __future__ import annotations

from pathlib import Path

from post.job.model import Beat, TakeRef
from post.selects.cells import MissingTake, missing_takes, take_tags
from tests.plan.made import take


def _ref(name: str, beat: str = "open", prompt: str = "", **tags: str) -> TakeRef:
    record = (("prompt", prompt, "recorded"),) if prompt else ()
    return TakeRef(
        name, Path(f"{name}.mp4"), "spot.yaml:4", record=record, beat=beat, tags=tuple(tags.items())
    )


def _missing(beats: list[Beat], *refs: TakeRef) -> dict[str, list[str]]:
    found = missing_takes([(ref, take(ref.name)) for ref in refs], beats)
    return {beat: [f"{each.field}={each.value}" for each in each_beat] for beat, each_beat in found.items()}


def test_prompts_say_framing_camera_and_light_and_tags_say_it_better() -> None:
    ref = _ref("dog", prompt="A wide shot at golden hour, handheld; a cloudy sky")
    assert take_tags(ref, take("dog")) == {"framing": "wide", "camera": "handheld", "light": "dusk"}
    tagged = _ref("dog", prompt="a wide shot", framing="close", action="runs")
    assert take_tags(tagged, take("dog")) == {"framing": "close", "action": "runs"}
    assert take_tags(_ref("dog", prompt="a panda nightly"), take("dog")) == {}


def test_what_the_brief_asks_for_is_missing_until_it_is_there() -> None:
    open_beat = Beat("open", "", "b:1", (("framing", ("wide", "close")),))
    assert _missing([open_beat]) == {"open": ["framing=wide", "framing=close"]}
    assert _missing([open_beat], _ref("a", framing="wide")) == {"open": ["framing=close"]}
    assert _missing([open_beat], _ref("a", framing="wide"), _ref("b", framing="close")) == {"open": []}


def test_of_the_one_dimension_that_varies_what_other_beats_have_is_missing() -> None:
    beats = [Beat("open", "", "b:1"), Beat("end", "", "b:2")]
    takes = (
        _ref("a", "open", framing="wide", light="day"), _ref("b", "open", framing="close", light="day"),
        _ref("c", "end", framing="wide", light="day"),
    )  # fmt: skip
    assert _missing(beats, *takes) == {"open": [], "end": ["framing=close"]}
    assert "other beats have it" in str(MissingTake("framing", "close", wanted=False))
    assert _missing(beats, takes[0], takes[2]) == {"open": [], "end": []}
