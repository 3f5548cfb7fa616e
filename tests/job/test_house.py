from __future__ import annotations

import json
from pathlib import Path

import pytest

from post.errors import JobError, Problems
from post.job import load_job
from post.job.house import House, changes, read_house
from post.job.lock import check_lock, differences, lock_path, lock_text
from post.job.table.form import Part
from post.job.table.schema_table import FORMS
from presets import names
from tests.job.conftest import Write

HERE = Path()
HOUSE = """
doc: ours
extends: nocturne
look: {preset: night, lut: grade.cube, saturation: 0.7}
optics: {preset: film, bloom: {strength: 4}}
label: [standard, {preset: quiet, place: bottom-left}]
"""
CUBE = "LUT_3D_SIZE 2\n" + "\n".join(f"{r} {g} {b}" for b in (0, 1) for g in (0, 1) for r in (0, 1)) + "\n"


@pytest.fixture
def ours(write: Write) -> Write:
    """A job's folder with a house of its own in it, `presets/house/ours.yaml`."""
    folder = Path("presets/house")
    folder.mkdir(parents=True)
    (folder / "ours.yaml").write_text(HOUSE)
    (folder / "grade.cube").write_text(CUBE)
    return write


def lock(name: str) -> Path:
    path = lock_path(name, HERE)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(lock_text(read_house(name, HERE), "1.0"))
    return path


def values(house: House) -> dict[str, str]:
    return {setting.place: setting.text for setting in house.settings}


def test_a_house_resolves_to_every_knob_of_every_part_and_says_which_file_wrote_it(ours: Write) -> None:
    house = read_house("ours", HERE)
    found = values(house)
    assert found["look.saturation"] == "0.7"
    assert found["look.contrast"] == "1.1"
    assert found["look.lut"] == "grade.cube"
    assert found["optics.bloom.strength"] == "4"
    assert found["optics.halation.radius"] == "0.6"
    assert found["label[1].place"] == "bottom-left"
    origins = {setting.place: setting.origin for setting in house.settings}
    assert (origins["look.saturation"], origins["look.contrast"]) == ("house ours", "look night")
    assert origins["look.pivot"] == "default"
    assert {"presets/house/ours.yaml", "presets/house/nocturne.yaml", "grade.cube"} <= dict(
        house.files
    ).keys()
    assert all(len(digest) == 64 for _, digest in house.files)


@pytest.mark.parametrize("name", names("house"))
def test_every_shipped_house_can_be_locked_and_holds(name: str, write: Write) -> None:
    lock(name)
    assert check_lock(name, HERE)
    assert load_job(write(house=f"house: {name}")).house == name


# A value for every part of a house and of its parts: a part that is added wants one here.
FULL = """
repair: {deflicker: auto, degrain: {when: always, strength: 0.5}, deband: always}
look: night
optics: {bloom: {strength: 4}, soften: {amount: 0.5}, vignette: {stops: 1}, halation: {strength: 2}}
grain: fine
type:
  preset: lower-third
  plate_colour: $sea
  motion: {in: {dy: 1em}, out: {opacity: 0}, while: {scale: 103}, shutter: 90}
tokens: {colours: {sea: "#003366"}, files: {logo: grade.cube}, numbers: {radius: 1}}
label: standard
bug: {image: grade.cube, at: 1s}
loudness: r128
balance: {mid: 0.5, contrast: 0.25}
"""


def parts_of(form: str, place: str = "") -> set[str]:
    """Every part that a form can have, and every part of those, dotted."""
    found = {f"{place}{key}": item for key, item in FORMS[form].keys.items() if isinstance(item, Part)}
    return set(found).union(*(parts_of(item.form, f"{spot}.") for spot, item in found.items()))


def test_every_part_that_a_house_can_have_is_in_what_it_resolves_to(ours: Write) -> None:
    Path("presets/house/full.yaml").write_text(FULL)
    Path("grade.cube").write_text(CUBE)
    house = read_house("presets/house/full.yaml", HERE)
    assert set(house.parts) == parts_of("house")
    # Each part brought a value of its own, or those of its parts.
    assert values(house)["type.plate_colour"] == "#003366"
    silent = [part for part in house.parts if not any(at.startswith(part) for at in values(house))]
    assert silent == []


def refused(job: Path) -> str:
    with pytest.raises(Problems) as caught:
        load_job(job)
    [fault] = caught.value.faults
    return str(fault)


def test_a_job_on_a_locked_house_with_a_changed_preset_is_refused_in_one_line(ours: Write) -> None:
    lock("ours")
    job = ours(house="house: ours")
    assert load_job(job).house == "ours"
    house = Path("presets/house/ours.yaml")
    house.write_text(HOUSE.replace("saturation: 0.7", "saturation: 0.75"))
    said = refused(job)
    assert said.startswith("job.yaml:8: house: the house is not what it was when it was locked; ")
    assert "look.saturation 0.75 (was 0.7)" in said
    assert "restore presets/house/ours.yaml" in said
    assert "answerprint house lock ours" in said
    assert "\n" not in said


