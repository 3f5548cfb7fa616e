"""The type of every array: pictures, planes, samples. Its shape, dtype and range are said where it is used."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

Array = NDArray[Any]
