"""IPTC's fields in XMP, read by an XML parser that knows name spaces."""

from __future__ import annotations

from pathlib import Path
from time import process_time
from xml.etree import ElementTree

import pytest

from post.errors import SourceError
from post.values.claim import GENERATED
from provenance.labels import xmp
from provenance.labels.xmp import NAMESPACE, IptcFields
from provenance.verify import ai_signals

HOSTILE = "]]></x:xmpmeta> & <b>\"'\r\n\N{DOG} \u202eשלום\x00\x1b\ufffe\ud800"
KEPT = "]]></x:xmpmeta> & <b>\"'\r\n\N{DOG} \u202eשלום"
SAID = IptcFields(GENERATED, "Veo; Runway", "3.1", HOSTILE, "M. Weber")


def filmed(film: Path, folder: Path, *packets: bytes) -> Path:
    path = folder / "film.mp4"
    path.write_bytes(film.read_bytes() + b"".join(map(xmp.build_box, packets)))
    return path


def test_another_parser_reads_what_was_said() -> None:
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


def test_what_is_not_known_is_not_said() -> None:
    assert xmp.build_packet(IptcFields(GENERATED)).count(b"<Iptc4xmpExt:") == 1


def test_a_film_says_it_and_our_own_verifier_finds_it(film: Path, tmp_path: Path) -> None:
    path = filmed(film, tmp_path, xmp.build_packet(SAID))
    assert xmp.read_fields(path) == IptcFields(GENERATED, "Veo; Runway", "3.1", KEPT, "M. Weber")
    assert "XMP: trainedAlgorithmicMedia" in ai_signals.read_marks(path)
    assert xmp.read_fields(film) is None


def test_attributes_are_read_as_elements_are(film: Path, tmp_path: Path) -> None:
    text = f'<d xmlns:q="{NAMESPACE}" q:AISystemUsed="Kling" AISystemUsed="no"/>'.encode()
    assert xmp.read_fields(filmed(film, tmp_path, text)) == IptcFields("", "Kling")


def test_a_prompt_is_blanked_in_its_place_and_who_wrote_it_too(film: Path, tmp_path: Path) -> None:
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
def test_a_prompt_that_cannot_be_blanked_for_certain_is_said(text: str, film: Path, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be taken out"):
        xmp.blank_prompts(filmed(film, tmp_path, text.encode()))


@pytest.mark.parametrize(
    "text",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>',
        b"<x>",
        b"\xff\xfe\x00",
        b"<a>" * 200_000,
        b'<x xmlns="' + b"a" * 1_000_000,
    ],
)
def test_hostile_xmp_ends_in_one_clear_error(text: bytes, film: Path, tmp_path: Path) -> None:
    started = process_time()
    with pytest.raises(SourceError):
        xmp.read_fields(filmed(film, tmp_path, text))
    assert process_time() - started < 1
