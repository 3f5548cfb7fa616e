"""No secret of a clip, a record, a job or an option is in anything that a run leaves: all bytes are searched."""

from __future__ import annotations

import json
from pathlib import Path

import av
import pytest

from post.cli.app import run
from tests.flow.bad import ALONE, Room
from tests.flow_job import JOB, make_clips

pytestmark = pytest.mark.usefixtures("kept_workers")

BEARER = "hushBearerOfTheModelService1"
SIGNATURE = "hushSignatureOfTheAddress"
PASSWORD = "hushPassword42"
USER = "hushUser"
URL = f"https://{USER}:{PASSWORD}@bucket.example/dog.mp4?X-Amz-Signature={SIGNATURE}&sig={SIGNATURE}"
TEXT = f"Authorization: Bearer {BEARER} password={PASSWORD} from {URL}"


def tagged(old: Path, new: Path) -> None:
    """Copies a clip and gives it tags that hold secrets."""
    with (
        av.open(str(old)) as source,
        av.open(str(new), "w", options={"movflags": "use_metadata_tags"}) as out,
    ):
        out.metadata.update(comment=TEXT, description=URL, api_key=PASSWORD, passphrase=PASSWORD)
        (video,) = source.streams.video
        stream = out.add_stream_from_template(video)
        for packet in source.demux(video):
            if packet.dts is not None:
                packet.stream = stream
                out.mux(packet)


def test_no_output_of_a_finished_job_holds_a_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    room = Room(tmp_path / "room")
    room.folder.mkdir()
    monkeypatch.setenv("ANSWERPRINT_CONFIG", str(room.config))
    monkeypatch.setenv("ANSWERPRINT_STORE", str(room.store))
    make_clips(room.folder)
    tagged(room.folder / "dusk.mp4", room.folder / "told.mp4")
    record = room.write("told.json", json.dumps({
        "request": {
            "model": "gen4_turbo", "promptText": f"a dog {URL}", "headers": {"Authorization": f"Bearer {BEARER}"},
        },
        "response": {
            "id": "1", "status": "SUCCEEDED", "output": [URL], "apiKey": PASSWORD, "note": f"VAULT_TOKEN={PASSWORD}",
        },
    }))  # fmt: skip
    text = JOB
    for old, new in ALONE:
        text = text.replace(old, new)
    text = text.replace("deliver:\n", "provenance: {prompts: include}\ndeliver:\n", 1)
    job = room.write("small.yaml", text.replace("dusk: dusk.mp4", "dusk: told.mp4"))
    log = tmp_path / "log"
    ingest = ("ingest", room.folder / "told.mp4", "--job", job, "--record", record, "--provider", "runway")
    told = ("--model", TEXT, "--prompt", f"a dog, {URL}", "--operator", URL)
    assert run([*map(str, (*ingest, *told)), "--log", str(log), "--verbose"]) == 0
    written = job.read_text()
    finish = ("finish", job, "-o", room.out, "--log", log, "--verbose")
    assert run([*map(str, finish)]) == 0
    film = room.out / "wide.mp4"
    verify = ("verify", film, "--report", tmp_path / "page.html", "--json", "--log", log)
    assert run([*map(str, verify)]) in (0, 6)
    said = capfd.readouterr()
    outputs = {path.name: path.read_bytes() for path in room.out.rglob("*") if path.is_file()}
    assert {"wide.mp4", "receipt.json", "report.html"} <= set(outputs)
    outputs |= {
        "job": written.encode(),
        "log": log.read_bytes(),
        "page": (tmp_path / "page.html").read_bytes(),
    }
    outputs |= {"stdout": said.out.encode(), "stderr": said.err.encode()}
    leaks = {
        (name, secret)
        for name, data in outputs.items()
        for secret in (BEARER, SIGNATURE, PASSWORD, USER)
        if secret.encode() in data
    }
    assert leaks == set()
    # What is no secret is told: the address without its login, and the words of the prompt.
    assert b"a dog" in outputs["wide.mp4"]
    assert b"https://bucket.example/dog.mp4" in outputs["receipt.json"]


def test_an_error_and_a_warning_of_a_job_show_no_secret(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    job = tmp_path / "job.yaml"
    job.write_text(
        f"schema: Job.2\ntitle: x\nclock: '{TEXT}'\nhouse: '{URL}'\npassword: {PASSWORD}\n"
        f"takes: {{dog: '{URL}'}}\ncut: [{{take: dog}}]\nprovenance: {{tsa: '{URL}', api_key: {PASSWORD}}}\n"
    )
    log = tmp_path / "log"
    assert run(["plan", str(job), "--debug", "--log", str(log)]) in (2, 3)
    assert run(["verify", str(tmp_path / f"x password={PASSWORD}.mp4"), "--debug", "--log", str(log)]) == 3
    said = capfd.readouterr()
    for secret in (BEARER, SIGNATURE, PASSWORD, USER):
        assert secret not in said.out + said.err + log.read_text()
