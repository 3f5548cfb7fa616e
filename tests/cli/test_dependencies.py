"""`doctor` says what is missing, and how to install it."""

from __future__ import annotations

from pathlib import Path

import pytest

from post.cli.dependencies import health
from post.picture.type.fonts import families


def type_row(folder: Path) -> str:
    (row,) = [each for each in health(lambda: folder, lambda: folder) if each["what"].startswith("type (")]
    assert row["ok"]
    return str(row["found"])


def test_doctor_says_how_to_install_the_fonts_for_further_scripts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = families._folder
    monkeypatch.setattr(
        families, "_folder", lambda package: found(package) if package == families.CORE else None
    )
    assert families.INSTALL in type_row(tmp_path)
    monkeypatch.setattr(families, "_folder", lambda package: found(families.CORE))
    assert families.INSTALL not in type_row(tmp_path)
