"""The page and the receipts of a job with two finished, signed deliverables."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from post.deliver.sign import KeyFilmSigner
from post.errors import OutputError
from post.receipt import Receipt
from post.report import before_after, page
from post.report.actions import action_rows, ingredient_rows
from post.report.before_after import TakeStills, film_stills
from post.report.contact_sheet import Still
from post.report.deliverable import film_section
from post.report.page import ReportPage, write_receipts, write_report
from post.report.shot_words import speed_words, window_words
from post.takes.still import read_stills
from post.values import Clock, Span, SpeedKey, TimeMap, Window
from post.values.warning import JobWarning
from provenance.claim.actions import build_actions
from provenance.rubric.conformance import BrokenRule, Conformance, RubricRule
from provenance.verify import verify
from tests.made.disk import Disk, hidden
from tests.report.finished_film import HOSTILE, PROMPT, Made
from tests.report.page_text import Tags, contrast
from tests.report.stills import number_in


@pytest.fixture(scope="module")
def tags(made: Made) -> Tags:
    return Tags(made.page)


def receipt_of(made: Made) -> Receipt:
    return made.done.deliverables[0].receipt


# The receipts.


def test_receipts_hold_what_each_deliverable_declares_and_no_path(made: Made) -> None:
    path = write_receipts(made.done, made.folder / "receipt.json")
    text = path.read_text("utf-8")
    data = json.loads(text)
    assert (data["schema"], data["job"]) == ("Receipts.1", HOSTILE)
    assert [each["name"] for each in data["receipts"]] == ["wide", "tall"]
    assert data["receipts"][0]["sha256"] == receipt_of(made).sha256
    assert [each["name"] for each in data["receipts"][0]["actions"]] == [
        action.name for action in receipt_of(made).actions
    ]
    assert str(made.folder.parent) not in text
    assert "/takes/" not in text


def test_a_receipt_tells_the_warnings_of_its_own_film_and_of_all(made: Made, tmp_path: Path) -> None:
    told = (
        JobWarning("hdr", "is HDR", of="take dog"),
        JobWarning("crop-cuts", "tall crops it", of="shot dog", films=("tall",)),
    )
    done = replace(made.done, plan=replace(made.done.plan, warnings=told))
    rows = json.loads(write_receipts(done, tmp_path / "receipt.json").read_text("utf-8"))["receipts"]
    found = {row["name"]: [each["code"] for each in row["warnings"]] for row in rows}
    assert "hdr" in found["wide"]
    assert "crop-cuts" not in found["wide"]
    assert {"hdr", "crop-cuts"} <= set(found["tall"])


def test_a_receipt_that_cannot_be_written_leaves_nothing_and_says_why(made: Made, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written to"):
        write_receipts(made.done, tmp_path / "file" / "receipt.json")
    write_receipts(made.done, tmp_path / "receipt.json")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "receipt.json"]


def test_receipts_are_synced_before_their_renaming_and_their_folder_after(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Disk(monkeypatch)
    write_receipts(made.done, tmp_path / "receipt.json")
    assert hidden(disk) == [("sync", "hidden"), ("rename", "receipt.json"), ("sync", tmp_path.name)]


# The page as a file.


def test_the_page_is_well_formed_and_asks_the_network_for_nothing(tags: Tags) -> None:
    assert tags.open == []
    assert not [name for name, _ in tags.found if name in ("script", "link", "iframe", "object", "form")]
    addresses = [
        str(value) for _, held in tags.found for name, value in held.items() if name in ("src", "href")
    ]
    assert addresses
    assert all(address.startswith(("data:image/webp;base64,", "#")) for address in addresses)
    policy = next(meta for meta in tags.all("meta") if meta.get("http-equiv") == "Content-Security-Policy")
    assert policy["content"] == "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def test_text_of_users_files_and_generators_is_escaped(made: Made, tags: Tags) -> None:
    assert HOSTILE in "".join(tags.text)
    assert PROMPT in "".join(tags.text)
    assert "Snow <b>dog</b>" in "".join(tags.text)
    assert "LTX <2>" in "".join(tags.text)
    assert not [held for _, held in tags.found if any(name.startswith("on") for name in held)]
    assert "<script" not in made.page


def test_no_text_can_add_an_element_to_the_page(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every text of the page, also the product's own, gets a tag: none may become an element."""
    prepared: list[ReportPage] = []

    def keep(prepared_page: ReportPage) -> str:
        prepared.append(prepared_page)
        return ""

    monkeypatch.setattr(page, "render", keep)
    write_report(made.done, made.folder / "again.html", made.setup)
    monkeypatch.undo()
    tags = Tags(page.render(tagged(prepared[0])))
    assert [name for name, _ in tags.found if name == "i"] == []
    assert "<i>wide</i>" in "".join(tags.text)
    assert tags.open == []


