from __future__ import annotations

import hashlib
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from post.values import (
    BT709,
    ClipInSegment,
    Clock,
    EncoderSettings,
    File,
    Format,
    LayerInSegment,
    Picture,
    Pose,
    Segment,
    Span,
    StageCall,
    Window,
    digest,
    from_plain,
    plain,
)
from tests.made.work import count_lines

FILM = Format(320, 180, Clock(Fraction(24)), 2)
CLIP = File("a" * 64, "clip.mp4", Path("/somewhere/clip.mp4"))


def picture() -> Picture:
    return Picture(
        0, "h264", 320, 180, Fraction(1), 0, 8, "420", "yuv420p", BT709, Clock(Fraction(24)), 9, 9, Fraction(0)
    )  # fmt: skip


def segment(name: str = "clip.mp4", slope: float = 1.0) -> Segment:
    look = StageCall("look", 1, (("slope", (slope, 1.0, 1.0)), ("lut", File("b" * 64, "l.cube"))))
    window = Window(Fraction(0), Fraction(1, 8), Fraction(1), Fraction(3, 4))
    frames = ((0, Fraction(0)), (1, Fraction(1, 2)))
    title = StageCall("title", 1, (("text", "x"), ("font", None)))
    return Segment(
        format=FILM,
        span=Span(4, 6),
        clips=(ClipInSegment(File("a" * 64, name), picture(), Span(4, 6), frames, window, (look,)),),
        layers=(LayerInSegment(title, Span(5, 6), (Pose(0.5),)),),
        encoder=EncoderSettings("libx264", "mp4", (("crf", "18"),)),
        toolchain=(("av", "18.1.0"),),
    )


def written(value: Any) -> str:
    """The digest as JSON writes it: slow, and the rule."""

    def nameless(data: Any) -> Any:
        if isinstance(data, dict):
            both = set(data) == {"sha256", "name"}
            return data["sha256"] if both else {key: nameless(item) for key, item in data.items()}
        return [nameless(item) for item in data] if isinstance(data, list) else data

    text = json.dumps(nameless(plain(value)), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(f"answerprint/{type(value).__name__}.1\0{text}".encode()).hexdigest()


leaves = st.one_of(
    st.text(),
    st.integers(),
    st.booleans(),
    st.none(),
    st.fractions(),
    st.floats(allow_nan=False, allow_infinity=False),
)
values = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner), st.builds(lambda a, b: StageCall("é", 1, ((a, b),)), st.text(), inner)
    ),
)


@given(values)
def test_a_digest_is_that_of_json_with_sorted_keys_and_without_the_names_of_files(value: Any) -> None:
    assert digest(value) == written(value)
    assert digest(segment()) == written(segment())


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), (1, {"a": 1}), {1}, b"x"])
def test_what_json_lacks_has_no_digest(wrong: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        digest(wrong)


def test_a_segment_is_written_once_while_it_lives_and_each_value_by_itself() -> None:
    one = segment()
    digest(one)
    again = count_lines(lambda: digest(one))
    assert again < count_lines(lambda: digest(segment())) / 10
    told = set()
    for number in range(50):  # where one lay, the next may lie
        told.add(digest(segment(slope=float(number))))
    assert len(told) == 50


def test_a_segment_survives_json_whole() -> None:
    there = json.loads(json.dumps(plain(segment())))
    back = from_plain(Segment, there, {"a" * 64: Path("/elsewhere")})
    assert back == segment()
    assert digest(back) == digest(segment())
    assert back.clips[0].file.path == Path("/elsewhere")


def test_a_key_knows_content_and_not_names() -> None:
    assert digest(segment(name="renamed.mp4")) == digest(segment())
    assert digest(segment(slope=1.01)) != digest(segment())


def test_paths_never_enter_plain_data() -> None:
    assert "somewhere" not in json.dumps(plain(CLIP))


def test_what_is_not_plain_is_refused() -> None:
    with pytest.raises(TypeError, match="set is not a plain value"):
        plain({1, 2})
