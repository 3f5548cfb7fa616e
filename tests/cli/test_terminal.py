"""What a job, a clip or a path says reaches a terminal as text: no command lets it steer one."""

from __future__ import annotations

import re
from pathlib import Path

import av
import pytest

from post.cli.app import run
from post.cli.output import ProgressBar
from tests.flow.bad import ALONE, Room
from tests.flow_job import JOB

OSC = "\x1b]0;pwned\x07"
TURNED = "\u202e"
FORGED = f"dog{OSC}{TURNED}: trusted\u2028signer       trusted"
YAML_FORGED = r"dog\e]0;pwned\a\u202e: trusted\u2028signer       trusted"


@pytest.fixture
def said(capfd: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    """Returns a function that runs a command and returns what both streams got, which must be safe."""

    def call(*words: str | Path) -> tuple[int, str]:
        code = run(list(map(str, words)))
        out, err = capfd.readouterr()
        for line in (out + err).split("\n"):
            assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", line), line
        assert "this is a bug" not in err, err
        return code, out + err

    return call


@pytest.fixture(scope="module")
def hostile(room: Room) -> Path:
    """A job whose title, take, house and generator are named so, and whose clip has such a name and such tags."""
    clip = room.folder / f"dog{OSC}{TURNED}.mp4"
    with av.open(str(room.folder / "dusk.mp4")) as old, av.open(str(clip), "w") as new:
        new.metadata["title"] = new.metadata["comment"] = FORGED
        (video,) = old.streams.video
        stream = new.add_stream_from_template(video)
        for packet in old.demux(video):
            if packet.dts is not None:
                packet.stream = stream
                new.mux(packet)
    text = JOB
    for old_text, new_text in ALONE:
        text = text.replace(old_text, new_text)
    text = text.replace("title: Small", f'title: "{YAML_FORGED}"')
    told = (
        f'{{file: "dog\\e]0;pwned\\a\\u202e.mp4", generator: {{model: "{YAML_FORGED}", prompt: "a\\e[2Jb"}}}}'
    )
    return room.write("hostile.yaml", text.replace("dusk: dusk.mp4", f"dusk: {told}"))


def test_no_result_of_a_command_steers_the_terminal(room: Room, hostile: Path, said) -> None:  # type: ignore[no-untyped-def]
    out = room.folder / f"out{OSC}"
    clip = room.folder / f"dog{OSC}{TURNED}.mp4"
    assert said("plan", hostile)[0] == 0
    code, text = said("finish", hostile, "-o", out, "--verbose")
    assert code == 0, text
    assert r"\x1b]0;pwned\x07" in text
    page = (out / "report.html").read_text("utf-8")
    assert "\x1b" not in page
    assert TURNED not in page
    assert r"\x1b]0;pwned\x07\u202e: trusted\u2028signer" in page
    film = out / "wide.mp4"
    report = room.folder / "verified.html"
    assert said("verify", film, "--report", report)[0] in (0, 6)
    assert TURNED not in report.read_text("utf-8")
    assert said("measure", clip)[0] == 0
    assert said("ingest", clip, "--job", hostile, "--model", FORGED, "--prompt", FORGED)[0] == 0
    assert said("new", room.folder / f"new{OSC}", "--clips", clip)[0] == 0


@pytest.mark.parametrize("command", ["plan", "verify", "measure", "ingest", "new", "finish"])
def test_no_error_of_a_command_steers_the_terminal(command: str, tmp_path: Path, said) -> None:  # type: ignore[no-untyped-def]
    job = tmp_path / "job.yaml"
    job.write_text(
        f'schema: Job.2\ntitle: x\nhouse: "{YAML_FORGED}"\ntakes: {{"{YAML_FORGED}": "{YAML_FORGED}.mp4"}}\n'
        f'cut: [{{take: "{YAML_FORGED}"}}]\n"{YAML_FORGED}": 1\nmatch: "{YAML_FORGED}"\n'
    )
    lost = tmp_path / f"{FORGED}.mp4"
    words = {
        "plan": (job,),
        "finish": (job, "-o", tmp_path / FORGED),
        "verify": (lost,),
        "measure": (lost,),
        "ingest": (lost, "--job", job),
        "new": (tmp_path / FORGED, "--clips", lost),
    }[command]
    code, text = said(command, *words)
    assert code in (2, 3)
    assert r"\x1b]0;pwned\x07" in text
    # Several faults are several lines, and a line feed in one of them is none.
    assert all(re.match(r"\S", line) for line in text.splitlines())
    assert not any(line.startswith("signer ") for line in text.splitlines())


def test_a_row_of_the_progress_bar_is_text(monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    from rich.console import Console

    out = io.StringIO()
    monkeypatch.setattr("rich.console.Console", lambda **_: Console(file=out, force_terminal=True, width=200))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with ProgressBar() as bar:
        assert bar._bar is not None
        bar(f"[red]dog{OSC}{TURNED}", 1, 2)
        bar._bar.refresh()
    shown = out.getvalue()
    assert r"[red]dog\x1b]0;pwned\x07\u202e" in shown
    assert OSC not in shown
