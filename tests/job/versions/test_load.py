from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from post.errors import Problems
from post.job import load_job
from post.job.model import Job
from post.job.versions.load import load_versions
from post.picture.title import Title
from tests.job.conftest import Write

DEFECTS: list[dict[str, Any]] = YAML(typ="safe").load(Path(__file__).with_name("defects.yaml").read_text())
CUT = """
cut:
  - {id: open, take: dog, length: 2s}
  - {id: mid, take: ship, length: 2s, transition: {stage: whip-pan, length: 8f}}
  - {take: dog, length: 2s}
"""
TITLES = """
titles:
  - {id: line, text: Winter, at: 0.5s, length: 2s, colour: "#ff0000"}
  - {id: card, stage: card, text: Ship, at: 4s, length: 1s}
"""
SOUND = "sound: {voice: [{id: vo, file: bed.wav, at: 1s}, {id: description, file: bed.wav, mute: true}]}"
CAPTIONS = "captions: [{file: lines.srt, language: en, sidecar: vtt}]"
JOB = {"cut": CUT, "titles": TITLES, "sound": SOUND, "captions": CAPTIONS}


def versions(write: Write, text: str, **parts: str) -> dict[str, Job]:
    """Returns the versions of a job by the name of their first film."""
    return {job.deliver[0].name: job for job in load_versions(write(**{**JOB, **parts}, versions=text))}


def test_a_job_without_versions_is_its_only_version(write: Write) -> None:
    path = write(**JOB)
    assert load_versions(path) == (load_job(path),)


def test_each_value_is_laid_over_the_job_by_the_ids_of_its_lists(write: Write) -> None:
    made = versions(
        write,
        """
versions:
  axes:
    language: {en: {}, de: {titles: {line: {text: Winterzeit}}}}
    hook: {dog: {}, ship: {cut: {open: {take: ship, in: 1s}}}}
  name: "{deliver}-{language}-{hook}"
""",
    )
    assert list(made) == ["small-en-dog", "small-en-ship", "small-de-dog", "small-de-ship"]
    texts = {name: job.titles[0].layer.text for name, job in made.items()}  # type: ignore[attr-defined]  # a title
    assert texts == {name: "Winterzeit" if "-de-" in name else "Winter" for name in made}
    opens = {name: (job.cut[0].name, job.cut[0].take, job.cut[0].start) for name, job in made.items()}
    assert opens["small-de-ship"] == ("open", "ship", "1s")
    assert opens["small-de-dog"] == ("open", "dog", "0s")
    said = made["small-de-ship"].version
    assert said is not None
    assert said.axes == (("language", "de"), ("hook", "ship"))
    # What the job says of the title itself stays, and where it says it.
    assert made["small-de-dog"].titles[0].layer.colour == "#ff0000"  # type: ignore[attr-defined]  # a title
    origins = {place: origin for place, _, origin in made["small-de-dog"].origins}
    lines = Path("job.yaml").read_text().splitlines()
    assert "Winterzeit" in lines[int(origins["titles[0].text"].rpartition(":")[2]) - 1]
    assert 'colour: "#ff0000"' in lines[int(origins["titles[0].colour"].rpartition(":")[2]) - 1]


def test_a_shot_without_an_id_is_called_by_its_take_and_keeps_its_name(write: Write) -> None:
    made = versions(write, "versions: {axes: {hook: {a: {}, b: {cut: {dog: {take: ship}}}}}}")
    assert [cut.take for cut in made["small-b"].cut] == ["dog", "ship", "ship"]
    assert [cut.name for cut in made["small-b"].cut] == [cut.name for cut in made["small-a"].cut]


def test_rules_say_what_goes_together(write: Write) -> None:
    axes = "axes: {language: {en: {}, de: {}, fr: {}}, length: {full: {}, short: {cut: {only: [open]}}}}"
    without = f"versions: {{{axes}, except: [{{language: [de, fr], length: short}}]}}"
    assert list(versions(write, without)) == [
        "small-en-full",
        "small-en-short",
        "small-de-full",
        "small-fr-full",
    ]
    only = f"versions: {{{axes}, only: [{{language: de}}, {{length: short, language: en}}]}}"
    assert list(versions(write, only)) == ["small-en-short", "small-de-full", "small-de-short"]


