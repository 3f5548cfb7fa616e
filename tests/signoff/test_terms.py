"""What an approval holds under, beside the frames: captions that are delivered as text are in no frame."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.signoff.signoff_room import FILM, JOB, decide, make_room, opened

STALE = "stale: the captions changed"
SPOKEN = "1\n00:00:00,100 --> 00:00:01,200\nHello there\n"


@pytest.mark.parametrize(
    ("made", "why"),
    [("sidecar: vtt", STALE), ("track: true", STALE), ("burn: true", "")],
)
def test_an_approval_is_stale_where_captions_changed_that_no_frame_shows(
    tmp_path: Path, made: str, why: str
) -> None:
    room, lines = make_room(tmp_path), tmp_path / "lines.srt"
    lines.write_text(SPOKEN)
    (room / "job.yaml").write_text(f"{JOB}captions: [{{file: lines.srt, language: en, {made}}}]\n")
    signoff = opened(room)
    signoff.log_renders([FILM], ["login-renderer"])
    decide(signoff, "ana", "creative")
    lines.write_text(f"{SPOKEN}\n\n")  # says nothing
    assert opened(room).judge(FILM, signoff.read())[0].roles[0].met
    lines.write_text(SPOKEN.replace("Hello", "Buy"))
    role = opened(room).judge(FILM, signoff.read())[0].roles[0]
    assert [each.why for each in role.refused] == [why][: bool(why)]
    assert role.met is not bool(why)
