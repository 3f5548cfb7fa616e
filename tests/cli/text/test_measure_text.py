"""What `measure` prints for people."""

from __future__ import annotations

from typing import Any

from post.cli.text.measure_text import measure_lines

PICTURE: dict[str, Any] = {
    "width": 1280, "height": 720, "fps": "30000/1001", "frames": 300,
    "tags": {"primaries": 1, "transfer": 13, "matrix": 6, "range": "full", "assumed": ["range"]},
    "cuts": [30, 90], "grain": {"sigma": [[0.2, 1.0], [0.5, 2.34]], "confidence": 0.4},
    "flicker_pct": 3.72, "drift_pct": 0.0, "cambi": 0.01,
}  # fmt: skip
SOUND: dict[str, Any] = {
    "integrated_lufs": -13.87, "max_momentary_lufs": -11.0, "max_short_term_lufs": None, "range_lu": 0.6,
    "true_peak_dbtp": 0.03, "samples": 352800, "rate_hz": 44100,
}  # fmt: skip


def test_a_clip_is_told_in_words_with_units() -> None:
    data = {
        "picture": PICTURE,
        "sound": SOUND,
        "unmeasured": {"max_short_term_lufs": "too short"},
        "warnings": [],
    }
    assert measure_lines(data, 99) == [
        "picture",
        "  size            1280 x 720 pixels",
        "  length          10.01 s, 300 frames at 29.97 a second",
        "  colour          BT.709 primaries, sRGB curve, BT.601 matrix, full range (range assumed: the file",
        "                  does not say)",
        "  cuts            2, at 1.00 s, 3.00 s",
        "  grain           up to 2.3 codes of 255, in the mid-tones (40% sure)",
        "  flicker         3.7 % of brightness: seen",
        "  drift of light  0.0 % of brightness: steady",
        "  banding         less than 0.1 CAMBI of 24: not seen",
        "sound",
        "  length          8.00 s, 352800 samples at 44.1 kHz",
        "  loudness        -13.9 LUFS",
        "  loudest 0.4 s   -11.0 LUFS",
        "  loudness range  0.6 LU",
        "  true peak       0.03 dBTP: over full scale",
        "not measured",
        "  loudest 3 s     too short",
    ]


def test_what_could_not_be_measured_at_all_is_told_alone() -> None:
    unmeasured = {"grain": "g", "flicker_pct": "f", "drift_pct": "d", "cambi": "c", "cuts": "u", "sound": "s"}
    nothing = dict.fromkeys(("grain", "flicker_pct", "drift_pct", "cambi", "cuts"))
    data: dict[str, Any] = {
        "picture": {**PICTURE, **nothing},
        "sound": None,
        "unmeasured": unmeasured,
        "warnings": [],
    }
    lines = measure_lines(data, 80)
    assert lines[lines.index("not measured") + 1 :] == [
        "  grain           g", "  flicker         f", "  drift of light  d", "  banding         c",
        "  cuts            u", "  sound           s",
    ]  # fmt: skip
    assert not any(line.startswith("sound") for line in lines)
