"""What receipts, JSON and the terminal tell of a film's sound, and what people are warned of."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from post.deliver.check import MeasuredFilm, unmet_targets
from post.deliver.sound.account import measured_words, sound_account, sound_line, sound_words
from post.plan import compile_plan
from post.sound import Loudness
from post.values import (
    Crossing,
    Duck,
    DuckNote,
    LevelNote,
    MixNotes,
    Rendition,
    RepairNote,
    ShotLoudnessNote,
    SourceLevelNote,
    Span,
    SpeechNote,
    Toolchain,
)
from tests.plan.made import cut, deliver, job, take

RATE = 48000
VOICE = (Span(0, RATE), Span(2 * RATE, 3 * RATE))
MUSIC = DuckNote("music", 12.0, 11.94, VOICE, ((0, 0.0), (480, -9.0)), ratios=(12.345, None))
UNSPOKEN = SpeechNote("sea.mp4", RATE, 3)
CLIPPED = RepairNote("hot.wav", "overs", "heavily clipped, 0.8 % of it", mended=False, clipped_pc=0.8)
NOTES = MixNotes(
    crossings=(Crossing(24000, 480, 0.25),),
    ducks=(MUSIC,),
    tone=(Span(RATE, RATE + RATE // 2), Span(4 * RATE, 5 * RATE)),
    repairs=(
        RepairNote("vo.wav", "dc", "a DC offset of -32 dB taken out"),
        RepairNote("vo.wav", "hum", "hum at 50 Hz lowered by 20 dB"),
        RepairNote("dog.mp4", "overs", "3 clipped peaks rebuilt"),
        CLIPPED,
    ),
    level=LevelNote(3.25, 4.1, 2, slow_db=1.5),
    speech=(SpeechNote("ltx.mp4", 0, 6, (Span(10, 90),)),),
    levels=(
        SourceLevelNote("vo.wav", 0, -16.0, -30.25, "integrated", 14.25),
        SourceLevelNote("none.wav", RATE, -16.0, None, "mean", 0.0),
        SourceLevelNote("hit.wav", RATE, -23.0, -20.0, "momentary", -3.0),
    ),
)


@pytest.fixture(scope="module")
def planned() -> Rendition:
    asked = replace(job(cut("dog")), deliver=(deliver("film", 64, 48),))
    (rendition,) = compile_plan(asked, {"dog": take("dog", 24)}, (), Toolchain((), ())).renditions
    return rendition


def measured(notes: MixNotes = NOTES, **levels: Any) -> MeasuredFilm:
    heard = replace(Loudness(-14.004, -9.5, None, 3.456, -1.049), **levels)
    return MeasuredFilm(64, 48, Fraction(24), 24, RATE, (1, 1, 1, 1), heard, notes)


def ducked(planned: Rendition, below_db: float = 12) -> Rendition:
    (event,) = planned.mix.events
    bed = replace(event, stem="music", role="music", duck=Duck(below_db))
    return replace(planned, mix=replace(planned.mix, events=(event, bed)))


def told(planned: Rendition, notes: MixNotes) -> list[tuple[str, str]]:
    found = unmet_targets(measured(notes), planned)
    assert all((each.of, each.films) == ("film film", ("film",)) for each in found)
    return [(each.code, each.got) for each in found]


def test_an_account_holds_every_figure_and_what_is_not_measurable_is_null(planned: Rendition) -> None:
    account = sound_account(measured(), planned)
    assert account is not None
    assert (account["loudness_lufs"], account["range_lu"], account["true_peak_dbtp"]) == (-14.0, 3.46, -1.05)
    assert account["max_short_term_lufs"] is None
    assert (account["rate_hz"], account["channels"], account["codec"]) == (RATE, 2, planned.mix.codec)
    assert account["level"] == {"gain_db": 3.25, "limited_db": 4.1, "slow_db": 1.5, "passes": 2, "says": ""}
    assert account["ducks"][0]["passages_db"] == [12.35, None]
    assert [row["found_lufs"] for row in account["sources"]] == [-30.25, None, -20]
    assert account["ducks"][0]["passages"] == [[0, 1], [2, 3]]
    assert account["tone"] == [[1, 1.5], [4, 5]]


def test_a_film_without_sound_has_no_account(planned: Rendition) -> None:
    assert sound_account(replace(measured(), loudness=None), planned) is None
    assert sound_account(measured(), replace(planned, mix=replace(planned.mix, events=()))) is None


def test_words_tell_all_of_it(planned: Rendition) -> None:
    notes = replace(NOTES, speech=(*NOTES.speech, UNSPOKEN))
    words = dict(sound_words(sound_account(measured(notes), planned) or {}))
    assert words["Encoded as"].endswith("stereo, 48 kHz")
    assert words["Level"] == "raised by 3.2 dB; peaks held down by up to 4.1 dB"
    assert words["Music, ducked"] == "11.9 LU below the voice in 2 passages (asked 12)"
    assert words["Level of vo.wav"] == "brought from -30.2 to -16 LUFS (+14.2 dB)"
    assert words["Level of none.wav"] == "silent: not brought to -16 LUFS"
    assert words["Level of hit.wav"] == "brought from -20.0 to -23 LUFS (-3.0 dB, by its loudest moment)"
    assert words["Room tone"] == "fills 2 gaps, 1.50 s in all"
    assert words["Found in hot.wav"] == "heavily clipped, 0.8 % of it"
    assert words["Speech in ltx.mp4"] == "raised by up to 6 dB in 1 passage"
    assert words["Speech in sea.mp4"] == "not raised: no speech was found (asked 3 dB)"
    assert words["Mended in vo.wav"] == "a DC offset of -32 dB taken out; hum at 50 Hz lowered by 20 dB"


def test_one_line_tells_the_gist(planned: Rendition) -> None:
    assert sound_line(sound_account(measured(), planned) or {}) == (
        "-14.00 LUFS; -1.05 dBTP; music 11.9 LU below voice; room tone in 2 gaps; 2 sources mended"
    )
    short = sound_account(measured(MixNotes(), integrated_lufs=None), planned)
    assert sound_line(short or {}).startswith("loudness not measurable; -1.05 dBTP")


def test_the_receipt_has_a_measurement_for_each_decision_and_none_where_there_was_none() -> None:
    assert dict(measured_words(replace(NOTES, speech=(*NOTES.speech, UNSPOKEN)))) == {
        "sound_crossings": "480 samples from 24000, correlation 0.25",
        "sound_ducked": "music 11.9 LU below the voice (asked 12)",
        "room_tone": "samples 48000 to 71999; samples 192000 to 239999",
        "sound_mended": "vo.wav: a DC offset of -32 dB taken out; vo.wav: hum at 50 Hz lowered by 20 dB;"
        " dog.mp4: 3 clipped peaks rebuilt",
        "sound_found": "hot.wav: heavily clipped, 0.8 % of it",
        "speech_raised": "ltx.mp4 by up to 6 dB in samples 10 to 89; sea.mp4 not raised by 3 dB: no speech was found",
    }
    assert dict(measured_words(MixNotes())) == {}


def test_sound_that_is_as_asked_warns_of_nothing(planned: Rendition) -> None:
    assert told(ducked(planned), NOTES) == []
    even = (loudness(-12, 0), loudness(-22, RATE), loudness(-60, 2 * RATE))
    assert told(planned, MixNotes(shots=even)) == []
    assert told(planned, MixNotes(shots=(loudness(-10, 0), loudness(-60, RATE)))) == []


def loudness(lufs: float, at: int) -> ShotLoudnessNote:
    return ShotLoudnessNote(f"{at:064}", at, RATE, lufs)


def test_a_shot_far_louder_than_the_others_is_told_by_its_name(planned: Rendition) -> None:
    (shot,) = planned.shots
    loud = ShotLoudnessNote(shot.take.file.sha256, 0, RATE, -10)
    notes = MixNotes(shots=(loud, loudness(-22, RATE), loudness(-24, 2 * RATE)))
    (warning,) = unmet_targets(measured(notes), planned)
    assert (warning.code, warning.got) == ("shots-uneven", "-10.0 LUFS, 13.0 LU above them")
    assert f"shot {shot.name} is" in warning.what
    assert "level: -23 LUFS" in warning.fix


@pytest.mark.parametrize(
    ("notes", "found"),
    [
        (replace(NOTES, level=LevelNote(15, 11.2, 3)), [("sound-limited", "up to 11.2 dB")]),
        (replace(NOTES, ducks=(replace(MUSIC, reached_db=10.9),)), [("duck-missed", "10.9 dB below it")]),
        (replace(NOTES, ducks=(replace(MUSIC, reached_db=13.1),)), [("duck-missed", "13.1 dB below it")]),
        (
            replace(NOTES, ducks=(replace(MUSIC, reached_db=20, lower=True),)),
            [("bed-low", "20.0 dB below it")],
        ),
        (replace(NOTES, ducks=(replace(MUSIC, reached_db=None, passages=()),)), [("no-voice", "")]),
        (replace(NOTES, ducks=()), [("no-voice", "")]),
        (replace(NOTES, speech=(UNSPOKEN,)), [("no-speech", "speech: 3 dB")]),
        (
            replace(NOTES, repairs=(replace(CLIPPED, clipped_pc=2.5),)),
            [("sound-clipped", "2.5 % of its samples at their limit")],
        ),
    ],
)
def test_people_are_warned(planned: Rendition, notes: MixNotes, found: list[tuple[str, str]]) -> None:
    assert told(ducked(planned), notes) == found


def test_a_range_is_not_warned_of(planned: Rendition) -> None:
    part = replace(ducked(planned), part=Span(0, 12))
    assert unmet_targets(measured(replace(NOTES, ducks=())), part) == ()
