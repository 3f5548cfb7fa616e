"""The marks beside a manifest are read with the places that they stand in."""

from __future__ import annotations

from pathlib import Path

import pytest

from post.values.claim import GENERATED
from provenance.labels.aigc import AigcLabel
from provenance.labels.marks import AIGC_BOX, AigcCopy, FileMarks, lacking_fields, read_file_marks
from tests.provenance.marked_film import write_marked

LABEL = AigcLabel("1", "Studio7", "film-1")


def test_marks_are_read_with_their_places(tmp_path: Path) -> None:
    film = write_marked(tmp_path / "a.mp4", LABEL.json(), GENERATED)
    assert read_file_marks(film) == FileMarks((AigcCopy(AIGC_BOX, LABEL),), GENERATED)
    assert read_file_marks(write_marked(tmp_path / "b.mp4")) == FileMarks()


def test_a_label_that_is_none_is_a_copy_without_a_label(tmp_path: Path) -> None:
    film = write_marked(tmp_path / "a.mp4", "made by machines")
    assert read_file_marks(film).aigc == (AigcCopy(AIGC_BOX, None),)


def test_a_file_that_is_no_film_has_a_fault(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"\0\0\0\x20moov\0\0\0\x40udta" + bytes(16))
    assert read_file_marks(tmp_path / "a.mp4").fault


@pytest.mark.parametrize(
    ("label", "lacking"),
    [
        (LABEL, ()),
        (AigcLabel("1"), ("ContentProducer", "ProduceID")),
        (AigcLabel("4", "Studio7", "1"), ("an unknown AIGC label",)),
        (AigcLabel("1", "工作室", "1"), ("a value that an AIGC label cannot have",)),
    ],
)
def test_what_a_label_lacks_is_said(label: AigcLabel, lacking: tuple[str, ...]) -> None:
    assert lacking_fields(label) == lacking
