"""Reads, from a still of a numbered clip, the number of its frame."""

from __future__ import annotations

import numpy as np
from av import VideoFrame
from PIL import Image

from tests.made.numbered import number_of


def number_in(image: Image.Image) -> int:
    """Returns the number of the frame that the still shows."""
    return number_of(VideoFrame.from_ndarray(np.asarray(image.convert("L")), format="gray"))
