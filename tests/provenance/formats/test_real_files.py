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
from tests.provenance.formats.public_files import KNOWN

pytestmark = pytest.mark.media


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
