"""Checks that every dependency is installed and works: each is tried, not just imported."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from fractions import Fraction
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from post.errors import AnswerprintError
from post.picture.colour.look import Look
from post.picture.encode import CODECS
from post.picture.kernel import KernelSpec, Planes, bake_lut, new_planes, open_kernel
from post.picture.title import Title
from post.picture.type.fonts.families import FAMILIES, INSTALL
from post.takes.libraries import encoder_title, pyav_version
from post.values import BT709, Clock, Format
from provenance import manifest

KEY, STORE = "signing key", "store"
OWN_FOLDERS = (KEY, STORE)  # what is missing there is no fault of the installation
ROOM_BYTES = 2 * 1024**3  # a disk with less than this free fails the check


def health(config: Callable[[], Path], store: Callable[[], Path]) -> list[dict[str, Any]]:
    """Returns one row for each check: {"what", "ok", "found"}. config, store: find the folders of this user."""
    checks: dict[str, Callable[[], str]] = {
        "decoder and muxer (av)": pyav_version,
        **{f"encoder {codec.encoder}": _encoder(codec.encoder) for codec in CODECS.values()},
        "encoder aac": _encoder("aac"),
        "picture kernel (halide)": _kernel,
        "colour (opencolorio)": _colour,
        "type (uharfbuzz, icu)": _type,
        "credentials (c2pa)": _credentials,
        KEY: lambda: _key(config()),
        STORE: lambda: _store(store()),
    }
    return [{"what": what, **_tried(check)} for what, check in checks.items()]


def _tried(check: Callable[[], str]) -> dict[str, Any]:
    try:
        return {"ok": True, "found": check()}
    except AnswerprintError as fault:
        return {"ok": False, "found": str(fault)}
    except Exception as fault:  # noqa: BLE001  whatever a broken library raises
        return {"ok": False, "found": f"{type(fault).__name__}: {fault}"}


def _encoder(name: str) -> Callable[[], str]:
    return lambda: encoder_title(name)


def _kernel() -> str:
    """Runs one small frame through the compiled kernel and through NumPy's, and compares them."""
    shape = KernelSpec(8, 8, "420", BT709, BT709)
    rng = np.random.default_rng(0)
    source = Planes(*(rng.integers(16, 235, size, np.uint8) for size in ((64, 256), (32, 128), (32, 128))))
    table = bake_lut(lambda rgb: rgb * 0.9, BT709, BT709)
    made = [new_planes(64, 256, 8, "420") for _ in range(2)]
    for numpy, out in zip((False, True), made, strict=True):
        open_kernel(shape, numpy=numpy).grade(source, out, table, None, 0)
    if not all(np.array_equal(a, b) for a, b in zip(*made, strict=True)):
        raise ValueError("the compiled kernel and the one in NumPy differ")
    try:
        return f"halide {version('halide')}"
    except ImportError:
        return "no halide wheel for this machine: the slower kernel in NumPy is used"


def _colour() -> str:
    if not np.allclose(Look(slope=(0.5, 0.5, 0.5)).colour(np.ones((1, 3))), 0.5, atol=1e-4):
        raise ValueError("a CDL of slope 0.5 does not halve white")
    return version("opencolorio")


def _credentials() -> str:
    """Reads an empty JPEG with the native library."""
    manifest.read_stream(BytesIO(b"\xff\xd8\xff\xd9"), "image/jpeg", "")
    return version("c2pa-python")


def _type() -> str:
    import icu
    import uharfbuzz

    if not Title(text="Answerprint").draw(Format(320, 180, Clock(Fraction(24)), 1)).rgba[..., 3].any():
        raise ValueError("a title comes out empty")
    missing = any(family.path is None for family in FAMILIES.values())
    fonts = f"; fonts for scripts that Inter lacks: {INSTALL}" if missing else ""
    return f"HarfBuzz {uharfbuzz.version_string()}, ICU {icu.ICU_VERSION}{fonts}"


def _key(config: Path) -> str:
    from provenance.signing import keyring

    keyring.load_signer(config)
    return f"development key in {config}"


def _store(store: Path) -> str:
    existing = next(path for path in (store, *store.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    if free < ROOM_BYTES:
        raise OSError(f"{free // 2**20} MiB free in {existing}")
    return f"{store}, {free // 2**30} GiB free"