def tagged(value: Any) -> Any:
    """Returns the value with a tag in each of its texts, at any depth."""
    if isinstance(value, str):
        return f"<i>{value}</i>"
    if isinstance(value, tuple):
        return tuple(map(tagged, value))
    if is_dataclass(value):
        return replace(value, **{field.name: tagged(getattr(value, field.name)) for field in fields(value)})  # type: ignore[type-var]  # an instance
    return value


def test_the_page_names_no_path_of_this_machine(made: Made) -> None:
    assert str(made.folder.parent) not in made.page


def test_every_picture_has_a_description_and_every_table_head_a_scope(tags: Tags) -> None:
    assert next(tags.all("html"))["lang"] == "en"
    assert all(held.get("alt") for held in tags.all("img"))
    assert all(held.get("scope") in ("col", "row") for held in tags.all("th"))
    ids = [held["id"] for _, held in tags.found if "id" in held]
    assert len(set(ids)) == len(ids)
    pointed = [str(held[name]) for _, held in tags.found for name in ("aria-labelledby",) if name in held]
    pointed += [str(held["href"]).removeprefix("#") for held in tags.all("a")]
    assert set(pointed) <= set(ids)


def test_headings_never_skip_a_level(tags: Tags) -> None:
    levels = [int(name[1]) for name, _ in tags.found if re.fullmatch(r"h[1-6]", name)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(levels, levels[1:], strict=False))


def test_text_has_enough_contrast_to_its_background(made: Made) -> None:
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6})", made.page))
    for ink in ("ink", "quiet", "mark", "far"):
        for paper in ("paper", "wash"):
            assert contrast(colours[ink], colours[paper]) >= 4.5
    assert contrast(colours["near"], colours["paper"]) >= 3  # a line, by WCAG 2.2 1.4.11


# Its texts.


def test_the_page_gives_the_measurements_of_each_deliverable(made: Made) -> None:
    for each in made.done.deliverables:
        film = film_section(each, verify(each.path, ()), {})
        assert film.frames == each.rendition.format.length
        assert film.length == "00:00:02:00"  # 36 + 30 - 18 frames of transition, at 24
        assert each.sha256 in made.page
        assert film.loudness.wanted == "target −14.0"


def test_credentials_are_separate_answers_and_never_one_verdict(made: Made) -> None:
    each = made.done.deliverables[0]
    assert isinstance(made.setup.signer, KeyFilmSigner)
    known = {
        p.name: p.word for p in film_section(each, verify(each.path, made.setup.signer.anchors), {}).points
    }
    assert known["Integrity"] == "intact"
    assert known["Signer"] == "trusted"
    assert re.fullmatch(r"\d+ of \d+ rules", known["Conformance"])
    assert "compliant" not in made.page.lower()


def test_every_rule_that_a_film_breaks_is_named_the_discouraged_ones_as_such(made: Made) -> None:
    each = made.done.deliverables[0]
    hard, soft = (
        BrokenRule(RubricRule(name, "a rule", lambda _: (), warns=name == "soft"), ("a match",))
        for name in ("hard", "soft")
    )
    report = replace(verify(each.path, ()), conformance=Conformance(9, (hard,), (soft,)))
    [row] = [point for point in film_section(each, report, {}).points if point.name == "Conformance"]
    assert (row.word, row.means) == ("7 of 9 rules", "fails hard; discouraged: soft")