def test_only_names_shots_or_beats_and_leaves_the_others_out(write: Write) -> None:
    Path("brief.yaml").write_text("beats: [{id: hello, says: a dog}]")
    made = versions(
        write,
        "versions: {axes: {length: {six: {cut: {only: [hello]}}, four: {cut: {only: [open, mid]}}}}}",
        takes="takes: {dog: {file: dog.mp4, beat: hello}, ship: ship.mp4}",
        brief="brief: brief.yaml",
    )
    left = {name: job.version.left_out for name, job in made.items() if job.version}
    assert left == {"small-six": ("mid",), "small-four": ("dog",)}


def test_lists_take_words_for_all_for_some_and_for_more(write: Write) -> None:
    made = versions(
        write,
        """
versions:
  axes:
    a: {x: {titles: {without: [card]}}, y: {titles: {line: none}}, z: {titles: {all: {at: 1s}}}}
    b: {p: {}, q: {titles: {add: [{text: New, at: 0s, length: 1s}]}}, r: {captions: {en: {burn: true}}}}
""",
    )
    ids = {name: [(each.id, each.at) for each in job.titles] for name, job in made.items()}
    assert ids["small-x-p"] == [("line", "0.5s")]
    assert ids["small-y-p"] == [("card", "4s")]
    assert ids["small-z-q"] == [("line", "1s"), ("card", "1s"), ("", "0s")]
    assert [made[f"small-x-{value}"].captions[0].burn for value in "pqr"] == [False, False, True]


def test_the_accessible_preset_turns_captions_on_and_motion_off(write: Write) -> None:
    made = versions(write, "versions: {axes: {access: {plain: {}, calm: accessible}}}")
    plain, calm = made["small-plain"], made["small-calm"]
    assert [plain.captions[0].burn, calm.captions[0].burn] == [False, True]
    assert [job.cut[1].transition.name for job in (plain, calm) if job.cut[1].transition] == [
        "whip-pan",
        "dissolve",
    ]
    assert plain.cut[1].transition_length == calm.cut[1].transition_length
    title = Title.require(calm.titles[0].layer)  # the second is a card, which has no plate and does not move
    assert (title.plate, title.calm) == (True, True)
    assert [each.stage.mute for each in plain.sounds] == [False, True]
    assert [each.stage.mute for each in calm.sounds] == [False, False]


def test_a_preset_tells_what_the_job_has_not(write: Write) -> None:
    made = versions(write, "versions: {axes: {access: {calm: accessible}}}", sound="", captions="")
    version = made["small-calm"].version
    assert version is not None
    assert [what.partition(":")[0] for _, what in version.told] == [
        "versions.axes.access.calm.captions is laid over every entry, and the job has none",
        "versions.axes.access.calm.sound.voice.description",
    ]


def test_a_deliverable_may_carry_an_overlay_of_its_own(write: Write) -> None:
    deliver = """
deliver:
  - {width: 64, height: 64, name: small}
  - {width: 32, height: 64, name: tall, overlay: {titles: {line: {text: Up}}, clock: 25, cut: {only: [open]}}}
"""
    jobs = load_versions(write(**{**JOB, "deliver": deliver}))
    assert [[each.name for each in job.deliver] for job in jobs] == [["small"], ["tall"]]
    assert [str(job.clock) for job in jobs] == ["24/1", "25/1"]
    assert [job.titles[0].layer.text for job in jobs] == ["Winter", "Up"]  # type: ignore[attr-defined]  # a title
    tall = jobs[1].version
    assert tall is not None
    assert tall.left_out == ("mid", "dog")
    assert [each.name for each in load_job(Path("job.yaml")).deliver] == ["small", "tall"]


@pytest.mark.parametrize("defect", DEFECTS, ids=[defect["fault"] for defect in DEFECTS])
def test_each_defect_is_said_with_the_line_of_the_axis_value(defect: dict[str, Any], write: Write) -> None:
    text = "versions:\n" + "\n".join(f"  {line}" for line in defect["versions"].splitlines())
    path = write(**{**JOB, **defect.get("with", {})}, versions=text)
    with pytest.raises(Problems) as caught:
        load_versions(path)
    assert str(caught.value) == defect["says"].rstrip()


def test_all_faults_of_all_versions_are_told_at_once_and_each_once(write: Write) -> None:
    path = write(
        **JOB,
        versions="versions: {axes: {a: {x: {titles: {no: {at: 1s}}}, y: {cut: {open: {take: no}}}}, b: {p: {}}}}",
    )
    with pytest.raises(Problems) as caught:
        load_versions(path)
    assert len(caught.value.faults) == 2