def test_a_changed_table_file_is_refused(ours: Write) -> None:
    lock("ours")
    Path("presets/house/grade.cube").write_text(CUBE.replace("1 1 1", "1 1 0.9"))
    said = refused(ours(house="house: ours"))
    assert "look.lut" in said
    assert "restore grade.cube" in said


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        (
            "optics: {preset: film, bloom: {strength: 4}}",
            "optics: none",
            "optics removed, optics.bloom removed",
        ),
        ("doc: ours", "grain: none", "grain removed"),
        ("doc: ours", "bug: {image: grade.cube}", "bug added"),
        ("bloom: {strength: 4}", "bloom: {strength: 4, radius: 3}", "optics.bloom.radius 3 (was 2)"),
        ("label: [standard, {preset", "label: [{preset", "label[1] removed"),
    ],
)
def test_whatever_changes_the_style_breaks_its_lock(ours: Write, was: str, now: str, says: str) -> None:
    lock("ours")
    Path("presets/house/ours.yaml").write_text(HOUSE.replace(was, now))
    assert says in refused(ours(house="house: ours"))


def test_words_that_are_no_stages_knobs_are_locked_too(ours: Write) -> None:
    timed = HOUSE + "bug: {image: grade.cube, at: 1s}\nrepair: {deflicker: WHEN}\n"
    house = Path("presets/house/ours.yaml")
    house.write_text(timed.replace("WHEN", "auto"))
    lock("ours")
    assert values(read_house("ours", HERE))["bug.at"] == "1s"
    house.write_text(timed.replace("1s", "2s").replace("WHEN", "always"))
    said = refused(ours(house="house: ours"))
    assert "bug.at 2s (was 1s)" in said
    assert "repair.deflicker always (was auto)" in said


def test_a_preset_in_other_words_of_the_same_values_holds(ours: Write) -> None:
    lock("ours")
    Path("presets/house/ours.yaml").write_text("# a note\n" + HOUSE.replace("0.7,", "0.70,"))
    assert check_lock("ours", HERE)


def test_a_stage_of_another_version_breaks_the_lock(ours: Write) -> None:
    path = lock("ours")
    data = json.loads(path.read_text())
    data["stages"]["look"] = 0
    assert differences(data, read_house("ours", HERE)) == ["version 1 of the stage look (was 0)"]


def test_a_knob_the_lock_does_not_know_holds_at_its_default_and_not_elsewhere(ours: Write) -> None:
    path = lock("ours")
    data = json.loads(path.read_text())
    del data["values"]["look.curve"]
    assert differences(data, read_house("ours", HERE)) == []
    del data["values"]["look.saturation"]
    assert differences(data, read_house("ours", HERE)) == ["look.saturation added (0.7)"]


def test_what_the_job_itself_changes_is_not_the_locks_business(ours: Write) -> None:
    lock("ours")
    assert load_job(ours(house="house: {preset: ours, grain: none}", more="look: {saturation: 1}")).cut


def test_a_house_named_by_a_path_is_locked_beside_its_file(ours: Write) -> None:
    assert lock("presets/house/ours.yaml") == Path("presets/house/ours.lock").resolve()
    Path("presets/house/ours.yaml").write_text(HOUSE.replace("0.7", "0.8"))
    assert "look.saturation" in refused(ours(house="house: presets/house/ours.yaml"))


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"schema": "House-lock.1"}', '{"schema": "Job.2"}'])
def test_a_lock_that_is_none_is_refused_and_not_ignored(ours: Write, text: str) -> None:
    lock("ours").write_text(text)
    assert "cannot be read as a house's lock" in refused(ours(house="house: ours"))


def test_a_locked_house_that_is_broken_now_is_never_taken(ours: Write) -> None:
    lock("ours")
    Path("presets/house/ours.yaml").write_text(HOUSE.replace("0.7", "9"))
    with pytest.raises(Problems, match="a locked house that cannot be read"):
        load_job(ours(house="house: ours", more="look: none"))


def test_two_houses_differ_where_their_knobs_do(ours: Write) -> None:
    found = changes(read_house("daylight", HERE), read_house("silver", HERE))
    places = {about.place for pair in found for about in pair if about is not None}
    assert {"look.saturation", "grain.strength"} <= places
    assert not list(changes(read_house("silver", HERE), read_house("silver", HERE)))


def test_a_house_nobody_knows_gets_the_nearest(ours: Write) -> None:
    with pytest.raises(JobError, match=r"^unknown house preset; .* did you mean 'silver'\?"):
        read_house("sliver", HERE)
    with pytest.raises(JobError, match="look.saturation: out of range"):
        Path("presets/house/ours.yaml").write_text("look: {saturation: 9}")
        read_house("ours", HERE)


def test_a_part_that_is_one_word_is_held_by_the_lock(ours: Write) -> None:
    path = Path("presets/house/ours.yaml")
    path.write_text(HOUSE + "repair: auto\n")
    locked = json.loads(lock("ours").read_text())
    path.write_text(HOUSE + "repair: always\n")
    assert any("repair always (was auto)" in said for said in differences(locked, read_house("ours", HERE)))
