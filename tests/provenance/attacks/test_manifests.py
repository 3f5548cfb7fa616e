"""Every edit of a manifest store is found: renamed, resized, added, reordered, from another film."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from tests.provenance.attacks.case import HASH, LOOSE, Case, loose, unreadable, written
from tests.provenance.attacks.reel import Reel, Spoil, Super
from tests.provenance.formats.made_boxes import box, superbox, uuid_box
from tests.provenance.made import House

URI = "assertion.hashedURI.mismatch"
CLAIM = "claimSignature.mismatch"
CARRIED = "ingredient.manifest.mismatch"
PADDING = "/uuid (c2pa.signature padding)"


def text(needle: bytes, nth: int = -1, at: int = 0) -> Spoil:
    """Flips one bit of a text in the manifest store; the active manifest is the last."""
    return lambda reel: reel.flip(reel.text(needle, nth) + at)


def retold(needle: bytes, other: bytes, nth: int = -1) -> Spoil:
    """Replaces a text with another of the same length."""
    assert len(needle) == len(other)
    return lambda reel: reel.write(reel.text(needle, nth), other)


def described(label: str, at: int, nth: int = -1, bit: int = 0) -> Spoil:
    """Flips one bit of a superbox's description: its type is at 0, its toggles at 16, its label at 17."""
    return lambda reel: reel.flip(reel.description(reel.super(label, nth))[0] + at, bit)


def sized(label: str, by: int, nth: int = -1) -> Spoil:
    def spoil(reel: Reel) -> bytes:
        found = reel.super(label, nth)
        return reel.write(found.at, struct.pack(">I", found.size + by))

    return spoil


def content(label: str, at: int, nth: int = -1) -> Spoil:
    """Flips one bit of a superbox's content box, header included."""
    return lambda reel: reel.flip(reel.content(reel.super(label, nth)) + at)


def slipped(label: str, what: bytes, nth: int = -1) -> Spoil:
    return lambda reel: reel.slip_into(label, what, nth)


def again(label: str) -> Spoil:
    """Inserts a superbox a second time, behind itself."""

    def spoil(reel: Reel) -> bytes:
        found = reel.super(label)
        return reel.slip_in(found.stop, found.owners, reel.data[found.at : found.stop])

    return spoil


def stranger(reel: Reel) -> bytes:
    """Inserts a manifest that no other refers to, in front of the active one."""
    active = reel.manifests[-1]
    claim = superbox(b"c2cl", b"c2pa.claim.v2", box(b"cbor", b"\xa0"))
    odd = superbox(b"c2ma", b"urn:c2pa:00000000-0000-0000-0000-000000000000", claim)
    return reel.slip_in(active.at, active.owners, odd)


def manifests_swapped(reel: Reel) -> bytes:
    one, two = reel.manifests
    return reel.data[: one.at] + _bytes(reel, two) + _bytes(reel, one) + reel.data[two.stop :]


def _bytes(reel: Reel, found: Super) -> bytes:
    return reel.data[found.at : found.stop]


def signature_byte(nth: int) -> Spoil:
    return lambda reel: reel.flip(reel.super("c2pa.signature", nth).stop - 20)


def padding(at: int) -> Spoil:
    """Writes something into the active signature's padding."""
    return lambda reel: reel.write(reel.pad + 3 + at, b"hidden")


def payload_flip(reel: Reel) -> bytes:
    """Changes the null payload of the signature to another simple value."""
    return reel.flip(reel.super("c2pa.signature").stop - 64 - 3)


def longer_length(reel: Reel) -> bytes:
    """Writes the padding's length in four bytes, where two are enough."""
    (room,) = struct.unpack_from(">H", reel.data, reel.pad + 1)
    return reel.write(reel.pad, b"\x5a" + struct.pack(">I", room - 2))


def named(label: str, shown: str, code: str, signer: str = "trusted") -> Case:
    """Returns a case in which a part of the active manifest is renamed: the SDK reads types, and calls it trusted."""
    place = f"/uuid (description of {shown})"
    return Case(f"{label}: its label", described(label, 19), codes=(code,), signer=signer, unhashed=(place,))


def named_there(label: str, shown: str) -> Case:
    """Returns the same case for a manifest of an ingredient."""
    place = f"/uuid (description of {shown})"
    return Case(
        f"{label} there: its label",
        described(label, 19, 0),
        "intact",
        (LOOSE,),
        chain="incomplete",
        unhashed=(place,),
    )


def store(reel: Reel) -> bytes:
    return reel.data[reel.store_at : reel.top("uuid").stop]


