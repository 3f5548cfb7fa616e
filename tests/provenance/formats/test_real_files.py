"""Files other people made, good and bad."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from post.errors import SourceError
from provenance.ingest import inspect
from provenance.trust.lists import Anchors
from provenance.verify import verify

pytestmark = pytest.mark.media

# name: integrity, signer, chain, taken for
KNOWN = {
    "C.jpg": ("intact", "trusted", "none", "verified"),
    "CA.jpg": ("intact", "trusted", "sound", "verified"),
    "CIE-sig-CA.jpg": ("intact", "trusted", "laundered", "tampered"),
    "C_with_CAWG_data.jpg": ("intact", "trusted", "none", "verified"),
    "E-sig-CA.jpg": ("tampered", "trusted", "sound", "tampered"),
    "XCA.jpg": ("tampered", "trusted", "sound", "tampered"),
    "Firefly_tabby_cat.jpg": ("intact", "untrusted", "none", "untrusted"),
    "adobe-20220124-CAICA.jpg": ("intact", "trusted", "sound", "verified"),
    "adobe-20220124-E-clm-CAICAI.jpg": ("tampered", "trusted", "incomplete", "tampered"),
    "adobe-20220124-XCI.jpg": ("tampered", "trusted", "sound", "tampered"),
    "bench_100kb_bmffhash_mismatch.mp4": ("tampered", "trusted", "none", "tampered"),
    "bunny_init.mp4": ("absent", "none", "none", "unsigned"),
    "cawg_malformed_cbor.jpg": ("unreadable", "trusted", "sound", "unreadable"),
    "firefly_audio.wav": ("intact", "untrusted", "none", "untrusted"),
    "preftyp_uuid_2s.mp4": ("unreadable", "none", "none", "unreadable"),
    "prerelease.jpg": ("unreadable", "none", "none", "unreadable"),
    "riff_bomb_1000.wav": ("absent", "none", "none", "unsigned"),
    "truepic-20230212-camera.jpg": ("unreadable", "untrusted", "none", "unreadable"),
    "unsigned.mp3": ("absent", "none", "none", "unsigned"),
    "unsigned_screencap_vfr.mov": ("absent", "none", "none", "unsigned"),
    "video1.mp4": ("intact", "trusted", "sound", "verified"),
}


@pytest.mark.parametrize("name", KNOWN)
def test_a_known_file_reads_as_it_is(
    name: str, media: Callable[[str], Path], official: tuple[Anchors, ...]
) -> None:
    path = media(f"c2pa/{name}")
    report = verify(path, official)
    taken = inspect(path, official).credential
    assert (report.integrity, report.signer, report.chain, taken) == KNOWN[name]


def folder() -> list[str]:
    root = os.environ.get("ANSWERPRINT_MEDIA")
    return sorted(path.name for path in Path(root, "c2pa").iterdir()) if root else ["C.jpg"]


@pytest.mark.parametrize("name", folder())
def test_every_file_verifies_without_a_crash_or_the_network(name: str, media: Callable[[str], Path]) -> None:
    report = verify(media(f"c2pa/{name}"), ())
    assert report.signer in ("untrusted", "none", "expired")
    assert report.exit_code in (6, 7)


def test_words_are_no_media(media: Callable[[str], Path]) -> None:
    with pytest.raises(SourceError, match="not a media file"):
        verify(media("MANIFEST.tsv"), ())


def test_older_files_leave_their_chunk_offsets_unhashed(
    media: Callable[[str], Path], official: tuple[Anchors, ...]
) -> None:
    report = verify(media("c2pa/video1.mp4"), official)
    assert {item.box for item in report.unhashed} == {"/moov/trak/mdia/minf/stbl/stco"}
    assert report.exit_code == 6


def test_the_list_that_vouches_is_named(media: Callable[[str], Path], official: tuple[Anchors, ...]) -> None:
    assert verify(media("c2pa/C.jpg"), official).vouched_by == ("c2pa-rs_test_cert_root_bundle",)


def test_an_authority_that_no_list_names_is_not_trusted_for_its_age(media: Callable[[str], Path]) -> None:
    # The SDK calls the time-stamps of version 1 claims trusted with no list at all.
    for name in ("CIE-sig-CA.jpg", "Firefly_tabby_cat.jpg", "C.jpg"):
        assert verify(media(f"c2pa/{name}"), ()).time == "untrusted"
