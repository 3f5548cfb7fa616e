"""Law: everything locked or installed has a licence that fits an Apache-2.0 product; nothing of the GPL comes in."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path

import av
import imageio_ffmpeg
import pytest
from packaging.utils import canonicalize_name

from supply import licences, locks

LOCKED = {pin.name: pin for pin in locks.read(locks.DEVELOPERS)}
# How the files of copyleft libraries that wheels carry are named.
STEMS = (
    "libasound", "libavcodec", "libgmp", "libgnutls", "libmp3lame", "libnettle", "libunistring", "libx264", "libx265",
    "libpostproc", "librubberband", "libxvid", "libvidstab", "libpoppler", "libreadline", "libgsl", "libfftw",
    "ffmpeg-",
)  # fmt: skip


def made(folder: Path, *lines: str) -> Distribution:
    """An installed package of those metadata lines."""
    info = folder / "made-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "\n".join(["Metadata-Version: 2.4", "Name: made", "Version: 1.0", *lines, ""])
    )
    return Distribution.at(info)


def test_everything_installed_has_an_allowed_licence() -> None:
    installed = list(distributions())
    assert len(installed) > 100
    assert licences.faults(installed) == []


def test_everything_locked_has_an_allowed_licence() -> None:
    here = [distribution(pin.name) for pin in LOCKED.values() if pin.is_for_here()]
    elsewhere = [licences.stated(pin.name) for pin in LOCKED.values() if not pin.is_for_here()]
    assert licences.faults(here) == []
    assert [licence for licence in elsewhere if not licences.is_allowed(licence)] == []


@pytest.mark.parametrize(
    "lines",
    [
        ["License-Expression: GPL-3.0-or-later"],
        ["License-Expression: AGPL-3.0-only"],
        ["License-Expression: MIT AND GPL-2.0-only"],
        ["License-Expression: (MIT OR Apache-2.0) AND LGPL-3.0-only"],
        ["License-Expression: MPL-2.0"],
        ["License-Expression: GPL-3.0-or-later WITH GCC-exception-3.1"],
        ["License-Expression: something else"],
        ["License: GPLv3"],
        ["License: MIT AND GPL-2.0-only"],
        ["License: MIT", "Classifier: License :: OSI Approved :: GNU General Public License v3 (GPLv3)"],
        ["Classifier: License :: OSI Approved :: GNU Affero General Public License v3"],
        ["Classifier: License :: OSI Approved :: MIT License", "License: AGPL"],
        ["Classifier: License :: Other/Proprietary License"],
        ["Classifier: License :: OSI Approved :: BSD License"],
        ["License: BSD"],
        ["License: UNKNOWN"],
        [],
    ],
    ids=" ".join,
)
def test_a_licence_that_is_not_allowed_or_not_known_is_found(lines: list[str], tmp_path: Path) -> None:
    assert len(licences.faults([made(tmp_path, *lines)])) == 1


@pytest.mark.parametrize(
    ("lines", "licence"),
    [
        (["License-Expression: mit or GPL-3.0-only"], "MIT OR GPL-3.0-only"),
        (["License-Expression: MIT", "Classifier: License :: Other/Proprietary License"], "MIT"),
        (["License: Apache 2.0", "Classifier: License :: OSI Approved :: Apache Software License"], "Apache-2.0"),
        (["License: MIT OR Apache-2.0", "Classifier: License :: OSI Approved :: ISC License (ISCL)"],
         "ISC AND (MIT OR Apache-2.0)"),
        (["Classifier: License :: OSI Approved", "Classifier: License :: OSI Approved :: MIT License"], "MIT"),
        (["License: Copyright by many", "Classifier: License :: OSI Approved :: MIT License"], "MIT"),
        (["License: You may", "        copy it", "Classifier: License :: OSI Approved :: MIT License"], "MIT"),
        (["License: MIT OR Apache-2.0"], "MIT OR Apache-2.0"),
    ],
)  # fmt: skip
def test_an_allowed_licence_is_read_from_wherever_it_stands(
    lines: list[str], licence: str, tmp_path: Path
) -> None:
    package = made(tmp_path, *lines)
    assert licences.licence_of(package) == licence
    assert licences.faults([package]) == []


def test_an_exemption_is_for_one_package_and_one_licence() -> None:
    for name, exempt in licences.EXEMPT.items():
        licence = licences.licence_of(distribution(name))
        assert not licences.is_allowed(licence)
        assert licences.is_allowed(licence, [exempt.licence])
        assert exempt.why


def test_tools_that_developers_alone_have_do_not_reach_users() -> None:
    users = {pin.name for pin in locks.read(locks.USERS)}
    assert {name for name, exempt in licences.EXEMPT.items() if exempt.tool} & users == set()
    everybody = {name for name, each in licences.EXEMPT.items() if not each.tool and not each.extra}
    assert everybody <= users


def test_no_row_outlives_its_package() -> None:
    def readable(name: str) -> bool:
        metadata = distribution(name).metadata
        return (
            "License-Expression" in metadata
            or licences.licence_of(distribution(name)) != licences.STATED[name]
        )

    assert licences.STATED.keys() | licences.EXEMPT.keys() | licences.CARRIED.keys() <= LOCKED.keys()
    assert [name for name in licences.STATED if LOCKED[name].is_for_here() and readable(name)] == []


def test_copyleft_code_that_a_wheel_carries_is_known_by_name() -> None:
    found = {
        (name, stem)
        for package in distributions()
        for name in [canonicalize_name(package.name)]
        for file in package.files or ()
        for stem in STEMS
        if file.name.startswith(stem)
    }
    known = {(name, each.stem) for name, rows in licences.CARRIED.items() for each in rows}
    assert found <= known
    if sys.platform == "linux":  # elsewhere a wheel may carry less
        assert found == known


def test_what_is_said_of_carried_code_is_what_it_says_itself() -> None:
    said = {name: meta["license"] for name, meta in av._core.library_meta.items()}
    assert set(said.values()) == {"LGPL version 3 or later"}
    shown = subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), "-L"], capture_output=True, text=True, check=True
    )
    assert "GNU General Public License" in shown.stdout
    assert "version 3" in shown.stdout
