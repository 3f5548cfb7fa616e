"""The page for a reviewer: whole, self-contained, and nothing a manifest says becomes part of it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

import pytest

from post.values.claim import GENERATED
from provenance import manifest, report
from provenance.claim.build import Assertion, Claim
from provenance.report import Chain
from provenance.verify import examine
from provenance.verify.page import render_page
from provenance.verify.wording import QUESTIONS
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
        row = rf"<bdi>c2pa\.placed</bdi></th><td><bdi>–</bdi></td><td><bdi>–</bdi></td><td><bdi>{re.escape(title)}<"
        assert re.search(row, page)


def _ingredients(film: Path, house: House) -> list[dict[str, str]]:
    held = manifest.read(film, house.pem).manifests[0]["assertions"]
    return [data for label, data in held.items() if label.startswith("c2pa.ingredient")]


def test_the_page_asks_the_network_for_nothing(several: Path, house: House) -> None:
    found = Tags(render_page(examine(several, house.anchors)))
    assert not {"script", "link", "img", "iframe", "base"} & set(found.tags)
    assert not [value for name, value in found.attributes if name in ("src", "href", "action")]
    policy = dict(found.attributes).get("content")
    policies = [value for name, value in found.attributes if name == "content"]
    assert "default-src 'none'; style-src 'unsafe-inline'" in policies, policy


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
        assert set(QUESTIONS[matter].states) == set(wanted)


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
