"""The records of generation, from the clips to the declarations of the signed film, with the real commands."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import imageio_ffmpeg
import pytest

from post.values.claim import IPTC
from provenance import manifest
from provenance.claim.build import PROMPTS_LABEL, RECEIPT_LABEL
from provenance.formats import mp4_tags
from provenance.labels import xmp
from provenance.labels.aigc import AigcLabel, parse
from provenance.signing import keyring
from provenance.trust import lists
from provenance.verify import ai_signals
from tests.flow.warm_commands import answerprint
from tests.flow_job import make_clips
from tests.provenance.made import House, flipped, tagged, vendor
from tests.provenance.record import answers
from tests.report.page_text import Tags

LABEL = AigcLabel("1", "001191110108MA01", "kling-42")
REASON = "the original was lost; the director has seen this one"
PROMPT = 'a harbour <script>alert(1)</script> at dusk,\nno "boats" \N{ANCHOR}\u202e'
JOB = """\
schema: Job.2
title: Records
clock: 24
house: daylight
takes: {}
cut:
  - {take: dusk, length: 1s}
  - {take: sea, length: 0.5s}
titles:
  - {text: Salt, at: 0.5s, length: 0.5s}
deliver:
  - {preset: draft, name: wide, width: 160, height: 90, picture: {preset: ultrafast}}
provenance:
  prompts: include
  aigc: {producer: 00119144HOUSE}
