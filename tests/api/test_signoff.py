"""Between a candidate and its release: an approval that is revoked meanwhile lets nothing out."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from post import FinishOptions, Settings, finish_job
from post.api.signoff.candidates import CandidateChecks
from post.api.signoff.deciding import Wish, decide
from post.api.signoff.state import read_signoff
from post.api.signoff.told import UnapprovedFilms
from post.engine import WorkerPool
from post.job import load_job
from post.signoff.binding import DecisionAsked, SeenFilm, open_signoff
from post.takes.made.synthetic import make_clip
from provenance.approval.frames import FilmFrames
from provenance.approval.statement import Verdict
from tests.flow_job import CLIPS
from tests.provenance.approval.approval_desk import TIME, signer

JOB = """
schema: Job.2
title: Small
clock: 24
house: daylight
takes: {dusk: dusk.mp4}
cut: [{take: dusk, length: 0.5s}]
people: people.yaml
gates: {release: {roles: [creative]}}
deliver: [{preset: draft, name: wide, width: 160, height: 90}]
"""
PERSON = "{{id: ana, name: Ana, kind: person, roles: [creative], keys: [{{kind: ed25519, public: {0}}}]}}"
PEOPLE = f"people:\n  - {PERSON}\n"


class SmallGatedJob:
    """A job with one gate, and the person who passes it."""

    def __init__(self, folder: Path) -> None:
        make_clip(folder / "dusk.mp4", CLIPS["dusk"])
        self.job, self.out = folder / "job.yaml", folder / "out"
        self.settings = Settings(folder / "config", folder / "store", folder / "local")
        (folder / "people.yaml").write_text(PEOPLE.format(signer("ana").public))
        self.job.write_text(JOB)

    def decide(self, verdict: Verdict, revokes: str = "") -> str:
        signoff = open_signoff(load_job(self.job), self.settings.config)
        assert signoff is not None
        log = signoff.read()
        last = log.last_render("wide")
        assert last is not None
        film = SeenFilm("wide", last.frames)
        asked = DecisionAsked(verdict, "release", "creative", "ana", revokes=revokes)
        return signoff.sign(signoff.draft(asked, film, log, TIME), signer("ana"), last.frames).envelope

    def approve(self) -> None:
        """Approves the film that waits, as the command does."""
        with WorkerPool(1) as pool:
            found = read_signoff(pool, self.job, self.settings.config)
            checks = CandidateChecks(pool, self.job, self.settings, self.out)
            decide(found, Wish("approve", "release", "creative"), signer("ana"), checks.check)

    def frames(self) -> FilmFrames:
        """The frames of the film as it was rendered last."""
        signoff = open_signoff(load_job(self.job), self.settings.config)
        assert signoff is not None
        last = signoff.last_render("wide", signoff.read())
        assert last is not None
        return last.frames

    def finish(self, tell: object = None) -> None:
        more = {"tell": tell} if tell else {}
        finish_job(self.job, self.out, FinishOptions(workers=1), self.settings, **more)  # type: ignore[arg-type]


@pytest.fixture
def gated(tmp_path: Path) -> SmallGatedJob:
    return SmallGatedJob(tmp_path)


def test_what_is_revoked_while_films_are_signed_does_not_go_out(gated: SmallGatedJob) -> None:
    with pytest.raises(UnapprovedFilms) as waiting:
        gated.finish()
    assert waiting.value.exit_code == 5
    assert [film["signed"] for film in waiting.value.data["deliverables"]] == [False]
    approval = gated.decide("approve")
    signed = list[str]()

    def revoke(event: str, **_: object) -> None:
        signed.extend([event] * (event == "signed"))
        if event == "signed" and len(signed) == 2:  # the candidate's, then the film's
            gated.decide("revoke", approval)

    with pytest.raises(UnapprovedFilms, match="revoked"):
        gated.finish(revoke)
    assert len(signed) == 2
    assert not (gated.out / "wide.mp4").exists()
    gated.decide("approve")
    gated.finish()
    assert (gated.out / "wide.mp4").is_file()


def test_an_approval_holds_for_the_stems_beside_the_film(gated: SmallGatedJob) -> None:
    """What is heard stays the same: only the stem that a sound lies in is another one."""
    tone = (8000 * np.sin(np.arange(48000) / 20)).astype("<i2")
    with wave.open(str(gated.job.parent / "tone.wav"), "wb") as file:
        file.setparams((1, 2, 48000, 0, "NONE", ""))
        file.writeframes(tone.tobytes())
    job = JOB.replace("height: 90", "height: 90, stems: true") + "sound: {effects: [{file: tone.wav}]}\n"
    gated.job.write_text(job)
    with pytest.raises(UnapprovedFilms):
        gated.finish()
    first = gated.frames()
    assert [name for name, _ in first.stems] == ["clip", "effects", "mix"]
    gated.decide("approve")
    gated.finish()
    assert (gated.out / "wide.stems" / "wide.effects.wav").is_file()
    gated.job.write_text(job.replace("effects", "ambience"))
    with pytest.raises(UnapprovedFilms, match="stale: the stems changed"):
        gated.finish()
    second = gated.frames()
    assert (second.picture, second.sound) == (first.picture, first.sound)
    assert not (gated.out / "wide.stems" / "wide.ambience.wav").exists()
    assert (gated.out / "review" / "wide.stems" / "wide.ambience.wav").is_file()
    gated.approve()
    gated.finish()
    assert (gated.out / "wide.stems" / "wide.ambience.wav").is_file()
    assert not (gated.out / "review").exists()
    gated.job.write_text(job.replace(", stems: true", "").replace("effects", "ambience"))
    gated.finish()  # nothing is delivered that was not approved
