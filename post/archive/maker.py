"""Says what made a film: the machine, and the releases of everything that can change a pixel or a sample."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from post import __version__
from post.prepare.toolchain import read_toolchain

_CPU_FILE, _MODEL, _MOST_BYTES = Path("/proc/cpuinfo"), b"model name", 1 << 16


def read_maker() -> Mapping[str, Mapping[str, str]]:
    """Returns this machine and the releases installed on it, as {"machine": {...}, "picture": {...}, "sound": {...}}.

    No name of the machine, of its user or of a folder is in it.
    """
    chain = read_toolchain()
    return {
        "machine": {
            "system": platform.system(),
            "architecture": platform.machine(),
            "processor": _processor(),
            "python": platform.python_version(),
            "answerprint": __version__,
        },
        "picture": dict(chain.picture),
        "sound": dict(chain.sound),
    }


def _processor() -> str:
    """Returns the processor's model, as far as it is known: encoders choose their code by it."""
    with suppress(OSError):  # no Linux
        handle = _CPU_FILE.open("rb")
        with handle:
            for line in handle.read(_MOST_BYTES).splitlines():
                if line.startswith(_MODEL):
                    return line.partition(b":")[2].strip().decode("ascii", "replace")
    return platform.processor()
