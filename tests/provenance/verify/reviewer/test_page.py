"""The page for a reviewer: whole, self-contained, and nothing a manifest says becomes part of it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast, get_args

import pytest

from post.values.claim import GENERATED, HUMAN_EDITS, Finding
from post.values.sights.label import LabelSight, SeenLabel
from provenance import manifest, report
from provenance.claim.build import RECEIPT_LABEL, Assertion, Claim
from provenance.claim.vocabulary import ACTIONS, SOURCE_TYPES
from provenance.policy.document.policy import Clause, PolicyRule, PolicySource
from provenance.policy.profile import Profile, ProfileRule
from provenance.report import Chain, SignerState
from provenance.trust.lists import read_shipped
from provenance.verify import examine, verify
from provenance.verify.reviewer.declared import label_span, list_actions
from provenance.verify.reviewer.page import LabelEvidence, Poster, poster_time, render_page
from provenance.verify.reviewer.plain_words import action_words, code_words, source_type_words
from provenance.verify.reviewer.summary import summary_lines, vouched_words
from provenance.verify.reviewer.wording import QUESTIONS
from provenance.verify.signer import credentials
from tests.provenance.foreign_files import KINDS
from tests.provenance.formats.made_boxes import first_box
from tests.provenance.made import House, Noise, finish, flipped

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&{{ 7*7 }}"


class Tags(HTMLParser):
    """What a browser would make of the page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


@pytest.fixture(scope="module")
def hostile(film: Path, house: House, tmp_path_factory: pytest.TempPathFactory) -> Path:
    created = {"action": "c2pa.created", "digitalSourceType": GENERATED, "description": HOSTILE}
    edited = {"action": "com.evil.cut", "parameters": {"com.evil.<b>": HOSTILE}, "when": HOSTILE}
    data = {"allActionsIncluded": True, "actions": [created, edited]}
    made = Claim(HOSTILE, HOSTILE, "1", (Assertion("c2pa.actions.v2", data),))
    out = tmp_path_factory.mktemp("hostile") / "<b>film<h1>.mp4"
    manifest.sign(film, out, made, [], house.signer, house.pem)
    return out


def test_what_a_manifest_and_a_file_name_say_stays_text(hostile: Path, several: Path, house: House) -> None:
    text = render_page(examine(hostile, house.anchors))
    found = Tags(text)
    assert not {"script", "img", "iframe", "object"} & set(found.tags)
    # Of the tags the file name holds there are as many as the page itself has.
    own = Tags(render_page(examine(several, house.anchors)))
    assert (found.tags.count("h1"), own.tags.count("h1")) == (1, 1)
    assert found.tags.count("b") == len(house.verify(hostile).manifests) == 1
    assert "<h1><bdi>&lt;b&gt;film&lt;h1&gt;.mp4</bdi></h1>" in text
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 3
    assert "{{ 7*7 }}" in text
    assert not [name for name, _ in found.attributes if name.startswith("on")]


def test_a_name_draws_no_verdict_and_turns_no_line_round(film: Path, house: House, tmp_path: Path) -> None:
    name = "Studio: trusted; time trusted\u202e\u2028signer trusted\u200b"
    made = Claim(
        name,
        name,
        "1",
        (
            Assertion(
                "c2pa.actions.v2", {"actions": [{"action": "c2pa.created", "digitalSourceType": GENERATED}]}
            ),
        ),
    )
    manifest.sign(film, tmp_path / "film.mp4", made, [], house.signer, house.pem)
    page = render_page(examine(tmp_path / "film.mp4", ()))
    assert not re.search("[\u200b-\u200f\u2028-\u202e\u2060-\u2069]", page)
    # Our words come first, and what the file says of itself is in frames of its own, which isolate its direction.
    (row,) = re.findall(r"<br>signer [^\n]*\n<br>[^\n]*", page)
    assert row.startswith("<br>signer untrusted; time none; revocation ")
    framed = re.findall(r'<bdi class="told">(.*?)</bdi>', row)
    assert framed[-1].startswith(r"Studio: trusted; time trusted\u202e\u2028signer trusted\u200b")
    assert "trusted" not in re.sub(r"<bdi.*?</bdi>", "", row).replace("untrusted", "")


def test_an_action_names_what_it_is_about(several: Path, house: House) -> None:
    page = render_page(examine(several, house.anchors))
    titles = [part["dc:title"] for part in _ingredients(several, house)]
    assert len(titles) == 2
    for title in titles:
        row = r"<bdi>c2pa\.placed</bdi></small></th><td><bdi>–</bdi></td><td>–</td><td>–</td><td><bdi>"
        assert re.search(rf"{row}{re.escape(title)}<", page)


