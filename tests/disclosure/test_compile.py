"""The compiler fills what a job leaves open, and refuses a job that says less than a policy requires."""

from __future__ import annotations

from pathlib import Path

import pytest

from post.disclosure.compile import compile_disclosure
from post.errors import JobError, Problems
from post.job import load_job
from post.job.model import Job
from post.picture.label import Label
from post.values.warning import JobWarning

FACTS = """
facts:
  is_deepfake: {value: true, by: Ana Roth, at: 2026-11-01}
  evidently_artistic: {value: false, by: Ana Roth, at: 2026-11-01}
  generated_at: {value: 2026-11-01, by: Ana Roth, at: 2026-11-01}
  audio_deepfake: {value: false, by: Ana Roth, at: 2026-11-01}
  aigc_producer: {value: Studio7, by: Ana Roth, at: 2026-11-01}
"""
JOB = """
schema: Job.2
title: Spot
clock: 24
takes: {a: {file: a.mp4}}
cut: [{take: a, length: 60s}]
facts: facts.yaml
deliver: [social-16x9, social-9x16, social-1x1]
"""


def job(folder: Path, more: str, facts: str = FACTS) -> Job:
    (folder / "a.mp4").write_bytes(b"")
    (folder / "facts.yaml").write_text(facts)
    (folder / "job.yaml").write_text(JOB + more)
    return load_job(folder / "job.yaml")


def made(folder: Path, more: str, facts: str = FACTS) -> tuple[Job, tuple[JobWarning, ...]]:
    return compile_disclosure(job(folder, more, facts))


def label_of(folder: Path, more: str, number: int = 0) -> Label:
    return Label.require(made(folder, more)[0].marks[number].layer)


def refused(folder: Path, more: str, facts: str = FACTS) -> list[str]:
    with pytest.raises(Problems) as caught:
        made(folder, more, facts)
    return [str(each).removeprefix(f"{folder}/") for each in caught.value.faults]


def test_a_job_without_policies_is_left_alone(tmp_path: Path) -> None:
    plain = job(tmp_path, "")
    assert compile_disclosure(plain) == (plain, ())


def test_china_has_its_text_its_size_and_the_aigc_label(tmp_path: Path) -> None:
    film, warnings = made(tmp_path, "territories: [CN]\n")
    (mark,) = film.marks
    label = Label.require(mark.layer)
    assert (label.text, label.language, label.show) == ("人工智能生成", "zh-Hans", "continuous")
    assert label.height >= 5
    assert (mark.at, mark.length) == ("0s", "")
    assert film.provenance.aigc is not None
    assert film.provenance.aigc.producer == "Studio7"
    assert warnings == ()


def test_the_eu_has_the_capitals_ai_clear_of_what_platforms_cover(tmp_path: Path) -> None:
    film, _ = made(tmp_path, "territories: [EU]\n")
    assert [Label.require(each.layer).text for each in film.marks] == ["AI GENERATED"]
    assert [each.label_clear for each in film.deliver] == [
        (7, 5, 12, 5), (15, 17.8, 35, 6), (5, 5, 9, 5),
    ]  # fmt: skip
    assert [each.clear for each in film.deliver] == [(), (), ()]


def test_several_territories_have_a_label_each_where_no_text_will_do_for_all(tmp_path: Path) -> None:
    film, _ = made(tmp_path, "territories: [EU, CN]\n")
    assert [Label.require(each.layer).text for each in film.marks] == ["人工智能生成", "AI GENERATED"]