ASSERTIONS = (
    Case("an action's words", text(b"encoded"), codes=(URI,)),
    Case("an action's name", retold(b"c2pa.transcoded", b"c2pa.translated"), codes=(URI,)),
    Case("an action's number", text(b"look.saturation", at=17), codes=(URI,)),
    Case(
        "a source type",
        retold(b"compositeWithTrainedAlgorithmicMedia", b"compositeWithTrainedAlgorithmicMedio"),
        codes=(URI,),
    ),
    Case("what goes in by hand", retold(b"human_validated", b"human_vaxidated"), codes=(URI,)),
    Case("training", retold(b"notAllowed", b"notAllowee"), codes=(URI,)),
    Case("the receipt", retold(b'"A spot"', b'"B spot"'), codes=(URI,)),
    Case("the blocks", text(b'"blocks"', at=17), codes=(URI,)),
    Case(
        "the hash of the film",
        lambda reel: reel.flip(reel.super("c2pa.hash.bmff.v3").stop - 25),
        codes=(URI,),
    ),
    Case("what the hash leaves out", retold(b"/mfra", b"/mdat"), codes=(URI, HASH), unhashed=("/mdat",)),
    Case("an ingredient's title", text(b"clip.mp4"), codes=(URI,)),
    Case("what an ingredient was found to be", text(b"claimSignature.validated"), codes=(URI,)),
    unreadable("an assertion's label", described("c2pa.actions.v2", 20)),
    unreadable("an assertion's toggles", described("c2pa.actions.v2", 16, bit=3)),
    Case("an assertion's salt", described("c2pa.actions.v2", 45), codes=(URI,)),
    unreadable(
        "CBOR called JSON", lambda reel: reel.write(reel.content(reel.super("c2pa.actions.v2")) + 4, b"json")
    ),
    unreadable(
        "JSON called CBOR",
        lambda reel: reel.write(reel.content(reel.super("org.answerprint.receipt")) + 4, b"cbor"),
    ),
    unreadable(
        "CBOR of a JSON type",
        lambda reel: reel.write(reel.description(reel.super("c2pa.actions.v2"))[0], b"json"),
    ),
)
SIGNED = (
    Case("the claim's title", text(b"main.mp4"), codes=(CLAIM,)),
    unreadable("the claim's list", text(b"created_assertions", at=60)),
    Case("the tool's version", text(b"2.4.0"), codes=(CLAIM,)),
    Case("the claim's instance", text(b"xmp.iid:", at=12), codes=(CLAIM,)),
    Case("the signature", signature_byte(-1), codes=(CLAIM,)),
    Case("the certificate's key", text(b"DEVELOPMENT signer", at=80), codes=(CLAIM,), signer="untrusted"),
    loose("the padding, first", padding(0), PADDING),
    loose("the padding, inside", padding(5000), PADDING),
    loose("the padding's name", lambda reel: reel.flip(reel.pad - 2), PADDING),
    loose("the padding's length", longer_length, PADDING),
    loose("a payload", payload_flip, PADDING),
)
CARRIED_ALONG = (
    Case("its action", text(b"c2pa.created", 0), codes=(CARRIED,), chain="incomplete"),
    Case("its claim's title", text(b"generated.mp4", 0), codes=(CARRIED,), chain="incomplete"),
    Case("its generator", text(b"FakeGen", 0), codes=(CARRIED,), chain="incomplete"),
    Case("its signature", signature_byte(0), codes=(CARRIED,), chain="incomplete"),
    Case(
        "its padding",
        lambda reel: reel.write(reel.text(b"cpad\x59", 0) + 500, b"hidden"),
        codes=(CARRIED,),
        chain="incomplete",
        unhashed=(PADDING,),
    ),
    Case("its place in the store", manifests_swapped, unhashed=None),
)
JUMBF = (
    loose("the store's label", described("c2pa", 17), "/uuid (description of c2pa)"),
    loose("the store's label, its end", described("c2pa", 20, bit=5), "/uuid (description of c2pa)"),
    named("c2pa.assertions", "c2pa.assertions", "assertion.missing"),
    named("c2pa.claim.v2", "c2pa.claim", CLAIM),
    named("c2pa.signature", "c2pa.signature", "claimSignature.missing", signer="none"),
    named_there("c2pa.assertions", "c2pa.assertions"),
    named_there("c2pa.claim.v2", "c2pa.claim"),
    named_there("c2pa.signature", "c2pa.signature"),
    unreadable("the store's type", described("c2pa", 0)),
    unreadable("the store's toggles", described("c2pa", 16, bit=1)),
    Case(
        "the manifest's type",
        lambda reel: reel.flip(reel.description(reel.manifests[-1])[0]),
        chain="none",
        unhashed=("/uuid (description of a manifest)",),
    ),
    Case(
        "the manifest's label",
        lambda reel: reel.flip(reel.description(reel.manifests[-1])[0] + 30),
        codes=("claimSignature.missing",),
    ),
    unreadable("the assertions' type", described("c2pa.assertions", 3)),
    unreadable("the claim's type", described("c2pa.claim.v2", 3)),
    unreadable("the signature's type", described("c2pa.signature", 3)),
    Case(
        "the store one longer",
        sized("c2pa", 1),
        "unreadable",
        ("store.unreadable",),
        unhashed=None,
    ),
    unreadable("the store one shorter", sized("c2pa", -1)),
    Case(
        "the manifest one longer",
        lambda reel: reel.write(reel.manifests[-1].at, struct.pack(">I", reel.manifests[-1].size + 1)),
        "unreadable",
        ("unhashed.unknown",),
    ),
    unreadable("the assertions one shorter", sized("c2pa.assertions", -1)),
    unreadable("an assertion one longer", sized("c2pa.actions.v2", 1)),
    unreadable("the claim of no size", lambda reel: reel.write(reel.super("c2pa.claim.v2").at, bytes(4))),
    unreadable("the claim's box one shorter", content("c2pa.claim.v2", 3)),
    unreadable("the claim's box of another kind", content("c2pa.claim.v2", 7)),
)
SLIPPED = (
    *(
        Case(f"{kind.decode()} in {label}", slipped(label, box(kind, b'{"a":12}')), codes=(URI,))
        for label in ("c2pa.actions.v2", "c2pa.ingredient.v3", "org.answerprint.blocks", "c2pa.hash.bmff.v3")
        for kind in (b"free", b"json")
    ),
    loose(
        "free in the signature",
        slipped("c2pa.signature", box(b"free", b"hidden!!")),
        "/uuid (free in c2pa.signature)",
    ),
    Case(
        "free in a carried assertion",
        slipped("c2pa.actions.v2", box(b"free", b"hidden!!"), 0),
        "intact",
        (),
        chain="incomplete",
    ),
    unreadable("free in the store", slipped("c2pa", box(b"free", b"hidden!!"))),
    unreadable("free in the assertions", slipped("c2pa.assertions", box(b"free", b"hidden!!"))),
    unreadable("free in the claim", slipped("c2pa.claim.v2", box(b"free", b"hidden!!"))),
    unreadable("an assertion again", again("c2pa.actions.v2")),
    unreadable("the claim again", again("c2pa.claim.v2")),
    unreadable("the assertions again", again("c2pa.assertions")),
    unreadable(
        "an assertion of no claim",
        slipped("c2pa.assertions", superbox(b"json", b"com.example.odd", box(b"json", b"{}"))),
    ),
    unreadable("a manifest nobody speaks of", stranger),
    unreadable(
        "credentials",
        lambda reel: reel.slip_in(
            reel.manifests[-1].stop,
            (*reel.manifests[-1].owners, reel.manifests[-1].at),
            superbox(b"c2vc", b"c2pa.credentials"),
        ),
    ),
)
STORES = (
    unreadable("the store again, at the end", lambda reel: reel.data + uuid_box(b"manifest", store(reel))),
    unreadable(
        "the store again, in front", lambda reel: reel.behind("ftyp", uuid_box(b"manifest", store(reel)))
    ),
    unreadable("called the original", lambda reel: reel.data + uuid_box(b"original", store(reel))),
    unreadable("called an update", lambda reel: reel.data + uuid_box(b"update", store(reel))),
    unreadable("called merkle", lambda reel: reel.data + uuid_box(b"merkle", b"hidden")),
    loose("called a diary", lambda reel: reel.data + uuid_box(b"diary", b"hidden"), "/uuid (b'diary')"),
)
CASES = {
    f"{group}: {case.name}": case
    for group, cases in (
        ("assertions", ASSERTIONS),
        ("signed", SIGNED),
        ("carried along", CARRIED_ALONG),
        ("boxes", JUMBF),
        ("slipped in", SLIPPED),
        ("stores", STORES),
    )
    for case in cases
}


@pytest.mark.parametrize("name", CASES)
def test_a_film_whose_manifest_was_touched_is_found_out(
    name: str, reel: Reel, house: House, tmp_path: Path
) -> None:
    CASES[name].check(house.verify(written(tmp_path, CASES[name].spoil(reel))))