def _ingredients(film: Path, house: House) -> list[dict[str, str]]:
    held = manifest.read(film, house.pem).manifests[0]["assertions"]
    return [data for label, data in held.items() if label.startswith("c2pa.ingredient")]


def test_the_page_asks_the_network_for_nothing(several: Path, house: House) -> None:
    found = Tags(render_page(examine(several, house.anchors)))
    assert not {"script", "link", "img", "iframe", "base"} & set(found.tags)
    assert not [value for name, value in found.attributes if name in ("src", "href", "action")]
    policy = dict(found.attributes).get("content")
    policies = [value for name, value in found.attributes if name == "content"]
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in policies, policy


def test_every_question_has_a_row_and_nothing_adds_them_up(several: Path, house: House) -> None:
    done = examine(several, house.anchors)
    text = render_page(done)
    for matter in QUESTIONS:
        assert f'<th scope="row">{matter}</th>' in text
    assert done.report.file.sha256 in text
    for word in ("compliant", "certified", "overall", "verdict:"):
        assert word not in text.casefold()
    for part in ("generated.mp4", "clip.mp4", "c2pa.transcoded", "FakeGen 3", "c2pa-python"):
        assert part in text


def test_every_state_of_every_question_has_its_wording() -> None:
    states = {
        "Integrity": get_args(report.Integrity),
        "Signer": get_args(report.SignerState),
        "Time": get_args(report.TimeState),
        "Revocation": get_args(report.Revocation),
        "Chain": get_args(Chain),
    }
    for matter, wanted in states.items():
        assert set(QUESTIONS[matter].states) - {"trusted here only"} == set(wanted)


def test_intact_and_untrusted_is_never_called_valid(several: Path) -> None:
    text = render_page(examine(several, ()))
    rows = dict(re.findall(r'<th scope="row">(\w+)</th><td><span class="state (\w+)">', text))
    assert rows["Integrity"] == "good"
    assert rows["Signer"] == "open"
    assert "valid" not in re.sub(r"(in|re)valid\w*|valid(at|ity)\w*", "", text.split("All findings")[0])


