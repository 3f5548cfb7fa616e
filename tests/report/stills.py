"""Reads the number that a frame of a numbered clip shows from a still of it."""

from __future__ import annotations

import numpy as np
from av import VideoFrame
from PIL import Image

from tests.made.numbered import number_of


def number_in(image: Image.Image) -> int:
    """The number of the frame that the still shows."""
    return number_of(VideoFrame.from_ndarray(np.asarray(image.convert("L")), format="gray"))