def test_a_further_label_is_numbered_among_labels_and_lies_over_logos(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>')
    film, _ = made(tmp_path, "territories: [EU, CN]\nhouse: plain\nbug: {file: logo.svg}\n")
    assert [each.layer.name for each in film.marks] == ["graphic", "label", "label"]
    assert {place for place, _, _ in film.disclosed if place.endswith(".text")} == {"label[1].text"}


def test_what_was_set_stands_in_the_plan_with_its_rule(tmp_path: Path) -> None:
    film, _ = made(tmp_path, "territories: [CN]\nhouse: daylight\n")
    rows = {
        place: (value, origin) for place, value, origin in film.origins if place.startswith(("label", "prov"))
    }
    assert rows["label.text"][0] == "人工智能生成"
    assert "cn-gb45438/CN-EXP-TEXT" in rows["label.text"][1]
    assert rows["provenance.aigc.producer"] == (
        "Studio7",
        "policy cn-gb45438/CN-IMP-AIGC; aigc_producer is Studio7, declared by Ana Roth on 2026-11-01",
    )
    assert {place for place, _, _ in film.disclosed} <= set(rows) | {"label.language"}


@pytest.mark.parametrize(
    ("label", "key", "value"),
    [
        ("{preset: small}", "height", 5.0),
        ("{preset: initial}", "dwell", "2s"),
    ],
)
def test_what_a_preset_has_too_little_of_is_raised(
    tmp_path: Path, label: str, key: str, value: float | str
) -> None:
    folder = tmp_path / "presets" / "label"
    folder.mkdir(parents=True)
    (folder / "small.yaml").write_text("doc: small\nheight: 2\n")
    (folder / "initial.yaml").write_text("doc: short\nshow: initial\ndwell: 1s\n")
    found = getattr(label_of(tmp_path, f"territories: [CN]\nlabel: {label}\n"), key)
    assert found >= value if isinstance(value, float) else found == value


@pytest.mark.parametrize(
    ("label", "says"),
    [
        (
            "none",
            "label: the job takes out the label that a policy requires; expected a label that says one of: 人工",
        ),
        (
            "{height: 3}",
            "label.height: the label is less than a policy requires; expected at least 5 % (cn-gb45438/CN-E",
        ),
        (
            "{at: 1s}",
            "label.at: the label is less than a policy requires; expected at 0 s or before (cn-gb45438/CN-EXP",
        ),
        ("{length: 1s}", "label.length: the label is less than a policy requires; expected 2s or more"),
        (
            "{show: initial, dwell: 1s}",
            "label.dwell: the label is less than a policy requires; expected 2s or more",
        ),
    ],
)
def test_a_job_that_says_less_is_refused_with_its_line(tmp_path: Path, label: str, says: str) -> None:
    (fault,) = refused(tmp_path, f"territories: [CN]\nlabel: {label}\n")
    place, _, what = fault.partition(": ")
    assert place.startswith("job.yaml:")
    assert what.startswith(says), fault


def test_all_that_is_less_is_told_at_once(tmp_path: Path) -> None:
    faults = refused(tmp_path, "territories: [CN]\nlabel: {height: 3, at: 1s}\n", "facts: {}\n")
    assert [fault.partition(": ")[2].partition(":")[0] for fault in faults] == [
        "label.at", "label.height", "provenance.aigc",
    ]  # fmt: skip


def test_a_draft_and_a_doubtful_source_refuse_nothing(tmp_path: Path) -> None:
    facts = FACTS + "  covered_provider: {value: true, by: A, at: 2026-11-01}\n  manifest_chosen: true\n"
    film, _ = made(tmp_path, "policies: [california]\nlabel: none\n", facts)
    assert film.marks == ()
    india = "policies: [india]\nlabel: {show: initial, dwell: 3s, every: 10s}\n"
    film, _ = made(tmp_path, india, FACTS + "  synthetically_generated: true\n")
    assert Label.require(film.marks[0].layer).show == "initial"


def test_a_rule_whose_fact_nobody_declares_is_met_and_told(tmp_path: Path) -> None:
    film, warnings = made(tmp_path, "territories: [EU]\n", "facts: {evidently_artistic: false}\n")
    assert len(film.marks) == 1
    told = [each.what for each in warnings if each.code == "policy-fact"]
    assert "nobody has declared: is_deepfake; it counts as if the rule applied" in told
    assert "nobody named stands by the fact evidently_artistic" in told
    # So is one that a rule judges itself.
    about = [(each.what, each.of) for each in made(tmp_path, "policies: [tiktok]\n")[1]]
    asked = "nobody has declared: private_person; without it its rule is left to a person"
    assert (asked, "policies") in about
    (fault,) = refused(tmp_path, "territories: [EU]\nlabel: none\n", "facts: {}\n")
    assert fault.endswith("or declare the facts by which the rule does not apply")


def test_a_rule_that_does_not_apply_asks_nothing(tmp_path: Path) -> None:
    film, _ = made(
        tmp_path,
        "territories: [EU]\nlabel: none\n",
        FACTS.replace("is_deepfake: {value: true", "is_deepfake: {value: false"),
    )
    assert film.marks == ()


def test_rules_count_as_of_the_day_of_publication(tmp_path: Path) -> None:
    early = FACTS + "  published_at: {value: 2026-07-01, by: Ana Roth, at: 2026-06-01}\n"
    film, _ = made(tmp_path, "territories: [EU]\nlabel: none\n", early)
    assert film.marks == ()


def test_a_day_of_publication_that_nobody_stands_by_takes_no_rule_away(tmp_path: Path) -> None:
    early = FACTS + "  published_at: 2026-07-01\n"
    assert "takes out the label" in refused(tmp_path, "territories: [EU]\nlabel: none\n", early)[0]
    film, warnings = made(tmp_path, "territories: [EU]\n", early)
    assert film.marks
    told = [each.what for each in warnings if "published_at" in each.what]
    assert told == ["nobody named stands by the fact published_at; every rule counts as in force"]


def test_a_label_that_shows_at_intervals_comes_again_in_time(tmp_path: Path) -> None:
    folder = tmp_path / "presets" / "label"
    folder.mkdir(parents=True)
    (folder / "rare.yaml").write_text("doc: rare\nshow: initial\ndwell: 4s\nevery: 50s\n")
    assert label_of(tmp_path, "territories: [EU]\nlabel: rare\n").every == "30s"
    (fault,) = refused(tmp_path, "territories: [EU]\nlabel: {show: initial, dwell: 4s, every: 50s}\n")
    assert "label.every" in fault
    # What may do, by where the film ends, the job may say.
    assert (
        label_of(tmp_path, "territories: [EU]\nlabel: {show: initial, dwell: 4s, every: 34s}\n").every
        == "34s"
    )


@pytest.mark.parametrize(
    ("rate", "seconds", "dwell"),
    [("24", "2.5", "2.5s"), ("24", "2.02", "49f"), ("29.97", "2", "2s"), ("25", "2.01", "51f")],
)
def test_a_dwell_is_never_shorter_than_asked_by_the_rounding_to_frames(
    rate: str, seconds: str, dwell: str, tmp_path: Path
) -> None:
    ours = own_policy(tmp_path, f"{{type: label.dwell, params: {{seconds: {seconds}, texts: [AI]}}}}")
    (tmp_path / "presets" / "label").mkdir()
    (tmp_path / "presets" / "label" / "brief.yaml").write_text(
        "doc: brief\ntext: AI\nshow: initial\ndwell: 2s\n"
    )
    path = job(tmp_path, ours + "label: {preset: brief}\n").path
    path.write_text(path.read_text().replace("clock: 24", f"clock: {rate}"))
    film, _ = compile_disclosure(load_job(path))
    assert Label.require(film.marks[0].layer).dwell == dwell


def test_xmp_that_a_policy_asks_for_is_not_left_out(tmp_path: Path) -> None:
    provider = "policies: [eu-art50-provider]\n"
    assert made(tmp_path, provider)[0].provenance.xmp
    (fault,) = refused(tmp_path, provider + "provenance: {xmp: false}\n")
    assert "provenance.xmp: the job leaves out XMP" in fault


def test_a_container_without_a_place_for_the_aigc_label_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"")
    text = JOB.replace("[social-16x9, social-9x16, social-1x1]", "[{preset: social-16x9, container: mkv}]")
    (tmp_path / "facts.yaml").write_text(FACTS)
    (tmp_path / "job.yaml").write_text(text + "territories: [CN]\n")
    with pytest.raises(JobError, match="holds no AIGC label"):
        compile_disclosure(load_job(tmp_path / "job.yaml"))


