"""Finds the suites of others that captions are read from; a test without them is skipped by name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def suite(name: str) -> Path:
    """Returns a folder of ANSWERPRINT_SUITES; skips the test where there is none."""
    root = os.environ.get("ANSWERPRINT_SUITES")
    if not root:
        pytest.skip(f"ANSWERPRINT_SUITES is unset: {name}")
    return Path(root) / name
