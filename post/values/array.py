"""Names the type of every array: pictures, planes, samples. Docstrings give shape, dtype and range."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

Array = NDArray[Any]