def test_a_signer_on_no_list_is_untrusted_while_the_file_is_intact(made: Made) -> None:
    each = made.done.deliverables[0]
    found = {p.name: p.word for p in film_section(each, verify(each.path, ()), {}).points}
    assert (found["Integrity"], found["Signer"]) == ("intact", "untrusted")


def test_a_deliverable_changed_after_signing_is_reported_as_tampered(made: Made, tmp_path: Path) -> None:
    each = made.done.deliverables[0]
    spoiled = bytearray(each.path.read_bytes())
    spoiled[-2000] ^= 1
    path = tmp_path / "wide.mp4"
    path.write_bytes(spoiled)
    report = verify(path, ())
    words = [point.word for point in film_section(replace(each, path=path), report, {}).points]
    assert words[0] == "tampered"


def test_every_action_of_the_manifest_is_in_the_table(made: Made, tags: Tags) -> None:
    receipt = receipt_of(made)
    names = [action["action"] for action in build_actions(receipt)["actions"]]
    found = action_rows(receipt)
    assert [row.name for row in found] == names
    assert "c2pa.created" in names
    assert "c2pa.addedText" in names
    text = " ".join("".join(tags.text).split())
    for row in found:
        assert row.name in text
        assert all(f"{name} {value}" in text for name, value in row.parameters)


def test_the_region_of_an_action_is_given_in_exact_frames(made: Made) -> None:
    rows = {row.name: row for row in action_rows(receipt_of(made))}
    assert rows["c2pa.addedText"].where == "00:00:00:12 – 00:00:01:00"
    assert rows["c2pa.edited"].where == "00:00:00:18 – 00:00:01:12"
    assert rows["c2pa.transcoded"].where == ""


def test_each_part_is_listed_once_with_its_credentials_and_record(made: Made) -> None:
    receipts = [each.receipt for each in made.done.deliverables]
    found = ingredient_rows(receipts, made.done.plan.takes)
    assert [part.title for part in found] == ["dog.mp4", "cat.mp4"]
    dog, cat = found
    assert dog.credential == "unsigned"
    assert "the file does not say: colour" in dog.holds
    assert "colour" not in cat.holds
    assert [(known.field, known.how) for known in dog.record][:2] == [
        ("prompt", "recorded"),
        ("workflow", "container-claimed"),
    ]
    assert "the file does not say: colour" in made.page


def test_prompts_are_digests_in_receipt_and_page_unless_the_job_tells_them(
    made: Made, tmp_path: Path
) -> None:
    def quiet(each: Any) -> Any:
        parts = [replace(part, record=(*part.record, *more)) for part in each.receipt.ingredients]
        return replace(each, receipt=replace(each.receipt, prompts=False, ingredients=tuple(parts)))

    more = (("negative_prompt", "no snow", "recorded"), ("prompt", "a secret cat", "recorded"))
    done = replace(made.done, deliverables=tuple(map(quiet, made.done.deliverables)))
    receipts = [each.receipt for each in done.deliverables]
    for text in (
        write_receipts(done, tmp_path / "receipt.json").read_text("utf-8"),
        repr(ingredient_rows(receipts, done.plan.takes)),
    ):
        for secret in (PROMPT, "no snow", "a secret cat", "x" * 100):
            assert secret not in text
        for secret in (PROMPT, "no snow", "a secret cat", "x" * 5000):
            assert f"sha256:{hashlib.sha256(secret.encode()).hexdigest()}" in text
    assert PROMPT in write_receipts(made.done, tmp_path / "told.json").read_text("utf-8")


# Its pictures.


@pytest.fixture(scope="module")
def shown(made: Made) -> tuple[Any, Mapping[Any, Any]]:
    each, sources = made.done.deliverables[0], TakeStills()
    return film_stills(each.rendition, each.path, sources), sources


def _number(still: Still) -> int:
    return number_in(Image.open(BytesIO(b64decode(still.uri.partition(",")[2]))))


def _frame(code: str) -> int:
    hours, minutes, seconds, frames = (int(part) for part in code.split(":"))
    return ((hours * 60 + minutes) * 60 + seconds) * 24 + frames