def test_a_spoken_notice_is_asked_for_in_its_words(tmp_path: Path) -> None:
    spoken = FACTS.replace("audio_deepfake: {value: false", "audio_deepfake: {value: true")
    film, warnings = made(tmp_path, "territories: [EU]\n", spoken)
    assert (
        "sound.ai-notice",
        "This sound was generated with AI.",
        "eu-art50-deployer/COP-AUDIO",
    ) in film.disclosed
    assert [each.code for each in warnings] == ["notice-missing"]
    (tmp_path / "notice.wav").write_bytes(b"")
    voice = "sound: {voice: [{id: ai-notice, file: notice.wav, at: 0s}]}\n"
    assert made(tmp_path, "territories: [EU]\n" + voice, spoken)[1] == ()


def test_platforms_keep_all_type_clear_and_bring_their_policies(tmp_path: Path) -> None:
    film = job(tmp_path, "platforms: [tiktok]\n")
    assert [each.name for each in film.disclosure.policies] == ["tiktok"]
    assert [each.clear for each in film.deliver] == [(), (12.5, 15, 34.4, 6), ()]


def test_a_member_of_the_union_has_the_unions_policies(tmp_path: Path) -> None:
    names = [
        [each.name for each in job(tmp_path, f"territories: [{word}]\n").disclosure.policies]
        for word in ("EU", "DE", "gr", "EU, DE, FR")
    ]
    assert names[0]
    assert all(each == names[0] for each in names)


