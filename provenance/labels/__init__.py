"""Labels a film as generated, for readers without C2PA: IPTC fields in XMP, and China's AIGC label.

Both are written before signing, so that the signature covers them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Labels:
    """What to write into a film. xmp: a whole packet, b"" for none; aigc: the label's JSON, "" for none."""

    xmp: bytes = b""
    aigc: str = ""


NO_LABELS = Labels()
