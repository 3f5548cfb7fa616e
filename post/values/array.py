"""Names the type of every array: pictures, planes, samples. Docstrings give shape, dtype and range.

What of an array is no finite number is found here too.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
_BLOCK = 1 << 16  # rows


def is_finite(rows: Array) -> bool:
    """Returns whether all values are finite numbers, and add up to one."""
    # One sum is enough: any NaN or infinity makes it non-finite, and it needs no second array.
    return bool(np.isfinite(rows.sum(dtype=np.float64)))


def first_not_finite(rows: Array) -> tuple[int, int] | None:
    """Returns the row and the column of the first value that is no finite number; None if there is none."""
    for first in range(0, len(rows), _BLOCK):
        bad = np.argwhere(~np.isfinite(rows[first : first + _BLOCK]))
        if len(bad):
            return first + int(bad[0][0]), int(bad[0][1])
    return None