def test_a_changed_stretch_is_drawn_where_it_is(house: House, tmp_path: Path) -> None:
    film = Noise(96, 320, 240, options={"movflags": "faststart"}).write(tmp_path / "film.mp4")
    signed = finish(film, tmp_path / "signed.mp4", [], house)
    media = first_box(signed, "mdat")
    spoilt = tmp_path / "spoilt.mp4"
    spoilt.write_bytes(flipped(signed.read_bytes(), media.payload + media.payload_bytes // 2))
    text = render_page(examine(spoilt, house.anchors))
    ((left, width),) = re.findall(r'<i style="left:([\d.]+)%;width:([\d.]+)%"', text)
    assert float(left) <= 50 <= float(left) + float(width)
    assert float(width) < 30
    assert "<span>4.00 s</span>" in text


def test_a_file_without_credentials_has_a_page(film: Path, house: House) -> None:
    text = render_page(examine(film, house.anchors), {"rubrics": [], "second": None})
    assert "carries no Content Credentials" in text
    assert {mood for _, mood in moods(text)} == {"open"}


@pytest.mark.parametrize("kind", ["mp4", "jpg", "wav"])
def test_a_file_that_nobody_signed_has_no_green_row(kind: str, house: House, tmp_path: Path) -> None:
    path = tmp_path / f"unsigned.{kind}"
    if kind == "mp4":
        Noise().write(path)
    else:
        path.write_bytes(KINDS[kind][1]())
    clause = Clause(PolicySource("s", "Source", "2026-01-01", "A"), "1")
    rule = ProfileRule(PolicyRule("NOBODY", "", "house", clause, "c2pa.signer_trust", (("is", "none"),)))
    done = examine(path, house.anchors, [Profile("any", "1", (rule,))])
    assert done.report.policies[0].count("pass") == 1
    assert {mood for _, mood in moods(render_page(done))} == {"open"}


def moods(page: str) -> list[tuple[str, str]]:
    return re.findall(r'<th scope="row">([\w ]+)</th><td><span class="state (\w+)">', page)


def test_a_development_root_is_shown_unlike_a_public_one(
    several: Path, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = examine(several, house.anchors)
    with monkeypatch.context() as patch:
        patch.setattr(credentials, "is_development", lambda _: False)
        known = examine(several, [replace(each, name="C2PA") for each in house.anchors])
    pages = [render_page(each) for each in (own, known)]
    assert [dict(moods(page))["Signer"] for page in pages] == ["own", "good"]
    assert "trusted here only" in pages[0]
    assert "trusted here only" not in pages[1]
    assert [each.report.signer for each in (own, known)] == ["trusted", "trusted"]
    codes = [{finding.code for finding in each.report.findings} for each in (own, known)]
    assert ["signer.development" in each for each in codes] == [True, False]
    assert known.report.plain()["manifests"][0]["vouched_by"] == ("C2PA",)


def test_the_anchor_counts_and_not_the_list_that_it_is_on(several: Path, house: House) -> None:
    shipped = read_shipped()[0]
    mixed = replace(shipped, name="mixed", pem=house.pem + shipped.pem, kind="own")
    done = examine(several, [mixed]).report
    assert (done.signer, done.vouched_by) == ("trusted", ("mixed",))
    assert done.is_trusted_by_development_alone
    assert vouched_words(done) == "vouched for by a development root only"
    assert not examine(several, [shipped]).report.is_trusted_by_development_alone


def test_the_page_begins_with_three_sentences(several: Path, film: Path, house: House) -> None:
    text = render_page(examine(several, house.anchors))
    sentences = text.partition('<div class="sentences">')[2].partition("</div>")[0]
    said = re.findall(r"<bdi>(.*?)</bdi>", sentences)
    assert len(said) == 3
    assert "put together, with parts that were generated by AI" in said[0]
    assert "vouched for by a development root only" in said[0]
    assert said[1] == "Nothing that was checked is wrong."
    assert said[2].startswith("Left to a person: whether what the signer says is true;")
    unsigned_film = summary_lines(verify(film, ()))
    assert unsigned_film[0] == "This is a file without Content Credentials."
    assert unsigned_film[1] == "There was nothing to check: no signature covers this file."


def test_the_sentences_say_what_is_wrong(several: Path, house: House, tmp_path: Path) -> None:
    assert "no list vouches for its signer" in summary_lines(verify(several, ()))[1]
    spoilt = tmp_path / "f.mp4"
    media = first_box(several, "mdat")
    spoilt.write_bytes(flipped(several.read_bytes(), media.payload + 9))
    assert summary_lines(house.verify(spoilt))[1].startswith("Wrong: it was changed after it was signed")
    spoilt.write_bytes(several.read_bytes() + b"more")
    assert "4 bytes were added after the end of the media" in summary_lines(house.verify(spoilt))[1]


def test_actions_come_in_the_order_of_the_film_with_words_shots_and_whole_texts(
    film: Path, house: House, tmp_path: Path
) -> None:
    long = "Winter is a long word. " * 40
    receipt = {
        "rate": "24",
        "shots": [{"shot": "open", "first": 0, "stop": 6}, {"shot": "end", "first": 6, "stop": 12}],
    }
    late = {
        "action": "c2pa.addedText",
        "parameters": {"org.answerprint.title.text": long},
        "changes": span(0.3, 0.5),
    }
    early: dict[str, Any] = {
        "action": "c2pa.cropped",
        "changes": span(0, 0.25),
        "digitalSourceType": HUMAN_EDITS,
    }
    label: dict[str, Any] = {"action": "c2pa.addedText", "parameters": {"org.answerprint.label.text": "AI"}}
    made: list[dict[str, Any]] = [
        {"action": "c2pa.created", "digitalSourceType": GENERATED},
        label,
        late,
        early,
    ]
    actions = {"allActionsIncluded": True, "actions": [
        each | ({"digitalSourceType": HUMAN_EDITS} if each["action"] == "c2pa.addedText" else {}) for each in made
    ]}  # fmt: skip
    claim = Claim("t", "tool", "1", (
        Assertion("c2pa.actions.v2", actions), Assertion(RECEIPT_LABEL, receipt, json=True)
    ))  # fmt: skip
    out = tmp_path / "f.mp4"
    manifest.sign(film, out, claim, [], house.signer, house.pem)
    done = examine(out, house.anchors)
    found = list_actions(done.reading.manifests[0])
    assert [(each.name, each.shots) for each in found] == [
        ("c2pa.created", ()), ("c2pa.cropped", ("open",)), ("c2pa.addedText", ("end",)), ("c2pa.addedText", ())
    ]  # fmt: skip
    assert (found[0].words, found[0].source_words) == ("the work was begun", "generated by AI")
    assert found[2].texts == (long,)
    assert label_span(done.reading.manifests[0]) == (0.0, math.inf)
    assert poster_time(done) == pytest.approx(0.25, abs=0.05)
    text = render_page(done)
    assert long in text
    assert "An AI label" not in text  # without a picture nothing is said of where to look


def span(start: float, end: float) -> list[dict[str, object]]:
    time = {"type": "npt", "start": str(start), "end": str(end)}
    return [{"region": [{"type": "temporal", "time": time}]}]


@pytest.mark.parametrize(
    ("start", "end", "wanted"),
    [
        ("1e308", "1.5e308", None),
        ("-1e308", "2", (0.0, 2.0)),
        ("-5", "-1", None),
        ("nan", "2", None),
        ("-inf", "inf", None),
        ("inf", "inf", None),
        (10**400, 2, None),
        ("1", "1e308", (1.0, 1e9)),
        ("1", None, (1.0, math.inf)),
    ],
)
def test_times_of_a_label_may_be_any_numbers(
    start: object, end: object, wanted: tuple[float, float] | None
) -> None:
    time = {"start": start} | ({} if end is None else {"end": end})
    label = {
        "action": "c2pa.addedText",
        "parameters": {"org.answerprint.label.text": "AI"},
        "changes": [{"region": [{"type": "temporal", "time": time}]}],
    }
    found = {"assertions": {"c2pa.actions.v2": {"actions": [label]}}}
    assert label_span(found) == (wanted or (0.0, math.inf))
    assert len(list_actions(found)) == 1


@pytest.mark.parametrize(
    "rate", ["1e999999999", "24/0", "0", "-24", "0x18", " 24", "24.5", "9" * 5000, "٢٤", None, 24.5, [24]]
)
def test_a_rate_of_shots_may_be_any_text(rate: object) -> None:
    shots = [{"shot": "all", "first": 0, "stop": 9}, {"shot": "far", "first": 0, "stop": 10**400}]
    cut = {"action": "c2pa.cropped", "changes": span(0, 0.25)}
    found: dict[str, Any] = {
        "assertions": {
            "c2pa.actions.v2": {"actions": [cut]},
            RECEIPT_LABEL: {"rate": rate, "shots": shots},
        }
    }
    assert list_actions(found)[0].shots == ()
    found["assertions"][RECEIPT_LABEL]["rate"] = "24000/1001"
    assert list_actions(found)[0].shots == ("all",)


def test_a_poster_is_a_picture_in_the_page_itself(several: Path, house: House) -> None:
    done = examine(several, house.anchors)
    text = render_page(done, poster=Poster("data:image/webp;base64,UklGRg==", 64, 48, 0.25))
    assert '<img src="data:image/webp;base64,UklGRg==" width="64" height="48"' in text
    assert "The frame at 0.25 s." in text
    assert "declares no visible AI label" in text
    for uri in (
        "https://example.org/p.png",
        'data:image/webp;base64,A" onerror="x',
        "data:text/html;base64,AAAA",
    ):
        with pytest.raises(ValueError, match="a picture"):
            render_page(done, poster=Poster(uri, 1, 1, None))


def test_the_sentences_name_states_and_what_could_not_be_checked(several: Path, house: House) -> None:
    good = house.verify(several)
    states: tuple[tuple[SignerState, str], ...] = (
        ("expired", "its certificate had expired"),
        ("revoked", "its certificate was revoked"),
    )
    for state, words in states:
        assert f"({words})" in summary_lines(replace(good, signer=state, vouched_by=()))[0]
    stamped = replace(good, stamped_at="2026-08-01T00:00:00Z")
    assert "stamped 2026-08-01" in summary_lines(replace(stamped, time="trusted"))[0]
    doubtful = summary_lines(replace(stamped, time="untrusted"))[0]
    assert "with a time-stamp that no list vouches for" in doubtful
    assert "2026-08-01" not in doubtful
    identity = report.Identity("cawg.identity", "cawg.x509.cose", (), "invalid", ())
    assert "further identity" in summary_lines(replace(good, identity=(identity,)))[1]
    unread = Finding(report.UNREAD_STORE, "chain", "", "")
    assert "could not run" in summary_lines(replace(good, findings=(unread,)))[1]
    assert good.conformance is not None
    broken = replace(good.conformance, failed=cast(Any, (SimpleNamespace(rule=SimpleNamespace(id="A.1")),)))
    assert "rubric are broken: A.1" in summary_lines(replace(good, conformance=broken))[1]


def test_the_last_sentence_names_a_label_only_where_there_may_be_one(several: Path, house: House) -> None:
    good = house.verify(several)
    assert "AI label" in summary_lines(good, "video/mp4")[2]
    assert "AI label" not in summary_lines(good, "audio/wav")[2]
    assert "AI label" not in summary_lines(good, "video/mp4", searched=True)[2]
    recorded = replace(good, ai=report.AiDeclaration(HUMAN_EDITS))
    assert "AI label" not in summary_lines(recorded, "video/mp4")[2]
    unknown = replace(good, manifests=(), integrity="unreadable", ai=report.AiDeclaration())
    said = summary_lines(unknown)[2]
    assert "AI label" in said
    assert "which nothing here shows" in said
    assert "what the signer says" not in said


@pytest.mark.parametrize(
    ("end", "at", "words"),
    [
        ("0.4", 0.2, "is shown from 0.10 s to 0.40 s: look for it here."),
        ("0.4", 0.45, "is shown from 0.10 s to 0.40 s. "),
        (None, 0.45, "is shown from 0.10 s to the end: look for it here."),
    ],
)
def test_a_label_is_looked_for_only_in_its_time(
    end: str | None, at: float, words: str, several: Path, house: House
) -> None:
    done = examine(several, house.anchors)
    time = {"start": "0.1"} | ({} if end is None else {"end": end})
    label = {
        "action": "c2pa.addedText",
        "parameters": {"org.answerprint.label.text": "AI"},
        "changes": [{"region": [{"time": time}]}],
    }
    active = done.reading.manifests[0]
    changed = {**active, "assertions": {"c2pa.actions.v2": {"actions": [label]}}}
    reading = SimpleNamespace(manifests=(changed,), media_type="video/mp4")
    shown = SimpleNamespace(report=replace(done.report, manifests=()), reading=reading)
    poster = Poster("data:image/webp;base64,UklGRg==", 64, 48, at)
    assert words in render_page(cast(Any, shown), poster=poster)


def test_the_time_shown_is_that_of_the_films_own_stamp(media: Callable[[str], Path]) -> None:
    """An ingredient's stamp says nothing of when this file was signed."""
    film = media("c2pa/cawg_extra_field.jpg")
    report = verify(film, ())
    assert report.time == "none"
    assert report.stamped_at == ""
    own = verify(media("c2pa/Firefly_tabby_cat.jpg"), ())
    assert own.stamped_at == "2025-10-23T21:14:47Z"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (action_words("c2pa.trimmed"), "a stretch was chosen"),
        (action_words("com.evil.trimmed"), ""),
        (source_type_words(GENERATED), "generated by AI"),
        (source_type_words("http://example.org/x"), ""),
        (code_words("assertion.bmffHash.mismatch"), "the media is not what was signed"),
        (code_words("cawg.anything"), "about a further identity behind the file"),
        (code_words("nothing.known"), ""),
    ],
)
def test_words_for_people(said: str, words: str) -> None:
    assert said == words


def test_every_action_and_source_type_that_we_write_has_words() -> None:
    assert [name for name in ACTIONS if not action_words(name)] == []
    assert [uri for uri in SOURCE_TYPES if not source_type_words(uri)] == []


def test_the_page_shows_what_was_seen_of_the_label(several: Path, house: House) -> None:
    seen = SeenLabel("AI <b>", ((Fraction(1), Fraction(4)),), (1, 2, 30, 40), 5.07, 12.4, 0.93, 24)
    sight = LabelSight((seen,), ("AI <b>", "AI MODIFIED"), (), Fraction(1, 4), 17, Fraction(9))
    still = Poster("data:image/png;base64,AAAA", 96, 54, 1.0)
    page = render_page(examine(several, house.anchors), {}, None, LabelEvidence(sight, still))
    assert "17 frames were searched" in page
    assert "AI &lt;b&gt;" in page
    assert "AI <b>" not in page
    assert "1.00 s to 4.00 s" in page
    assert "5.07 % of the shorter side" in page
    assert still.uri in page
    assert "Nobody has measured the picture" not in page
    assert "which nobody has measured" not in page
    assert "among other words" not in page
    among = LabelEvidence(replace(sight, seen=(replace(seen, alone=False),)), still)
    assert "AI &lt;b&gt;</bdi> among other words" in render_page(
        examine(several, house.anchors), {}, None, among
    )
    blind = LabelEvidence(LabelSight(fault="holds no picture"), None)
    assert "which nobody has measured" in render_page(examine(several, house.anchors), {}, None, blind)
    with pytest.raises(ValueError, match="base64"):
        render_page(examine(several, house.anchors), {}, None, LabelEvidence(sight, replace(still, uri="x:")))