def test_contact_sheet_frames_are_those_of_the_finished_file_at_their_timecodes(shown: Any) -> None:
    sheet = shown[0].sheet
    assert {thumb.shot for thumb in sheet} == {"dog", "cat"}
    assert [_number(thumb.still) for thumb in sheet] == [_frame(thumb.at) for thumb in sheet]


def test_a_frame_in_a_transition_is_named_after_the_shot_that_comes_in(shown: Any, made: Made) -> None:
    second = made.done.deliverables[0].rendition.shots[1]
    mixed = Span(second.span.first, second.span.first + second.transition)
    assert {thumb.shot for thumb in shown[0].sheet if _frame(thumb.at) in mixed} == {second.name}


def test_before_and_after_show_the_same_moment(shown: Any, made: Made) -> None:
    shots = made.done.deliverables[0].rendition.shots
    for pair, shot in zip(shown[0].pairs, shots, strict=True):
        film = _number(pair.after.still)
        assert film == _frame(pair.at)
        assert film in shot.span
        position = shot.time(film - shot.span.first)
        assert _number(pair.before.still) == round(position)


def test_a_shot_is_shown_where_no_other_is_mixed_in(shown: Any, made: Made) -> None:
    dog, cat = (_number(pair.after.still) for pair in shown[0].pairs)
    first, second = made.done.deliverables[0].rendition.shots
    assert dog < second.span.first
    assert cat >= second.span.first + second.transition
    assert first.span.stop == second.span.first + second.transition


def test_each_shot_lists_what_was_done_to_it_and_not_to_others(shown: Any) -> None:
    dog, cat = shown[0].pairs
    assert {"title"} <= {row.stage for row in dog.stages}
    assert not {"look", "retime", "encode", "loudness"} & {row.stage for row in dog.stages}
    rows = {row.stage: dict(row.knobs) for row in cat.stages}
    assert rows["look"] == {"saturation": "0.5"}
    assert rows["retime"] == {"speed": "2", "sampling": "nearest"}
    assert cat.speed == "2×"


def test_the_part_of_a_take_that_was_used_is_outlined(made: Made) -> None:
    tall = made.done.deliverables[1]
    pair = film_stills(tall.rendition, tall.path, {}).pairs[0]
    # A 9:16 frame out of a 2:1 take shows 9/32 of its width.
    assert pair.outline is not None
    assert pair.outline.width == pytest.approx(100 * 9 / 32, abs=0.01)
    assert (pair.outline.top, pair.outline.height) == (0, 100)
    assert pair.window.startswith("28.1 % of its width and 100 % of its height")


def test_takes_are_decoded_once_for_all_deliverables_of_a_cut(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def counted(path: Path, *rest: Any) -> Any:
        read.append(path.name)
        return read_stills(path, *rest)

    monkeypatch.setattr(before_after, "read_stills", counted)
    sources = TakeStills()
    for each in made.done.deliverables:
        film_stills(each.rendition, each.path, sources)
    assert sorted(read) == ["cat.mp4", "dog.mp4", "tall.mp4", "wide.mp4"]


def test_a_window_larger_than_its_source_is_described_with_bars() -> None:
    half = Fraction(1, 2)
    assert window_words(Window(Fraction(0), Fraction(0), Fraction(1), Fraction(1))) == "the whole source"
    wider = window_words(Window(-half, Fraction(0), Fraction(2), Fraction(1)))
    assert wider.startswith("200 % of its width")
    assert "bars" in wider


def test_a_ramp_is_described_key_by_key() -> None:
    ramp = TimeMap(keys=(SpeedKey(Fraction(0), Fraction(1)), SpeedKey(Fraction(36), Fraction(4), "smooth")))
    assert speed_words(ramp, Clock(Fraction(24))) == "1× at 0.00 s, 4× at 1.50 s (smooth)"


def test_a_held_end_is_described() -> None:
    assert speed_words(TimeMap(held=Fraction(12)), Clock(Fraction(24))) == "1×, held from 0.50 s on"
