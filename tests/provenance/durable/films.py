"""Makes films without files: samples of drifting clouds made from a seed, and manifest stores of empty boxes."""

from __future__ import annotations

import hashlib
import struct
from functools import cache

import numpy as np

from post.values.array import Array
from provenance.durable.fingerprint import SIDE, STEP_S, FilmSamples, fingerprint_film
from provenance.durable.registry_entry import RegisteredFilm, RegistryEntry, SoftBinding


@cache
def clouds(seed: int, side: int = 2 * SIDE) -> Array:
    """Returns (side, side) float32, 0..255: structure at every size, as in pictures, on a torus."""
    noise = np.random.default_rng(seed).standard_normal((side, side))
    radius = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.fftfreq(side)[None])
    drawn = np.fft.ifft2(np.fft.fft2(noise) / (radius + 1 / side) ** 1.3).real
    return np.asarray(255 * (drawn - drawn.min()) / np.ptp(drawn), np.float32)


def film(seed: int, moments: int = 25, aspect: float = 16 / 9, drift: int = 2) -> FilmSamples:
    """Returns the samples of clouds that drift to the left."""
    whole = clouds(seed)
    seen = [np.roll(whole, -drift * at, axis=1)[:SIDE, :SIDE] for at in range(moments)]
    return viewing(np.stack(seen), aspect)


def viewing(pictures: Array, aspect: float = 16 / 9) -> FilmSamples:
    return FilmSamples(pictures.astype(np.uint8), STEP_S, aspect, len(pictures) * STEP_S)


def stretched(pictures: Array) -> Array:
    """Returns pictures of any size scaled to SIDE by SIDE, by the nearest sample."""
    rows, columns = (np.arange(SIDE) * size // SIDE for size in pictures.shape[1:])
    return pictures[:, rows][:, :, columns]


def store(label: str, *ingredients: str) -> bytes:
    """Returns a manifest store with empty manifests of these names, the active one last."""
    held = b"".join(_box(b"jumb", _described(name)) for name in (*ingredients, label))
    return _box(b"jumb", _described("c2pa") + held)


def entry(seed: int, seen: FilmSamples | None = None, name: str = "", mark: str = "") -> RegistryEntry:
    """Returns the registry entry of the film made from a seed."""
    shown = seen or film(seed)
    sha256 = hashlib.sha256(f"{seed} {name}".encode()).hexdigest()
    urn = f"urn:c2pa:{sha256[:32]}"
    about = RegisteredFilm(
        urn,
        sha256,
        sha256[::-1],
        "A spot",
        name or f"film {seed}",
        "spot",
        shown.seconds,
        shown.aspect,
        "2026-11-21",
    )
    bindings = (SoftBinding("org.answerprint.mark.1", mark),) if mark else ()
    return RegistryEntry(about, store(urn), fingerprint_film(shown), bindings=bindings)


def _described(label: str) -> bytes:
    return _box(b"jumd", bytes(16) + b"\x03" + label.encode() + b"\0")


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content
