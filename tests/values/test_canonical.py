from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

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