"""
QUIET = JOB.replace("prompts: include", "xmp: false").replace("  aigc: {producer: 00119144HOUSE}\n", "")


@dataclass(frozen=True)
class Run:
    folder: Path
    film: Path
    taken: dict[str, Any]

    @property
    def page(self) -> str:
        return (self.folder / "out" / "report.html").read_text("utf-8")

    @property
    def assertions(self) -> Any:
        pem = lists.join_pem(lists.read_own_root(self.folder / ".config" / "answerprint"))
        return manifest.read(self.film, pem).manifests[0]["assertions"]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("records")
    make_clips(folder)
    _clips(folder)
    job = folder / "job.yaml"
    job.write_text(JOB)
    asked = {**answers.RUNWAY_ASKED, "promptText": PROMPT}
    (folder / "dusk.json").write_text(json.dumps({"request": asked, "response": answers.RUNWAY_TOLD}))
    taken = answerprint(
        folder, "ingest", folder / "dusk.mp4", "--job", job, "--beside", "--seed", "3", "--json"
    ).data
    refused = answerprint(folder, "ingest", folder / "sea.mp4", "--job", job)
    assert refused.code == 6
    assert "--accept REASON" in refused.said
    assert answerprint(folder, "ingest", folder / "sea.mp4", "--job", job, "--accept", REASON).code == 0
    done = answerprint(folder, "finish", job, "-o", folder / "out", "--store", folder / "store", "--json")
    assert done.code == 0, done.said
    return Run(folder, Path(done.data["deliverables"][0]["path"]), taken["takes"][0])


def _clips(folder: Path) -> None:
    """Finishes a job: its take dusk has an AIGC label; sea was signed, then changed."""
    raw = (folder / "dusk.mp4").rename(folder / "dusk.raw.mp4")
    tagged(raw, folder / "dusk.mp4", AIGC=LABEL.json())
    config = folder / ".config" / "answerprint"
    house = House(keyring.load_signer(config), lists.read_own_root(config))
    sea = (folder / "sea.mp4").rename(folder / "sea.raw.mp4")
    signed = vendor(sea, folder / "sea.mp4", house)
    data = signed.read_bytes()
    signed.write_bytes(flipped(data, len(data) - 2000))


def test_a_clip_is_ingested_with_its_record_and_its_contradictions(run: Run) -> None:
    assert (run.taken["credential"], run.taken["marks"]) == ("vendor-marked", ["AIGC label (GB 45438)"])
    rows = {(row["field"], row["how"]): row["value"] for row in run.taken["record"]}
    assert rows["prompt", "recorded"] == PROMPT
    assert rows["job_id", "provider-asserted"] == answers.RUNWAY_TOLD["id"]
    assert rows["AIGC ProduceID", "container-claimed"] == "kling-42"
    assert run.taken["conflicts"] == ["seed: recorded says '3' but recorded says '4294967295'"]


def test_a_tampered_take_is_declared_with_its_reason_in_manifest_receipt_and_report(run: Run) -> None:
    take = next(row for row in run.assertions[RECEIPT_LABEL]["takes"] if row["title"] == "sea.mp4")
    assert (take["credential"], take["accepted"]) == ("tampered", REASON)
    receipt = json.loads((run.folder / "out" / "receipt.json").read_text())["receipts"][0]
    (part,) = [each for each in receipt["ingredients"] if each["title"] == "sea.mp4"]
    assert ["accepted", REASON, "recorded"] in part["record"]
    assert REASON in " ".join(Tags(run.page).text)
    assert "its credentials show that it was changed after it was signed" in run.page
    report = verified(run, run.film)
    assert report["chain"] == "laundered"
    assert any(REASON in found["why"] for found in report["findings"])


def test_contradictions_and_marks_are_in_the_report_as_escaped_text(run: Run) -> None:
    text = " ".join(Tags(run.page).text)
    assert "sources contradict each other on its seed" in text
    assert "recorded says '3' but recorded says '4294967295'" in text
    assert "carries the mark of a generator: AIGC label (GB 45438)" in text
    assert "<script>alert(1)</script>" in text
    assert "<script>alert(1)" not in run.page
    assert "\u202e" not in run.page


def test_every_action_of_the_plan_is_in_the_manifest_typed_placed_and_with_its_parameters(run: Run) -> None:
    actions = run.assertions["c2pa.actions.v2"]["actions"]
    names = [action["action"] for action in actions]
    assert names[:3] == ["c2pa.created", "c2pa.placed", "c2pa.placed"]
    assert {"c2pa.adjustedColor", "c2pa.filtered", "c2pa.addedText", "c2pa.transcoded"} <= set(names)
    typed = {name: action.get("digitalSourceType") for name, action in zip(names, actions, strict=True)}
    assert typed["c2pa.created"] == IPTC + "compositeWithTrainedAlgorithmicMedia"
    assert typed["c2pa.transcoded"] is None
    titles = [each for each in actions if each["action"] == "c2pa.addedText" and "changes" in each]
    times = [each["changes"][0]["region"][0]["time"] for each in titles]
    assert {"type": "npt", "start": "0.5", "end": "1"} in times
    assert any(key.startswith("org.answerprint.title.") for each in titles for key in each["parameters"])


def test_prompts_are_in_an_assertion_of_their_own_and_can_be_redacted(run: Run) -> None:
    (take,) = run.assertions[PROMPTS_LABEL]["takes"]
    assert [row[1] for row in take["prompts"]] == [PROMPT]
    assert PROMPT not in json.dumps(run.assertions[RECEIPT_LABEL], ensure_ascii=False)
    # A laundered film can be redacted: its own bytes are intact, and it stays laundered.
    red = run.folder / "red.mp4"
    done = answerprint(run.folder, "redact", run.film, "-o", red, "--reason", "asked for", "--json")
    assert (done.code, done.data["xmp_prompts"], done.data["still_told"]) == (0, 1, 0)
    assert b"harbour" not in red.read_bytes()
    assert verified(run, red)["chain"] == "laundered"


def test_the_labels_are_in_the_file_hashed_and_follow_their_standards(run: Run) -> None:
    told = dict(mp4_tags.read_tags(run.film))
    label = parse(told["AIGC"])
    assert label is not None
    assert (label.producer, label.produce_id) == (LABEL.producer, LABEL.produce_id)
    assert (label.propagator, label.propagate_id[:5]) == ("00119144HOUSE", "wide-")
    # The tampered clip's own statement about its generator is not used.
    assert xmp.read_fields(run.film) == xmp.IptcFields(
        IPTC + "compositeWithTrainedAlgorithmicMedia", "gen4_turbo", "", PROMPT
    )
    assert set(ai_signals.read_marks(run.film)) == {
        "AIGC label (GB 45438)",
        "XMP: compositeWithTrainedAlgorithmicMedia",
    }
    report = verified(run, run.film)
    assert (report["integrity"], report["unhashed"]) == ("intact", [])
    assert report["conformance"]["passed"] == 31


@pytest.mark.parametrize("at", [b"kling-42", b"gen4_turbo</Iptc"])
def test_a_changed_label_is_a_changed_film(at: bytes, run: Run, tmp_path: Path) -> None:
    data = run.film.read_bytes()
    spoilt = tmp_path / "spoilt.mp4"
    spoilt.write_bytes(flipped(data, data.rindex(at)))
    assert verified(run, spoilt)["integrity"] == "tampered"


def with_takes(run: Run, job: str) -> str:
    """Returns a job with the takes of the first one."""
    takes = (run.folder / "job.yaml").read_text().split("takes:")[1].split("\ncut:")[0]
    return job.replace("takes: {}", f"takes:{takes}")


def test_labels_change_no_frame_and_others_still_open_the_film(run: Run) -> None:
    quiet = run.folder / "quiet.yaml"
    quiet.write_text(with_takes(run, QUIET))
    done = answerprint(
        run.folder, "finish", quiet, "-o", run.folder / "quiet", "--store", run.folder / "store", "--json"
    )
    assert done.code == 0, done.said
    (film,) = done.data["deliverables"]
    assert film["reused"] == film["segments"]
    # It tells no prompts: not in the film, nor in what lies beside it.
    for path in (run.folder / "quiet").iterdir():
        assert path.is_dir() or b"harbour" not in path.read_bytes(), path.name
    assert packets(film["path"]) == packets(str(run.film)) != b""
    assert frames(film["path"]) == frames(str(run.film)) > 0
    # A clip's own label is passed on even where the job has none; XMP is not written.
    assert parse(dict(mp4_tags.read_tags(Path(film["path"])))["AIGC"]) == LABEL
    assert xmp.read_fields(Path(film["path"])) is None


def verified(run: Run, film: Path) -> Any:
    """Returns the result of verify; a film made of a tampered clip exits 6."""
    done = answerprint(run.folder, "verify", film, "--json")
    assert done.code == 6, done.said
    return json.loads(done.out)


def packets(path: str) -> bytes:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", path, "-f", "framemd5", "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout


def frames(path: str) -> int:
    with av.open(path) as container:
        return sum(1 for _ in container.decode(video=0))


def test_a_quicktime_film_is_signed_without_xmp(run: Run) -> None:
    job = run.folder / "master.yaml"
    master = "{preset: prores-422hq, name: master, width: 160, height: 90}"
    lines = (f"  - {master}" if "draft" in line else line for line in JOB.splitlines())
    job.write_text(with_takes(run, "\n".join(lines)))
    done = answerprint(
        run.folder, "finish", job, "-o", run.folder / "masters", "--store", run.folder / "store", "--json"
    )
    assert done.code == 0, done.said
    film = Path(done.data["deliverables"][0]["path"])
    assert film.suffix == ".mov"
    assert xmp.read_fields(film) is None
    assert verified(run, film)["unhashed"] == []
