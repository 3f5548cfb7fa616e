from __future__ import annotations

import pickle
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from post.errors import JobError, Problems, SourceError
from post.job import Job, load_job
from post.job.diagnostics import UnreadableSources
from post.job.reader import MOST_ITEMS
from post.knob import public_knobs
from post.picture.retime import Retime
from post.stage import stage_names
from presets import names
from presets.yaml_nodes import Written, read_text
from tests.job.conftest import Write

DEFECTS: list[dict[str, Any]] = YAML(typ="safe").load(Path(__file__).with_name("defects.yaml").read_text())


@pytest.mark.parametrize("defect", DEFECTS, ids=[defect["fault"] for defect in DEFECTS])
def test_each_defect_is_said_in_full_with_its_line_and_place(defect: dict[str, Any], write: Write) -> None:
    says = defect["says"].replace("HERE", str(Path.cwd()))
    for word, known in (
        ("STAGES", stage_names()),
        ("HOUSES", names("house")),
        ("DELIVERABLES", names("deliver")),
    ):
        says = says.replace(word, " | ".join(known))
    path = write(**defect["with"])
    with pytest.raises(Problems) as caught:
        load_job(path)
    assert str(caught.value) == says


def test_every_problem_is_reported_at_once_in_the_order_of_its_lines(write: Write) -> None:
    parts = {
        part: next(d["with"][part] for d in DEFECTS if set(d["with"]) == {part})
        for part in ("schema", "clock", "takes", "cut", "deliver")
    }
    with pytest.raises(Problems) as caught:
        load_job(write(**parts, title="title:"))
    lines = [int(str(fault).split(":")[1]) for fault in caught.value.faults]
    assert lines == sorted(lines)
    assert lines[:4] == [1, 2, 3, 4]
    assert {str(fault).split(": ")[1] for fault in caught.value.faults} >= {"schema", "title", "takes", "cut"}


