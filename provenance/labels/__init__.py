"""What a film says of having been generated to those who read no manifest: IPTC fields in XMP, and the
AIGC label that China's rules ask for. Written before signing, so that the signature covers them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Labels:
    """What is to be written into a film. xmp: a whole packet; aigc: the label's JSON; empty for none."""

    xmp: bytes = b""
    aigc: str = ""


NO_LABELS = Labels()