def test_contradictions_and_unknown_territories_are_told(tmp_path: Path) -> None:
    _, warnings = made(
        tmp_path, "territories: [BR]\npolicies: [r128, youtube]\n", FACTS + "  short_form: false\n"
    )
    codes = [each.code for each in warnings]
    assert codes.count("policy-unknown") == 1
    assert "policy-contradiction" in codes


def test_a_long_line_is_no_larger_than_is_asked(tmp_path: Path) -> None:
    facts = "facts: {is_advertisement: true, synthetic_performer: true, advertises_expressive_work: false}\n"
    film, _ = made(tmp_path, "policies: [ny-synthetic-performer]\nhouse: plain\n", facts)
    label = Label.require(film.marks[0].layer)
    assert (label.text, label.height, label.lines) == ("AD WITH SYNTHETIC PERFORMER", 3, 2)


WAIVER = "waivers: [{rule: %s, who: Ana Roth, why: shown once, expires: 2026-12-31%s}]\n"
ONCE = "territories: [EU]\nlabel: {show: initial, dwell: 4s, every: 50s}\n"


def test_a_rule_that_is_waived_asks_nothing_and_is_told(tmp_path: Path) -> None:
    published = FACTS + "  published_at: {value: 2026-12-05, by: Ana Roth, at: 2026-12-01}\n"
    assert "COP-VIDEO-INTERVALS" in refused(tmp_path, ONCE, published)[0]
    waived = ONCE + WAIVER % ("COP-VIDEO-INTERVALS", ", film: social-*")
    film, warnings = made(tmp_path, waived, published)
    assert Label.require(film.marks[0].layer).every == "50s"
    assert warnings == ()
    row = (
        "waivers",
        "eu-art50-deployer/COP-VIDEO-INTERVALS",
        "waived by Ana Roth until 2026-12-31: shown once",
    )
    assert row in film.disclosed
    assert row in film.origins


@pytest.mark.parametrize(
    ("rule", "film", "published", "why"),
    [
        ("COP-VIDEO-INTERVALS", ", film: social-*", "2027-01-01", "it ended on 2026-12-31"),
        ("COP-VIDEO-INTERVALS", ", film: social-*", "", "no day is known"),
        ("COP-VIDEO-INTERVALS", ", film: social-16*", "2026-12-05", "it is of social-16*"),
        ("COP-VIDEO-INTERVALS", "", "2026-12-05", "needs film of it"),
        ("EU-50-4-LABEL", "", "2026-12-05", "cannot be waived"),
        ("COP-NOTHING", "", "2026-12-05", "names no rule that is checked"),
    ],
)
def test_a_waiver_that_does_not_hold_changes_nothing_and_is_told(
    rule: str, film: str, published: str, why: str, tmp_path: Path
) -> None:
    facts = FACTS + (f"  published_at: {published}\n" if published else "")
    assert refused(tmp_path, ONCE + WAIVER % (rule, film), facts)
    warnings = made(tmp_path, "territories: [EU]\n" + WAIVER % (rule, film), facts)[1]
    told = [each.what for each in warnings if each.code == "waiver-refused"]
    assert why in " ".join(told), warnings


