"""The job section `captions`: what is made of each file, and where its faults are told."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from post.errors import Problems
from post.job import load_job
from post.job.model import CaptionFile

Write = Callable[..., Path]
SRT = "1\n00:00:01,000 --> 00:00:02,500\n<i>Snow</i> everywhere\n"


def entry(write: Write, text: str, srt: str = SRT) -> CaptionFile:
    Path("lines.srt").write_text(srt)
    (only,) = load_job(write(captions=f"captions:\n  - {text}")).captions
    return only


def faults(write: Write, text: str, srt: str = SRT) -> str:
    with pytest.raises(Problems) as found:
        entry(write, text, srt)
    return str(found.value)


def test_an_entry_says_what_is_made_of_its_file(write: Write) -> None:
    made = entry(
        write,
        "{file: lines.srt, id: en, language: en, burn: true, sidecar: [vtt, imsc], track: true, deliver: small, "
        "on: dog}",
    )
    assert (made.language, made.burn, made.sidecars, made.track) == ("en", True, ("vtt", "imsc"), True)
    assert (made.deliver, made.take, made.id, made.where) == (("small",), "dog", "en", "job.yaml:9")
    (said,) = made.captions.captions
    assert (said.start, said.stop, said.where) == (Fraction(1), Fraction(5, 2), "lines.srt:2")
    assert [(run.text, run.italic) for run in said.runs] == [("Snow", True), (" everywhere", False)]


def test_one_word_stands_for_one_sidecar_and_times_are_the_films(write: Write) -> None:
    made = entry(write, "{file: lines.srt, sidecar: srt}")
    assert (made.sidecars, made.take, made.burn, made.deliver) == (("srt",), "", False, ())


def test_a_style_is_a_preset_that_its_own_knobs_are_laid_over(write: Write) -> None:
    made = entry(write, "{file: lines.srt, burn: true, style: outline, size: 6}")
    assert (made.style.plate, made.style.outline, made.style.size) == (False, 0.35, 6)
    assert entry(write, "{file: lines.srt, burn: true}").style.plate


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{file: lines.srt}", "captions that nothing is made of"),
        ("{burn: true}", "captions[0].file: missing"),
        ("{file: none.srt, burn: true}", "none.srt"),
        (
            "{file: lines.srt, burn: true, on: cat}",
            "captions[0].on: unknown take; expected dog | film | ship, got 'cat'",
        ),
        (
            "{file: lines.srt, burn: true, deliver: wide}",
            "captions[0].deliver: unknown deliverable; expected small",
        ),
        (
            "{file: lines.srt, sidecar: doc}",
            "captions[0].sidecar.format: unknown choice; expected imsc | srt | vtt",
        ),
        ("{file: lines.srt, burn: true, language: xx}", "captions[0].language: not a language"),
        ("{file: lines.srt, burn: true, style: fancy}", "captions[0].style"),
        ("{file: lines.srt, burn: true, colour: red}", "captions[0].colour: not a colour"),
        ("{file: lines.srt, burn: true, rate: fast}", "captions[0].rate: not a frame rate"),
        ("{file: lines.srt, burn: true, content: x}", "captions[0].content: unknown key"),
    ],
)
def test_what_is_wrong_is_told_at_its_key(write: Write, text: str, says: str) -> None:
    assert says in faults(write, text)


def test_a_fault_of_the_caption_file_is_told_at_its_line(write: Write) -> None:
    said = faults(
        write, "{file: lines.srt, burn: true}", SRT + "\n2\n00:00:05,000 --> 00:00:04,000\nBackwards\n"
    )
    assert "lines.srt:6" in said


def test_two_entries_may_not_share_an_id(write: Write) -> None:
    said = faults(write, "{file: lines.srt, burn: true, id: a}\n  - {file: lines.srt, burn: true, id: a}")
    assert "two entries have the same id" in said


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{file: lines.srt, sidecar: vtt, id: "x/../../evil"}', "captions[0].id: not usable as a file name"),
        (
            '{file: lines.srt, sidecar: vtt, language: "en-/../../evil"}',
            "captions[0].language: not a language",
        ),
    ],
)
def test_no_file_is_named_by_a_path(write: Write, text: str, says: str) -> None:
    assert says in faults(write, text)


def test_a_files_own_language_names_files_only_where_it_is_one(write: Write) -> None:
    vtt = "WEBVTT\nLanguage: {}\n\n00:01.000 --> 00:02.500\nSnow\n"
    assert entry(write, "{file: lines.srt, sidecar: vtt}", vtt.format("nb")).language == "nb"
    assert entry(write, "{file: lines.srt, language: de, sidecar: vtt}", vtt.format("/../x")).language == "de"
    for hostile in ("../../evil", "en/../../evil"):
        told = faults(write, "{file: lines.srt, sidecar: vtt}", vtt.format(hostile))
        assert "captions[0].language: its file's language is not a language" in told
        assert "write `language` here" in told
