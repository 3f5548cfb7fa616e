"""IPTC's fields in XMP, read by an XML parser that knows name spaces."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from post.errors import SourceError
from post.values.claim import GENERATED
from provenance.labels import xmp
from provenance.labels.xmp import NAMESPACE, IptcFields
from provenance.verify import ai_signals
from tests.made.work import TIMES, check_growth

HOSTILE = "]]></x:xmpmeta> & <b>\"'\r\n\N{DOG} \u202eשלום\x00\x1b\ufffe\ud800"
KEPT = "]]></x:xmpmeta> & <b>\"'\r\n\N{DOG} \u202eשלום"
SAID = IptcFields(GENERATED, "Veo; Runway", "3.1", HOSTILE, "M. Weber")


def filmed(film: Path, folder: Path, *packets: bytes) -> Path:
    path = folder / "film.mp4"
    path.write_bytes(film.read_bytes() + b"".join(map(xmp.build_box, packets)))
    return path


def test_another_parser_reads_the_same_fields() -> None:
    root = ElementTree.fromstring(xmp.build_packet(SAID))
    found = {
        each.tag.removeprefix(f"{{{NAMESPACE}}}"): each.text for each in root.iter() if NAMESPACE in each.tag
    }
    assert found == {
        "DigitalSourceType": GENERATED,
        "AISystemUsed": "Veo; Runway",
        "AISystemVersionUsed": "3.1",
        "AIPromptInformation": KEPT,
        "AIPromptWriterName": "M. Weber",
    }


def test_unknown_fields_are_left_out() -> None:
    assert xmp.build_packet(IptcFields(GENERATED)).count(b"<Iptc4xmpExt:") == 1


def test_our_verifier_finds_the_fields_in_a_film(film: Path, tmp_path: Path) -> None:
    path = filmed(film, tmp_path, xmp.build_packet(SAID))
    assert xmp.read_fields(path) == IptcFields(GENERATED, "Veo; Runway", "3.1", KEPT, "M. Weber")
    assert "XMP: trainedAlgorithmicMedia" in ai_signals.read_marks(path)
    assert xmp.read_fields(film) is None


def test_attributes_are_read_like_elements(film: Path, tmp_path: Path) -> None:
    text = f'<d xmlns:q="{NAMESPACE}" q:AISystemUsed="Kling" AISystemUsed="no"/>'.encode()
    assert xmp.read_fields(filmed(film, tmp_path, text)) == IptcFields("", "Kling")


def test_a_prompt_and_its_writer_are_blanked_in_place(film: Path, tmp_path: Path) -> None:
    path = filmed(film, tmp_path, xmp.build_packet(SAID))
    before = path.read_bytes()
    assert xmp.blank_prompts(path) == 1
    after = path.read_bytes()
    assert len(after) == len(before)
    assert after[: film.stat().st_size] == film.read_bytes()
    assert xmp.read_fields(path) == IptcFields(GENERATED, "Veo; Runway", "3.1", "", "")
    assert b"M. Weber" not in after
    assert "שלום".encode() not in after


@pytest.mark.parametrize(
    "text",
    [
        f'<d xmlns:q="{NAMESPACE}" q:AIPromptInformation="secret"/>',
        f'<d xmlns:q="{NAMESPACE}" q:AIPromptWriterName="M. Weber"/>',
        f'<d xmlns:q="{NAMESPACE}"><q:AIPromptInformation>secret</q:AIPromptInformation></d>',
        f'<d xmlns:Iptc4xmpExt="{NAMESPACE}"><Iptc4xmpExt:AIPromptInformation>a<i/>b'
        "</Iptc4xmpExt:AIPromptInformation></d>",
    ],
)
def test_a_prompt_that_cannot_be_blanked_with_certainty_is_an_error(
    text: str, film: Path, tmp_path: Path
) -> None:
    with pytest.raises(SourceError, match="cannot be removed"):
        xmp.blank_prompts(filmed(film, tmp_path, text.encode()))


@pytest.mark.parametrize(
    "text",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>',
        b"<x>",
        b"\xff\xfe\x00",
    ],
)
def test_hostile_xmp_ends_in_one_clear_error(text: bytes, film: Path, tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        xmp.read_fields(filmed(film, tmp_path, text))


@pytest.mark.parametrize(
    "text", ["<a>{}", '<x xmlns="{}', "<x>&{}", "<x>{}"], ids=["deep", "a name", "an entity", "a text"]
)
def test_hostile_xmp_is_gone_over_once(text: str, film: Path, tmp_path: Path) -> None:
    part = "<a>" if text.startswith("<a>") else "a"
    films: dict[int, Path] = {}
    for size in (3000, 3000 * TIMES):
        (tmp_path / f"{size}").mkdir()
        films[size] = filmed(film, tmp_path / f"{size}", text.format(part * size).encode())

    def read(size: int) -> None:
        with pytest.raises(SourceError):
            xmp.read_fields(films[size])

    check_growth(read, 3000)
