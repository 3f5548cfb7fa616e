"""Prompts are removed from a signed film, and their digests still prove them."""

from __future__ import annotations

import html
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from post.errors import JobError, ProvenanceError, SourceError
from post.values.claim import GENERATED
from provenance import manifest
from provenance.claim.build import PROMPTS_LABEL, RECEIPT_LABEL, Assertion, build_claim, digest_text
from provenance.formats.bmff import read_layout
from provenance.labels import xmp
from provenance.labels.xmp import IptcFields
from provenance.manifest import redact as redacting
from provenance.manifest.redact import OWN_REASON, RedactionRequest, redact
from provenance.record.text_search import BLOCK_BYTES, find_texts
from provenance.signing import keyring
from provenance.signing.signer import SignerWithIdentity
from provenance.trust import lists
from tests.provenance.made import House, finish, flipped, ingredient, receipt

PROMPT = 'a "quiet" harbour at dusk,\nfor a client not announced \N{ANCHOR}'
RECORD = (("prompt", PROMPT, "recorded"), ("seed", "7", "recorded"))


@pytest.fixture(scope="module")
def telling(film: Path, clip: Path, house: House, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A signed film with its prompt in the manifest and in the XMP."""
    folder = tmp_path_factory.mktemp("telling")
    source = folder / "raw.mp4"
    source.write_bytes(
        film.read_bytes() + xmp.build_box(xmp.build_packet(IptcFields(GENERATED, "Veo", "", PROMPT)))
    )
    made = replace(receipt(source, [ingredient(clip, record=RECORD)]), prompts=True)
    out = folder / "telling.mp4"
    parts = [(each, clip) for each in made.ingredients]
    manifest.sign(source, out, build_claim(made, source), parts, house.signer, house.pem)
    return out


def asked(house: House, reason: str = "the client asked for it") -> RedactionRequest:
    return RedactionRequest(reason, house.signer, house.pem, ("answerprint", "0.1.0"))


def told(path: Path) -> bool:
    data = path.read_bytes()
    return any(
        form in data for form in (PROMPT.encode(), json.dumps(PROMPT)[1:-1].encode(), b"not announced")
    )


def mdat(path: Path) -> list[bytes]:
    with path.open("rb") as source:
        data = source.read()
        return [data[box.payload : box.stop] for box in read_layout(source).of("mdat")]


def test_the_prompt_is_gone_everywhere_and_the_film_is_sound_and_says_so(
    telling: Path, house: House, tmp_path: Path
) -> None:
    assert told(telling)
    out = tmp_path / "out.mp4"
    done = redact(telling, out, asked(house))
    assert (len(done.assertions), done.xmp, done.still_told) == (1, 1, 0)
    assert not told(out)
    found = house.verify(out)
    assert found.conformance is not None
    assert (found.sound, found.chain, found.conformance.passed) == (True, "sound", 31)
    assert [each.where for each in found.findings if each.code == "assertion.redacted"] == list(
        done.assertions
    )
    assert [each.name for each in tmp_path.iterdir()] == ["out.mp4"]


def test_picture_and_sound_are_byte_for_byte_the_same(telling: Path, house: House, tmp_path: Path) -> None:
    redact(telling, tmp_path / "out.mp4", asked(house))
    assert mdat(tmp_path / "out.mp4") == mdat(telling) != []


def test_the_digest_in_the_receipt_still_proves_the_prompt(
    telling: Path, house: House, tmp_path: Path
) -> None:
    redact(telling, tmp_path / "out.mp4", asked(house))
    manifests = manifest.read(tmp_path / "out.mp4", house.pem).manifests
    parent = next(each["assertions"] for each in manifests if RECEIPT_LABEL in each["assertions"])
    assert PROMPTS_LABEL not in parent
    assert ["prompt", digest_text(PROMPT), "recorded"] in parent[RECEIPT_LABEL]["takes"][0]["record"]


@pytest.mark.parametrize(
    ("reason", "name", "words"),
    [
        ("the client asked for it", OWN_REASON, "the client asked for it"),
        ("c2pa.tradesecret.present", "c2pa.tradesecret.present", None),
        ("com.example.why", "com.example.why", None),
        ("c2pa.made.up", OWN_REASON, "c2pa.made.up"),
    ],
)
def test_the_reason_is_declared_as_the_standard_writes_it(
    reason: str, name: str, words: str | None, telling: Path, house: House, tmp_path: Path
) -> None:
    out = tmp_path / "out.mp4"
    done = redact(telling, out, asked(house, reason))
    active = manifest.read(out, house.pem).manifests[0]
    opened, action = active["assertions"]["c2pa.actions.v2"]["actions"]
    assert (opened["action"], action["action"]) == ("c2pa.opened", "c2pa.redacted")
    assert (action["reason"], action.get("description")) == (name, words)
    assert (
        action["parameters"]["redacted"] == active["claim.v2"]["redacted_assertions"][0] == done.assertions[0]
    )


def test_what_readers_look_for_in_the_outermost_manifest_comes_along(
    telling: Path, house: House, tmp_path: Path
) -> None:
    redact(telling, tmp_path / "out.mp4", asked(house))
    before = manifest.read(telling, house.pem).manifests[0]["assertions"]
    after = manifest.read(tmp_path / "out.mp4", house.pem).manifests[0]["assertions"]
    for label in ("c2pa.ai-disclosure", "cawg.training-mining"):
        assert after[label] == before[label]
    assert house.verify(tmp_path / "out.mp4").ai.source_type.endswith("compositeWithTrainedAlgorithmicMedia")


def test_a_change_after_it_is_still_found_in_its_second(telling: Path, house: House, tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    redact(telling, out, asked(house))
    data = out.read_bytes()
    with out.open("rb") as source:
        (media,) = read_layout(source).of("mdat")
    out.write_bytes(flipped(data, media.stop - 100))
    found = house.verify(out)
    assert found.integrity == "tampered"
    assert found.tampered_at != ()


def test_a_film_made_of_it_can_be_redacted_as_well(
    telling: Path, film: Path, house: House, tmp_path: Path
) -> None:
    part = ingredient(telling, "parentOf", credential="verified")
    outer = finish(film, tmp_path / "outer.mp4", [part], house)
    assert told(outer)
    done = redact(outer, tmp_path / "out.mp4", asked(house))
    assert not told(tmp_path / "out.mp4")
    assert len(done.assertions) == 1
    assert house.verify(tmp_path / "out.mp4").sound


def test_every_assertion_of_prompts_is_redacted(film: Path, clip: Path, house: House, tmp_path: Path) -> None:
    """Other tools may write one for each clip; the second of a label is LABEL__1 (C2PA 2.4, 6.3)."""
    second = "a second prompt, for the same client"
    made = build_claim(replace(receipt(film, [ingredient(clip, record=RECORD)]), prompts=True), film)
    (first,) = (each for each in made.assertions if each.label == PROMPTS_LABEL)
    takes = [{"sha256": "0" * 64, "prompts": [["prompt", second, "recorded"]]}]
    more = Assertion(PROMPTS_LABEL, {**first.data, "takes": takes}, json=True)
    signed = tmp_path / "signed.mp4"
    both = replace(made, assertions=(*made.assertions, more))
    manifest.sign(film, signed, both, [(ingredient(clip, record=RECORD), clip)], house.signer, house.pem)
    assert second.encode() in signed.read_bytes()
    done = redact(signed, tmp_path / "out.mp4", asked(house))
    assert [uri.rpartition("/")[2] for uri in done.assertions] == [PROMPTS_LABEL, f"{PROMPTS_LABEL}__1"]
    assert not told(tmp_path / "out.mp4")
    assert second.encode() not in (tmp_path / "out.mp4").read_bytes()


@pytest.mark.parametrize(
    "form",
    [PROMPT.encode(), json.dumps(PROMPT)[1:-1].encode(), html.escape(PROMPT).encode()],
    ids=["text", "JSON", "HTML"],
)
@pytest.mark.parametrize("into", [0, 1, 20, -1])
def test_a_prompt_left_is_counted_wherever_a_block_ends(form: bytes, into: int, tmp_path: Path) -> None:
    data = {
        "takes": [{"prompts": [["prompt", PROMPT, "recorded"], ["prompt.2", "not in it at all", "recorded"]]}]
    }
    path = tmp_path / "film.mp4"
    path.write_bytes(bytes(BLOCK_BYTES - into % len(form)) + form + bytes(BLOCK_BYTES))
    assert find_texts(path, redacting._forms_of([("uri", data)])) == {PROMPT}


def test_what_cannot_be_redacted_leaves_nothing(
    telling: Path, single: Path, house: House, stranger: House, tmp_path: Path
) -> None:
    out = tmp_path / "out.mp4"
    spoilt = tmp_path / "spoilt.mp4"
    spoilt.write_bytes(flipped(telling.read_bytes(), telling.stat().st_size - 3000))
    with pytest.raises(ProvenanceError, match="not sound"):
        redact(spoilt, out, asked(house))
    with pytest.raises(ProvenanceError, match="not sound"):
        redact(telling, out, asked(stranger))
    with pytest.raises(JobError, match="tells no prompts"):
        redact(single, out, asked(house))
    with pytest.raises(JobError, match="no reason"):
        redact(telling, out, asked(house, "  "))
    with pytest.raises(ProvenanceError, match="onto itself"):
        redact(telling, telling, asked(house))
    assert sorted(each.name for each in tmp_path.iterdir()) == ["spoilt.mp4"]


def test_a_prompt_a_clip_brought_along_is_told_of(
    film: Path, clip: Path, house: House, tmp_path: Path
) -> None:
    """A vendor's manifest may hold the same prompt in an assertion that is not ours to redact."""
    from provenance.claim.build import Assertion, Claim

    created = {"action": "c2pa.created", "digitalSourceType": GENERATED}
    data = {"allActionsIncluded": True, "actions": [created]}
    said = Assertion("com.vendor.prompt", {"text": PROMPT}, json=True)
    vendors = tmp_path / "vendors.mp4"
    theirs = Claim("v", "Gen", "1", (Assertion("c2pa.actions.v2", data), said))
    manifest.sign(clip, vendors, theirs, [], house.signer, house.pem)
    part = ingredient(vendors, credential="verified", record=RECORD)
    made = replace(receipt(film, [part]), prompts=True)
    signed = tmp_path / "signed.mp4"
    manifest.sign(film, signed, build_claim(made, film), [(part, vendors)], house.signer, house.pem)
    assert redact(signed, tmp_path / "out.mp4", asked(house)).still_told == 1


def test_a_film_whose_credentials_lie_beside_it_is_not_called_redacted(
    film: Path, clip: Path, house: House, tmp_path: Path
) -> None:
    part = ingredient(clip, record=RECORD)
    made = replace(receipt(film, [part]), prompts=True)
    signed = tmp_path / "signed.mp4"
    order = manifest.SignRequest(build_claim(made, film), ((part, clip),), house.signer, house.pem)
    manifest.sign_film(film, signed, order, manifest.SignOptions("sidecar"))
    with pytest.raises(ProvenanceError, match="credentials in it.*JUMBF"):
        redact(signed, tmp_path / "out.mp4", asked(house))
    assert sorted(each.name for each in tmp_path.iterdir()) == ["signed.c2pa", "signed.mp4"]


def test_a_film_that_changes_while_it_is_redacted_leaves_nothing(
    telling: Path, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between being validated and being signed over, the file could be replaced."""
    moving = tmp_path / "moving.mp4"
    moving.write_bytes(telling.read_bytes())
    ordered = redacting._claim_redaction

    def changed(*rest: Any) -> Any:
        moving.write_bytes(flipped(telling.read_bytes(), telling.stat().st_size - 3000) + b"\0\0\0\x08free")
        return ordered(*rest)

    monkeypatch.setattr(redacting, "_claim_redaction", changed)
    with pytest.raises(SourceError, match="changed while it was being signed"):
        redact(moving, tmp_path / "out.mp4", asked(house))
    assert [each.name for each in tmp_path.iterdir()] == ["moving.mp4"]


def test_an_organisations_film_is_sound_without_its_prompts(
    film: Path, clip: Path, house: House, tmp_path: Path
) -> None:
    """The organisation signed the hash of the prompts too; their removal is declared."""
    folder = tmp_path / "organisation"
    both = House(
        SignerWithIdentity(house.signer, keyring.load_signer(folder), ("cawg.publisher",)),
        (*house.anchors, *(replace(each, name="the organisation") for each in lists.read_own_root(folder))),
    )
    part = ingredient(clip, record=RECORD)
    made = replace(receipt(film, [part]), prompts=True)
    signed = tmp_path / "signed.mp4"
    manifest.sign(film, signed, build_claim(made, film), [(part, clip)], both.signer, both.pem)
    for signer in (both.signer, house.signer):
        redact(signed, tmp_path / "out.mp4", asked(replace(both, signer=signer)))
        assert not told(tmp_path / "out.mp4")
        found = both.verify(tmp_path / "out.mp4")
        assert (found.sound, found.chain) == (True, "sound")
