"""Copies that everyday tools make of a signed film have no credentials, and never pass."""

from __future__ import annotations

import subprocess
from pathlib import Path

import imageio_ffmpeg
import pytest

from tests.provenance.attacks.case import written
from tests.provenance.attacks.reel import Reel
from tests.provenance.made import House

COPY = ("-c", "copy")
WAYS = {
    "copied": (*COPY, "out.mp4"),
    "copied, index first": (*COPY, "-movflags", "+faststart", "out.mp4"),
    "copied without tags": (*COPY, "-map_metadata", "-1", "out.mp4"),
    "copied into QuickTime": (*COPY, "out.mov"),
    "copied in fragments": (*COPY, "-movflags", "frag_keyframe+empty_moov", "out.mp4"),
    "picture alone": (*COPY, "-an", "out.mp4"),
    "sound alone": (*COPY, "-vn", "out.m4a"),
    "trimmed": (*COPY, "-ss", "1", "out.mp4"),
    "encoded again": ("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "copy", "out.mp4"),
}


@pytest.mark.parametrize("name", WAYS)
def test_a_copy_has_no_credentials_and_never_passes(
    name: str, signed_spot: Path, house: House, tmp_path: Path
) -> None:
    *how, out = WAYS[name]
    made = tmp_path / out
    ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
    subprocess.run([ffmpeg, "-v", "error", "-i", str(signed_spot), *how, str(made)], check=True)
    report = house.verify(made)
    assert (report.integrity, report.signer, report.chain) == ("absent", "none", "none")
    assert report.exit_code == 6


@pytest.mark.parametrize("name", ["copied, index first", "trimmed", "encoded again"])
def test_credentials_put_back_on_a_copy_are_found_out(
    name: str, signed_spot: Path, reel: Reel, house: House, tmp_path: Path
) -> None:
    *how, out = WAYS[name]
    made = tmp_path / out
    ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
    subprocess.run([ffmpeg, "-v", "error", "-i", str(signed_spot), *how, str(made)], check=True)
    put_back = Reel.of(made).behind("ftyp", reel.bytes_of(reel.top("uuid")))
    report = house.verify(written(tmp_path, put_back))
    assert (report.integrity, report.signer) == ("tampered", "trusted")
    assert report.exit_code == 6


def test_the_credentials_of_one_film_do_not_fit_another(
    single: Path, several: Path, reel: Reel, house: House, tmp_path: Path
) -> None:
    for one, other in ((single, several), (several, single)):
        theirs = Reel.of(other)
        moved = Reel(Reel.of(one).without("uuid")).behind("ftyp", reel.bytes_of(reel.top("uuid")))
        assert house.verify(written(tmp_path, moved)).integrity == "tampered"
        moved = (
            reel.data[: reel.top("uuid").start]
            + theirs.bytes_of(theirs.top("uuid"))
            + reel.data[reel.top("uuid").stop :]
        )
        assert house.verify(written(tmp_path, moved)).integrity == "tampered"
