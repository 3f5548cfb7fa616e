"""What a job must not do with its own sources."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from post.deliver.sign import film_signer
from provenance.manifest.generated import sign_generated
from provenance.trust import lists
from tests.flow.warm_commands import answerprint
from tests.flow_job import make_clips

JOB = """
schema: Job.2
title: Small
clock: 24
house: plain
takes: {dusk: dusk.mp4}
cut: [{take: dusk, length: 0.5s, sound: {mute: true}}]
label: none
deliver: [{preset: draft, name: film, width: 160, height: 90, picture: {preset: ultrafast}}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_clips(tmp_path)
    soundfile.write(tmp_path / "bed.wav", np.random.default_rng(0).normal(0, 0.1, (48000, 2)), 48000)
    return tmp_path


def write(folder: Path, text: str) -> Path:
    (folder / "job.yaml").write_text(text)
    return folder / "job.yaml"


def test_a_film_is_never_written_over_its_own_source(folder: Path) -> None:
    job = write(folder, JOB.replace("name: film", "name: dusk"))
    before = (folder / "dusk.mp4").read_bytes()
    answer = answerprint(folder, "finish", job, "-o", folder)
    assert answer.code == 2
    assert "would be written over one of the film's own sources" in answer.said
    assert (folder / "dusk.mp4").read_bytes() == before


def test_muted_music_is_neither_heard_nor_declared(folder: Path) -> None:
    job = write(folder, JOB + "sound: {music: [{file: bed.wav, mute: true}]}\n")
    (row,) = answerprint(folder, "finish", job, "-o", folder / "out", "--json").data["deliverables"]
    assert row["samples"] == 0
    receipt = json.loads((folder / "out" / "receipt.json").read_text())["receipts"][0]
    assert [part["title"] for part in receipt["ingredients"]] == ["dusk.mp4"]
    assert "music" not in [action["description"] for action in receipt["actions"]]


def test_music_changed_after_it_was_signed_is_refused(folder: Path) -> None:
    seal = film_signer(folder / ".config" / "answerprint", "development")
    signed = folder / "signed.wav"
    sign_generated(folder / "bed.wav", signed, ("Bed maker", "1"), seal.signer, lists.join_pem(seal.anchors))
    data = bytearray(signed.read_bytes())
    data[len(data) // 2] ^= 1
    signed.write_bytes(data)
    job = write(folder, JOB + "sound: {music: [{file: signed.wav}]}\n")
    answer = answerprint(folder, "finish", job, "-o", folder / "out")
    assert answer.code == 6
    assert "signed.wav: was changed after it was signed" in answer.said
    assert not (folder / "out").exists()