def test_a_job_whose_only_faults_are_missing_files_is_an_unreadable_source(write: Write) -> None:
    path = write(takes="takes: {dog: gone.mp4, ship: lost.mp4}", cut="cut:\n  - {take: dog}")
    with pytest.raises(SourceError) as caught:
        load_job(path)
    assert caught.value.exit_code == 3
    assert isinstance(caught.value, UnreadableSources)
    assert len(caught.value.faults) == 2
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_a_missing_file_among_other_faults_is_a_wrong_job(write: Write) -> None:
    with pytest.raises(Problems) as caught:
        load_job(write(takes="takes: {dog: gone.mp4}", clock="clock: 23.96"))
    assert caught.value.exit_code == 2
    assert len(caught.value.faults) == 2


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "job.yaml: empty; expected keys and values, such as `title: Spot`"),
        (b"# only a comment\n", "job.yaml: empty; expected keys and values, such as `title: Spot`"),
        (b"- schema: Job.2\n", "job.yaml:1: not a set of keys; expected key: value, got a list"),
        (b"just words\n", "job.yaml:1: not a set of keys; expected key: value, got one value"),
        (b"a:\n\tb: 1\n", "job.yaml:2: not YAML (found a tab that cannot start any token);"
         " indent with spaces, not tabs"),
        (b"a: 1\nb: caf\xe9\n", "job.yaml:2: not UTF-8 text; got byte 0xe9; save it as UTF-8"),
        ("schema: Job.2".encode("utf-16"), "job.yaml:1: not UTF-8 text; got byte 0xff; save it as UTF-8"),
        (b"a: 1\nb: \x00\n", "job.yaml:2: a control character; got U+0000"),
        (b"a: 1\nb: 2\na: 3\n", "job.yaml:3: a: a key written twice; keep one; the first is at job.yaml:1"),
        (b"a: 1\n---\nb: 2\n", "job.yaml:2: not YAML (but found another document);"
         " keep one document in a file: leave out the line ---"),
        (b"a: *b\n", "job.yaml:1: not YAML (found undefined alias 'b');"
         " put the value in quotes if it starts with *"),
        (b"a: b: c\n", "job.yaml:1: not YAML (mapping values are not allowed here);"
         " put the value in quotes if it holds a colon"),
        (b"a: !!python/name:os.system x\n",
         "job.yaml:1: a YAML tag; expected plain values, got !!python/name:os.system"),
        (b"a: " + b"[" * 2000, "job.yaml:1: nested too deeply; expected up to 32 levels"),
        (b"a: &a [*a]\n", "job.yaml:1: nested too deeply; expected up to 32 levels"),
        (b"? [a]\n: 1\n", "job.yaml:1: a key that is not text; expected a word"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_job_gets_one_clear_error(data: bytes, says: str, write: Write) -> None:
    path = write()
    path.write_bytes(data)
    with pytest.raises(JobError) as caught:
        load_job(path)
    assert str(caught.value) == says
    assert caught.value.exit_code == 2


def test_an_anchor_bomb_is_refused_before_it_goes_off(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("presets.yaml_nodes.MOST_VALUES", 600)
    path, row = write(), "x, " * 9
    levels = [f"l0: &l0 [{row}]"] + [f"l{n}: &l{n} [{f'*l{n - 1}, ' * 9}]" for n in range(1, 12)]
    path.write_text("\n".join(levels))
    with pytest.raises(JobError, match="too many values; expected up to 600"):
        load_job(path)


def test_as_many_takes_and_cuts_as_a_job_may_have_are_read_with_their_records() -> None:
    record = "".join(f"      field_{n}: {n} words of a record\n" for n in range(9))
    takes = "".join(f"  t{n}:\n    file: clips/{n}.mp4\n    record:\n{record}" for n in range(MOST_ITEMS))
    cuts = "".join(f"  - {{take: t{n}, from: {n}s, for: 2s}}\n" for n in range(MOST_ITEMS))
    read = read_text(f"takes:\n{takes}cut:\n{cuts}", Written(Path("job.yaml"), "job.yaml"))
    assert [len(read.mapping["takes"].mapping), len(read.mapping["cut"].items)] == [MOST_ITEMS] * 2


def test_a_huge_file_is_refused_unread(write: Write) -> None:
    path = write()
    with path.open("wb") as out:
        out.truncate(1 << 40)
    with pytest.raises(JobError, match=f"too large; expected up to 2000000 bytes, got {1 << 40}"):
        load_job(path)


def test_a_job_that_is_not_there_is_a_wrong_command(write: Write) -> None:
    write()
    with pytest.raises(JobError) as caught:
        load_job(Path("jib.yaml"))
    assert (
        str(caught.value)
        == "jib.yaml: cannot be read; expected a YAML file, got no such file; check the path"
    )
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("written", "rate"),
    [
        ("24", Fraction(24)), ("23.976", Fraction(24000, 1001)), ("23.98", Fraction(24000, 1001)),
        ("29.97", Fraction(30000, 1001)), ("59.94", Fraction(60000, 1001)),
        ("30000/1001", Fraction(30000, 1001)), ("'25'", Fraction(25)),
        ("120", Fraction(120)), ("24.0", Fraction(24)),
    ],
)  # fmt: skip
def test_a_clock_is_exact(written: str, rate: Fraction, write: Write) -> None:
    assert load_job(write(clock=f"clock: {written}")).clock.rate == rate


def _origin(job: Job, place: str) -> tuple[str, str]:
    [(value, origin)] = [(value, origin) for at, value, origin in job.origins if at == place]
    return value, origin


def test_every_value_says_where_it_came_from(write: Write) -> None:
    Path("presets/house").mkdir(parents=True)
    Path("presets/house/ours.yaml").write_text("label: {text: AI MADE, height: 6}\nloudness: r128\n")
    job = load_job(
        write(
            house="house: ours",
            cut="cut:\n  - take: dog\n    speed: 2",
            deliver="deliver: [social-9x16]",
            more="label: {height: 7}",
        )
    )
    assert _origin(job, "cut[0].speed") == ("2", "job.yaml:7")
    assert _origin(job, "cut[0].zoom") == ("1", "default")
    assert _origin(job, "label.text") == ("AI MADE", "house ours")
    assert _origin(job, "label.height") == ("7", "job.yaml:10")
    assert _origin(job, "deliver[0].height") == ("1920", "deliver social-9x16")
    assert _origin(job, "deliver[0].container") == ("mp4", "deliver social-16x9")
    assert len({place for place, _, _ in job.origins}) == len(job.origins)


def test_every_knob_of_every_stage_made_has_an_origin(write: Write) -> None:
    job = load_job(write())
    places = {place for place, _, _ in job.origins}
    assert {f"cut[0].{knob}" for knob in public_knobs(Retime)} <= places


def test_loudness_is_the_houses_then_the_presets_then_the_jobs_then_the_deliverables(write: Write) -> None:
    Path("presets/house").mkdir(parents=True)
    Path("presets/house/ours.yaml").write_text("loudness: {target: -30, true_peak: -3}\n")
    plain = "{name: a, width: 64, height: 64}"
    own = "{name: b, preset: social-16x9, loudness: {target: -20}}"
    deliver = f"deliver: [{plain}, social-16x9, {own}]"

    def targets(**parts: str) -> list[float]:
        job = load_job(write(house="house: ours", deliver=deliver, **parts))
        return [float(str(getattr(d.loudness, "target"))) for d in job.deliver]  # noqa: B009  a stage by its knob

    assert targets() == [-30, -14, -20]
    assert targets(more="sound: {loudness: {target: -25}}") == [-25, -25, -20]


def test_a_label_may_be_changed_repeated_or_left_out(write: Write) -> None:
    def marks(label: str) -> list[tuple[str, str, str]]:
        job = load_job(write(house="house: plain", more=label))
        return [(str(getattr(m.layer, "text", "")), m.at, m.length) for m in job.marks]

    assert marks("") == [("AI GENERATED", "0s", "")]
    assert marks("label: none") == []
    assert marks("label: {text: AI, length: 3s}") == [("AI", "0s", "3s")]
    assert marks("label: [{length: 3s}, {text: AI, at: 9s}]") == [
        ("AI GENERATED", "0s", "3s"),
        ("AI", "9s", ""),
    ]


def test_a_take_used_twice_gives_two_shots_of_different_names(write: Write) -> None:
    job = load_job(write(cut="cut: [{take: dog}, {take: ship}, {take: dog}, {take: dog, name: dog-3}]"))
    assert [cut.name for cut in job.cut] == ["dog", "ship", "dog-2", "dog-3"]


def test_numbers_typed_as_text_stay_as_they_were_typed(write: Write) -> None:
    job = load_job(write(more="titles: [{text: 2026.10, at: 0s, length: 1s}]"))
    assert getattr(job.titles[0].layer, "text", "") == "2026.10"


def test_a_file_knob_is_held_by_its_content_and_found_from_the_file_that_wrote_it(write: Write) -> None:
    Path("houses").mkdir()
    Path("houses/face.ttf").write_bytes(b"a font")
    Path("houses/ours.yaml").write_text("type: {font: face.ttf}\n")
    title = "titles: [{text: Winter, at: 0s, length: 1s}]"
    job = load_job(write(house="house: houses/ours.yaml", more=title))
    font = getattr(job.titles[0].layer, "font", None)
    assert font is not None
    assert font.here == Path("houses/face.ttf").resolve()
    # By sha256sum of coreutils.
    assert font.sha256 == "cd8c399890db98b78875f2ac7577fa4e37415f935aba4a9f5991cbd3b97cfb94"


@pytest.mark.parametrize(
    ("house", "asked", "nearest"),
    [
        ("type: {weight: 800}", "font: face.ttf", True),
        ("type: {weight: 800}", "family: Noto Sans Thai", True),
        ("type: {weight: 800}", "font: face.ttf, weight: 800", False),
        ("type: {font: ../face.ttf, weight: 800}", "size: 5", False),
        ("type: {font: ../face.ttf}", "weight: 800", False),
        ("type: {weight: 800}", "size: 5", False),
    ],
)
def test_a_styles_weight_is_a_wish_for_a_font_that_is_not_the_styles(
    write: Write, house: str, asked: str, nearest: bool
) -> None:
    Path("houses").mkdir()
    Path("face.ttf").write_bytes(b"a font")
    Path("houses/ours.yaml").write_text(f"{house}\n")
    title = f"titles: [{{text: Winter, at: 0s, length: 1s, {asked}}}]"
    job = load_job(write(house="house: houses/ours.yaml", more=title))
    assert getattr(job.titles[0].layer, "nearest_weight", None) is nearest


def test_a_titles_family_takes_the_place_of_its_styles_font(write: Write) -> None:
    Path("houses").mkdir()
    Path("face.ttf").write_bytes(b"a font")
    Path("houses/ours.yaml").write_text("type: {font: ../face.ttf}\n")
    title = "titles: [{text: Winter, at: 0s, length: 1s, family: Noto Sans Thai}]"
    layer = load_job(write(house="house: houses/ours.yaml", more=title)).titles[0].layer
    assert (getattr(layer, "font", ""), getattr(layer, "family", "")) == (None, "Noto Sans Thai")
    both = title.replace("family", "font: face.ttf, family")
    with pytest.raises(Problems, match=r"titles\[0\]\.family: a title has a font or a family, not both"):
        load_job(write(more=both))


def test_a_preset_at_fault_is_said_once_with_its_own_line(write: Write) -> None:
    Path("presets/deliver").mkdir(parents=True)
    Path("presets/deliver/ours.yaml").write_text("width: 64\nheight: 64\npicture:\n  crf: 99\n")
    deliver = "deliver: [{preset: ours, name: a}, {preset: ours, name: b}]"
    with pytest.raises(Problems) as caught:
        load_job(write(deliver=deliver))
    preset = Path("presets/deliver/ours.yaml").resolve()
    assert str(caught.value) == f"{preset}:4: deliver[0].picture.crf: out of range; expected 0 to 63, got 99"


def test_how_a_take_was_generated_is_kept_as_recorded(write: Write) -> None:
    take = "takes:\n  dog: {file: dog.mp4, camera: true, generator: {model: ltx-2, seed: 0012}}"
    [dog] = load_job(write(takes=take)).takes
    assert dog.record == (("model", "ltx-2", "recorded"), ("seed", "0012", "recorded"))
    assert dog.camera
    assert dog.where == "job.yaml:5"


def test_the_ending_belongs_to_the_last_shot_and_the_first_shot_may_have_a_transition(write: Write) -> None:
    cut = "cut: [{take: dog, transition: {stage: dip, length: 12f}}, {take: ship}]\nending: 1s"
    first, last = load_job(write(cut=cut)).cut
    assert (first.transition and first.transition.name, first.transition_length) == ("dip", "12f")
    assert (last.ending and last.ending.name, last.ending_length) == ("dissolve", "1s")
    assert (first.ending, last.transition) == (None, None)
