"""Whether what this needs is here and works: each part tried, not just imported."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import av

from post.errors import AnswerprintError
from post.picture.encode import CODECS

ROOM_BYTES = 2 * 1024**3  # less than this for results is worth saying


def health(config: Path, store: Path) -> list[dict[str, Any]]:
    """One row a check: {"what", "ok", "found"}."""
    checks: dict[str, Callable[[], str]] = {
        "decoder and muxer (av)": lambda: av.__version__,
        **{f"encoder {codec.encoder}": _encoder(codec.encoder) for codec in CODECS.values()},
        "encoder aac": _encoder("aac"),
        "picture kernel (halide)": _kernel,
        "colour (opencolorio)": lambda: version("opencolorio"),
        "type (uharfbuzz, icu)": _type,
        "credentials (c2pa)": lambda: version("c2pa-python"),
        "signing key": lambda: _key(config),
        "store": lambda: _store(store),
    }
    return [{"what": what, **_tried(check)} for what, check in checks.items()]


def _tried(check: Callable[[], str]) -> dict[str, Any]:
    try:
        return {"ok": True, "found": check()}
    except (AnswerprintError, ImportError, OSError, ValueError) as fault:
        return {"ok": False, "found": str(fault)}


def _encoder(name: str) -> Callable[[], str]:
    return lambda: av.codec.Codec(name, "w").long_name


def _kernel() -> str:
    try:
        return f"halide {version('halide')}"
    except ImportError:
        return "no halide wheel for this machine: the slower numpy twin serves"


def _type() -> str:
    import icu
    import uharfbuzz

    return f"HarfBuzz {uharfbuzz.version_string()}, ICU {icu.ICU_VERSION}"


def _key(config: Path) -> str:
    from provenance.signing import keys

    keys.signer(config)
    return f"development key in {config}"


def _store(store: Path) -> str:
    existing = next(path for path in (store, *store.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    if free < ROOM_BYTES:
        raise OSError(f"{free // 2**20} MiB free in {existing}")
    return f"{store}, {free // 2**30} GiB free"
