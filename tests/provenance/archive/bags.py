"""Makes small bags for tests, right and wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

DECLARED = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def line(path: str, content: bytes = b"") -> str:
    """Returns the line of a manifest for a file."""
    return f"{hashlib.sha256(content).hexdigest()}  {path}\n"


def make_bag(folder: Path, files: Mapping[str, bytes], tags: Mapping[str, str] | None = None) -> Path:
    """Writes a bag of version 1.0 by hand, with a manifest of its payload. tags: tag files in place of those."""
    for path, content in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    (folder / "data").mkdir(parents=True, exist_ok=True)
    own = {
        "bagit.txt": DECLARED,
        "manifest-sha256.txt": "".join(line(path, content) for path, content in sorted(files.items())),
    }
    for name, text in (own | dict(tags or {})).items():
        (folder / name).write_text(text, "utf-8")
    return folder