def own_policy(folder: Path, check: str) -> str:
    """Writes a policy of one rule, and returns the line of a job that names it."""
    place = folder / "presets" / "policy"
    place.mkdir(parents=True)
    (place / "ours.yaml").write_text(
        "profile: ours\nversion: 1\nvalid: {from: 2026-01-01}\n"
        "sources: [{id: s, title: S, date: 2026-01-01, confidence: A}]\n"
        f"rules: [{{id: R, force: house, clause: {{source: s, at: '1'}}, check: {check}}}]\n"
    )
    return "policies: [ours]\n"


def test_a_height_is_told_as_a_rules_only_where_the_rule_asks_for_it(tmp_path: Path) -> None:
    # The label's style has 5 %, the EU's rule asks for 3 %: nobody's rule set it.
    film, _ = made(tmp_path, "territories: [EU]\n")
    assert [row[0] for row in film.disclosed if row[0].startswith("label")] == ["label[0].text"]
    film, _ = made(tmp_path, "territories: [CN]\nlabel: {text: AI}\n")
    assert Label.require(film.marks[1].layer).height == 5


@pytest.mark.parametrize(
    ("elements", "text"), [("[MODIFIED]", "AI MODIFIED"), ("[SYNTHETIC|MADE]", "SYNTHETIC")]
)
def test_words_alone_make_a_label_that_has_them(elements: str, text: str, tmp_path: Path) -> None:
    ours = own_policy(tmp_path, f"{{type: label.text, params: {{elements: {elements}}}}}")
    assert label_of(tmp_path, ours).text == text


@pytest.mark.parametrize(
    ("check", "more", "says"),
    [
        ("{type: label.height, params: {percent: 4}}", "", "no policy says what it says"),
        ("{type: label.continuous}", "", "no policy says what it says"),
        ("{type: label.height, params: {percent: 4}}", "label: {text: AI}\n", ""),
        ("{type: label.height, params: {percent: 4, texts: [AI]}}", "", ""),
        ("{type: label.contrast, params: {ratio: 3}}", "", ""),
    ],
)
def test_a_policy_of_looks_alone_is_refused_where_no_label_is_there(
    check: str, more: str, says: str, tmp_path: Path
) -> None:
    ours = own_policy(tmp_path, check) + more
    if says:
        (fault,) = refused(tmp_path, ours)
        assert says in fault
        assert "ours/R" in fault
    else:
        made(tmp_path, ours)


def test_a_contrast_that_is_too_low_is_raised_by_a_solid_plate(tmp_path: Path) -> None:
    ours = own_policy(tmp_path, "{type: label.contrast, params: {ratio: 12, texts: [AI GENERATED]}}")
    label = label_of(tmp_path, ours)
    assert label.contrast >= 12 > Label().contrast
    (fault,) = refused(tmp_path, ours + "label: {plate_opacity: 0.76}\n")
    assert (
        "label.plate_opacity: the label is less than a policy requires; expected a contrast of 12:1" in fault
    )


@pytest.mark.parametrize(
    ("check", "says"),
    [
        ("{}", "check: lacks keys"),
        ("{type: label.height, params: {percent: high}}", "check.params.percent: not a number"),
        ("{type: label.height, params: {precent: 3}}", "check.params.precent: unknown key"),
        ("{type: label.text, params: {texts: AI}}", "check.params.texts: not a list"),
    ],
)
def test_a_policy_with_a_fault_is_refused_with_its_own_line(check: str, says: str, tmp_path: Path) -> None:
    ours = own_policy(tmp_path, check)
    with pytest.raises(JobError) as caught:
        job(tmp_path, ours)
    assert f"ours:5: rules[0].{says}" in str(caught.value)
