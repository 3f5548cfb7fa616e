"""Opens the networks of PP-OCRv6 (Apache-2.0, PaddleOCR) that the wheel `rapidocr` carries. Nothing of it is run."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from post.caching import shared
from post.errors import JobError
from post.values.files.wheel import wheel_files

WHEEL = "rapidocr"
DETECTOR, RECOGNISER = "models/PP-OCRv6_det_small.onnx", "models/PP-OCRv6_rec_small.onnx"
# What the recogniser reads well. Its dictionary lacks the stacked marks of Vietnamese; of Greek it has unaccented
# letters, of which it misses some; it has none of Cyrillic, Hangul, Arabic, Hebrew, Thai and the scripts of India.
SCRIPTS = ("Latin", "Han", "Hiragana", "Katakana")
MISSING = "text on screen cannot be read here"
FIX = "install answerprint[ocr]"


def require_reader() -> None:
    """Raises JobError unless everything that reading needs is installed."""
    _find(DETECTOR)
    _find(RECOGNISER)
    if find_spec("onnxruntime") is None:
        raise JobError(MISSING, expected="the package onnxruntime", fix=FIX)


def _find(name: str) -> Path:
    for path in wheel_files(WHEEL):
        if path.as_posix().endswith(name):
            return path
    raise JobError(MISSING, expected=f"{name} in the wheel {WHEEL}", fix=FIX)


# Sessions are safe to share between threads.
@shared(2)
def open_network(name: str) -> Any:
    """Returns a session of a network. Raises JobError where it is not installed."""
    require_reader()
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # more would add in another order
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(_find(name)), options, providers=["CPUExecutionProvider"])


@shared(1)
def characters() -> tuple[str, ...]:
    """Returns what each class of the recogniser stands for; the first is none, the last a space."""
    written = open_network(RECOGNISER).get_modelmeta().custom_metadata_map["character"]
    return ("", *written.split("\n"), " ")
