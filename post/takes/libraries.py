"""Says which FFmpeg libraries PyAV brings, and which encoders they hold."""

from __future__ import annotations

import av


def pyav_version() -> str:
    """Returns the version of PyAV itself, such as "18.1.0"."""
    return av.__version__


def library_versions() -> dict[str, str]:
    """Returns the version of each FFmpeg library by its name, such as {"libavcodec": "62.28.102"}."""
    return {name: ".".join(map(str, numbers)) for name, numbers in av.library_versions.items()}


def encoder_title(name: str) -> str:
    """Returns an encoder's long name. Raises ValueError (av's UnknownCodecError) where there is none."""
    return str(av.codec.Codec(name, "w").long_name)
