"""Says which FFmpeg libraries PyAV brings, which encoders they hold, and which of their functions are not used."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import av

# Private, but NumPy reads the processor's features on every system; the standard library does not.
from numpy._core._multiarray_umath import __cpu_features__  # type: ignore[import-not-found]  # it is no part of its types


def pyav_version() -> str:
    """Returns the version of PyAV itself, such as "18.1.0"."""
    return av.__version__


def library_versions() -> dict[str, str]:
    """Returns the version of each FFmpeg library by its name, such as {"libavcodec": "62.28.102"}."""
    return {name: ".".join(map(str, numbers)) for name, numbers in av.library_versions.items()}


def encoder_title(name: str) -> str:
    """Returns an encoder's long name. Raises ValueError (av's UnknownCodecError) where there is none."""
    return str(av.codec.Codec(name, "w").long_name)


def without_avx512(codec: str, options: dict[str, str]) -> dict[str, str]:
    """Returns an encoder's options; for x264 on a processor with AVX-512, with its AVX2 functions chosen.

    With its AVX-512 functions x264 (of 2025) reads memory that it has not written, where it weighs blocks by
    how much of them later frames show (`mbtree`): the same frames gave other bytes from run to run. With the AVX2
    functions it writes what it writes on a processor without AVX-512.
    """
    if codec != "libx264" or not has_avx512():
        return options
    asked = options.get("x264-params", "")
    return options | {"x264-params": f"{asked}:asm=avx2" if asked else "asm=avx2"}


def has_avx512() -> bool:
    """Says whether this processor has AVX-512. All that have it have AVX2."""
    return bool(__cpu_features__.get("AVX512F"))


@contextmanager
def same_scheduling() -> Iterator[None]:
    """Gives all threads of this process the scheduling back that this thread had before the block.

    As root, SVT-AV1 makes its threads, and the one that opens it, real-time ones (SCHED_FIFO, priority 99), and so
    every process that they start: two of them that wait in a loop leave a machine of two cores to nobody else.
    """
    if sys.platform != "linux":
        yield
        return
    policy, parameter = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        yield
    finally:
        if os.sched_getscheduler(0) != policy:
            for thread in Path("/proc/self/task").iterdir():
                with suppress(OSError):  # it ended meanwhile
                    os.sched_setscheduler(int(thread.name), policy, parameter)
