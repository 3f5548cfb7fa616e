"""The command preview over a small real job: what it shows, keeps and says."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from pathlib import Path

import av
import numpy as np
import pytest

from tests.flow.commands import Answer
from tests.flow.warm_commands import answerprint, start
from tests.flow_job import JOB, make_clips
from tests.preview.shown import decoded, job_of, playlist_rows

LIKE = 0.98  # a frame of the preview, and of the finished film at the same size: their correlation


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns a folder with the clips, and a preview of the job made cold and warm."""
    made = tmp_path_factory.mktemp("preview")
    make_clips(made)
    job_of(made, JOB)
    return made


def preview(folder: Path, *more: str | Path, out: str = "out", job: str = "job.yaml") -> Answer:
    store = folder / "store"
    return answerprint(folder, "preview", folder / job, "-o", folder / out, "--store", store, "--json", *more)


@pytest.fixture(scope="module")
def cold(folder: Path) -> Answer:
    return preview(folder)


def test_a_cold_preview_says_what_it_made(cold: Answer, folder: Path) -> None:
    told = cold.data
    assert told["made"] >= told["slots"] > 4
    assert told["signed"] is False
    assert told["first_watchable_s"] <= told["seconds"] <= told["corrected_s"]
    for key in ("playlist", "sheet", "page"):
        assert Path(told[key]).is_file()
    assert "watch http://127.0.0.1:" in cold.said
    assert sorted(path.name for path in (folder / "out").rglob("*tmp*")) == []


def test_the_playlist_is_an_hls_event_of_fragments_that_ffmpeg_plays(cold: Answer) -> None:
    told = cold.data
    text = Path(told["playlist"]).read_text()
    for line in ("#EXT-X-PLAYLIST-TYPE:EVENT", '#EXT-X-MAP:URI="header.mp4"', "#EXT-X-ENDLIST"):
        assert line in text
    rows = playlist_rows(Path(told["playlist"]))
    assert len(rows) == told["slots"]
    assert sum(seconds for _, seconds in rows) == pytest.approx(told["frames"] / 24, abs=1e-4)
    assert max(seconds for _, seconds in rows) <= int(re.search(r"TARGETDURATION:(\d+)", text)[1])  # type: ignore[index]
    with av.open(told["playlist"], format="hls", options={"allowed_extensions": "ALL"}) as film:
        times = [float(frame.pts * frame.time_base) for frame in film.decode(video=0)]
    assert times == pytest.approx([number / 24 for number in range(told["frames"])])


def test_each_prefix_of_the_playlist_plays(cold: Answer, folder: Path) -> None:
    """What was there when the nth slot had come: the header, and n fragments."""
    out = folder / "out"
    rows = playlist_rows(Path(cold.data["playlist"]))
    content = (out / "header.mp4").read_bytes()
    seconds = 0.0
    for name, longer in rows:
        content += (out / name).read_bytes()
        seconds += longer
        frames, samples = decoded(content)
        assert len(frames) == round(seconds * 24)
        assert samples / 48000 == pytest.approx(seconds, abs=0.05)
    assert content == (out / "preview.mp4").read_bytes()


def test_its_frames_are_those_of_the_finished_film(cold: Answer, folder: Path) -> None:
    finished = answerprint(
        folder, "finish", folder / "job.yaml", "-o", folder / "film", "--store", folder / "store", "--json"
    )
    assert finished.code == 0, finished.said
    shown, _ = decoded((folder / "out" / "preview.mp4").read_bytes())
    film, _ = decoded((folder / "film" / "wide.mp4").read_bytes())
    assert len(shown) == len(film)
    below = slice(film[0].shape[0] // 2, None)  # the notice lies above
    likeness = [
        [np.corrcoef(shown[at][below].ravel(), film[other][below].ravel())[0, 1] for other in (at, at + 9)]
        for at in range(0, len(film) - 9, 4)
    ]
    assert min(own for own, _ in likeness) > LIKE
    assert sum(own > away for own, away in likeness) >= 0.9 * len(likeness)
    above = slice(0, film[0].shape[0] // 4)
    assert all(np.abs(shown[at][above] - film[at][above]).max() > 40 for at in range(0, len(film), 8))


def test_a_second_preview_makes_nothing_and_a_new_title_only_what_shows_it(
    cold: Answer, folder: Path
) -> None:
    again = preview(folder, out="again").data
    assert again["made"] == 0
    first, second = (Path(each["playlist"]).parent / "preview.mp4" for each in (cold.data, again))
    assert first.read_bytes() == second.read_bytes()
    job_of(
        folder,
        JOB.replace("text: Salt, at: 0.5s, length: 1s", "text: Sand, at: 0.5s, length: 1s"),
        "new.yaml",
    )
    changed = preview(folder, job="new.yaml", out="new").data
    assert changed["slots"] == again["slots"]
    rows = zip(*(playlist_rows(Path(each["playlist"])) for each in (again, changed)), strict=True)
    differ = [number for number, (a, b) in enumerate(rows) if a != b]
    assert differ == [1, 2]  # half seconds from 0.5 to 1.5


def test_a_job_with_a_fault_says_it_and_leaves_no_preview(folder: Path) -> None:
    job_of(folder, JOB.replace("{take: tall,", "{take: tull,"), "broken.yaml")
    said = preview(folder, job="broken.yaml", out="broken")
    assert said.code == 2
    assert "tull" in said.said
    assert "did you mean" in said.said.lower() or "tall" in said.said
    assert not list((folder / "broken").glob("*.m*"))
    other = preview(folder, "--only", "tell", out="broken")
    assert other.code == 2
    assert "--only" in other.said


def test_a_killed_preview_leaves_nothing_half_written(folder: Path) -> None:
    out = folder / "killed"
    words = ("preview", folder / "job.yaml", "-o", out, "--store", folder / "killed-store")
    running = start(folder, *words)
    while not list((out / "segments").glob("*.m4s")):
        time.sleep(0.01)
    os.killpg(running.pid, signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL
    state = json.loads((out / "state.json").read_text())
    for name, _ in playlist_rows(out / "preview.m3u8") if (out / "preview.m3u8").exists() else []:
        frames, _ = decoded((out / "header.mp4").read_bytes() + (out / name).read_bytes())
        assert frames
    assert all((out / name).is_file() for name in state["slots"])
    done = answerprint(folder, *words, "--json").data
    assert done["slots"] == len(playlist_rows(Path(done["playlist"])))
    assert (
        Path(done["playlist"]).with_name("preview.mp4").read_bytes()
        == (folder / "out" / "preview.mp4").read_bytes()
    )
