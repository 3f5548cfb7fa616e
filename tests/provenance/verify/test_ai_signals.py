"""Generators' marks are seen, and nothing else is taken for one."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from post.values.claim import IPTC
from provenance import manifest
from provenance.formats.mp4_tags import XMP_USERTYPE
from provenance.ingest import inspect
from provenance.verify import ai_signals
from tests.provenance.formats.made_boxes import box
from tests.provenance.made import House

COMFY = json.dumps({"3": {"class_type": "KSampler", "inputs": {}}})
LABEL = json.dumps({"Label": "1", "ContentProducer": "001191", "ProduceID": "7"})


def tagged(path: Path, key: str, value: str, named: bool = True) -> Path:
    """A film with one tag: under a name in a `keys` box, or with the key as its own kind."""
    data = box("data", struct.pack(">II", 1, 0) + value.encode())
    names = box("keys", struct.pack(">III", 0, 1, 8 + len(key)) + b"mdta" + key.encode())
    listed = box("ilst", box("\0\0\0\x01" if named else key, data))
    meta = box("meta", bytes(4) + box("hdlr", bytes(25)) + (names if named else b"") + listed)
    path.write_bytes(box("ftyp", b"isom\0\0\0\0") + box("moov", box("udta", meta)))
    return path


@pytest.mark.parametrize(
    ("key", "value", "named", "mark"),
    [
        ("AIGC", LABEL, True, ("AIGC label (GB 45438)",)),
        ("prompt", COMFY, True, ("ComfyUI",)),
        ("workflow", json.dumps({"nodes": [], "links": []}), True, ("ComfyUI",)),
        ("©cmt", json.dumps({"prompt": COMFY}).replace("\\", ""), False, ("ComfyUI",)),
        ("©too", "Google", False, ("Google",)),
        ("©too", "Lavf61.1.100", False, ()),
        ("©too", "Google Slides exporter", False, ()),
        ("comment", "the prompt was late", True, ()),
        ("prompt", "a cat", True, ()),
        ("AIGC", "no", True, ()),
        ("AIGC", "[" * 100_000, True, ()),
    ],
)
def test_ordinary_tags_are_not_taken_for_marks(
    key: str, value: str, named: bool, mark: tuple[str, ...], tmp_path: Path
) -> None:
    assert ai_signals.read_marks(tagged(tmp_path / "f.mp4", key, value, named)) == mark


@pytest.mark.parametrize(
    ("code", "mark"),
    [("trainedAlgorithmicMedia", ("XMP: trainedAlgorithmicMedia",)), ("digitalCapture", ())],
)
def test_a_source_type_in_xmp_counts_where_it_means_generated(
    code: str, mark: tuple[str, ...], tmp_path: Path
) -> None:
    path = tmp_path / "f.mp4"
    path.write_bytes(box("ftyp", b"isom") + box("uuid", XMP_USERTYPE + f'"{IPTC}{code}"'.encode()))
    assert ai_signals.read_marks(path) == mark


def test_a_marked_clip_without_credentials_is_vendor_marked(clip: Path, tmp_path: Path) -> None:
    marked = tagged(tmp_path / "f.mp4", "AIGC", LABEL)
    assert inspect(marked, ()).credential == "vendor-marked"
    assert inspect(clip, ()).credential == "unsigned"


def test_a_loop_of_parents_ends() -> None:
    def one(label: str, parent: str) -> dict[str, object]:
        reference = {"url": f"self#jumbf=/c2pa/{parent}"}
        part = {"relationship": "parentOf", "activeManifest": reference}
        opened = {"actions": [{"action": "c2pa.opened"}]}
        return {"label": label, "assertions": {"c2pa.ingredient.v3": part, "c2pa.actions.v2": opened}}

    assert ai_signals.read_declared([one("a", "b"), one("b", "a")]).source_type == ""


def test_declared_signals_have_the_programmes_names(several: Path, house: House) -> None:
    found = ai_signals.read_declared(manifest.read(several, house.pem).manifests)
    assert found.signals == ("c2pa: partlyGenAICreation", "c2pa.ai-disclosure")


@pytest.mark.media
@pytest.mark.parametrize("name", ["ai_clips/ltx2_dog_snow.mp4", "footage/phone_dog_1080p_vfr.mp4"])
def test_real_clips_without_marks_have_none(name: str, media: Callable[[str], Path]) -> None:
    assert ai_signals.read_marks(media(name)) == ()
