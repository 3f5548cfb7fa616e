"""Every kind of box of a signed film: flipped, moved, swapped, appended, resized, cut off."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from tests.provenance.attacks.case import Case, gone, loose, unreadable, written
from tests.provenance.attacks.reel import Reel, Spoil, offset_by
from tests.provenance.formats.made_boxes import box, wide_box
from tests.provenance.made import House

FTYP = "/ftyp (not the one that was signed)"


def leaf(kind: str, at: int = 0, track: int = 0) -> Spoil:
    """Flips one bit of a box inside `moov`. at: from the start of its payload; below 0, from its end."""

    def spoil(reel: Reel) -> bytes:
        found = reel.leaves(kind)[track]
        return reel.flip((found.payload if at >= 0 else found.stop) + at)

    return spoil


def media(share: float) -> Spoil:
    def spoil(reel: Reel) -> bytes:
        found = reel.top("mdat")
        return reel.flip(found.payload + min(int(found.payload_bytes * share), found.payload_bytes - 1))

    return spoil


def swapped(kind: str, width: int, track: int = 0) -> Spoil:
    """Swaps the first two rows of a table inside `moov`: the sum of the table stays."""

    def spoil(reel: Reel) -> bytes:
        found = reel.leaves(kind)[track]
        at = found.payload + (12 if kind == "stsz" else 8)
        one, two = reel.data[at : at + width], reel.data[at + width : at + 2 * width]
        assert one != two
        return reel.write(at, two + one)

    return spoil


def tracks_swapped(reel: Reel) -> bytes:
    one, two = reel.leaves("trak")
    return reel.data[: one.start] + reel.bytes_of(two) + reel.bytes_of(one) + reel.data[two.stop :]


def numbers_swapped(reel: Reel) -> bytes:
    """Swaps the numbers of two tracks."""
    one, two = reel.leaves("tkhd")
    at = 12 - 8 + 8
    first, second = (reel.data[each.payload + at : each.payload + at + 4] for each in (one, two))
    assert first != second
    return Reel(reel.write(one.payload + at, second)).write(two.payload + at, first)


def sized(kind: str, size: int) -> Spoil:
    return lambda reel: reel.write(reel.top(kind).start, struct.pack(">I", size))


def grown(kind: str, by: int) -> Spoil:
    """Makes a box state a size that it does not have."""
    return lambda reel: reel.write(reel.top(kind).start, struct.pack(">I", reel.top(kind).size + by))


def appended(what: bytes) -> Spoil:
    return lambda reel: reel.data + what


def hidden(kind: bytes) -> Spoil:
    """Renames the manifest's box."""
    return lambda reel: reel.write(reel.top("uuid").start + 4, kind)


def cut(share: float) -> Spoil:
    """Cuts the file off at a share of its length."""
    return lambda reel: reel.data[: int(len(reel.data) * share)]


def cut_in(kind: str, back: int) -> Spoil:
    return lambda reel: reel.data[: reel.top(kind).stop - back]


FLIPPED = (
    *(Case(f"{kind} {track}", leaf(kind, 4, track)) for kind in ("tkhd", "mdhd") for track in (0, 1)),
    Case("mvhd: time scale", leaf("mvhd", 15)),
    Case("mvhd: length", leaf("mvhd", 19)),
    Case("hdlr: name", leaf("hdlr", -2)),
    Case("hdlr: kind of track", leaf("hdlr", 8)),
    Case("vmhd", leaf("vmhd", 5)),
    Case("smhd", leaf("smhd", 5)),
    Case("stsd: coding", leaf("stsd", 12)),
    Case("stsd: width", leaf("stsd", 41)),
    Case("stsd: the coder's own header", leaf("stsd", -30)),
    Case("stsd of sound", leaf("stsd", -3, 1)),
    Case("stts", leaf("stts", -1)),
    Case("stts of sound", leaf("stts", -1, 1)),
    Case("ctts", leaf("ctts", -1)),
    Case("stss", leaf("stss", -1)),
    Case("stsz", leaf("stsz", -1)),
    Case("stsz of sound", leaf("stsz", -1, 1)),
    Case("stsc", leaf("stsc", -5)),
    Case("stco", leaf("stco", -1)),
    Case("stco of sound", leaf("stco", 11, 1)),
    Case("elst", leaf("elst", -1)),
    Case("dinf", leaf("dinf", -1)),
    Case("meta: its handler", leaf("hdlr", 8, 2)),
    Case("meta: its name", leaf("udta", 7)),
    Case("ilst: the encoder's name", leaf("ilst", -1)),
    *(Case(f"mdat at {share:.0%}", media(share)) for share in (0.0, 0.25, 0.5, 0.75, 1.0)),
    Case("mdat: its name", lambda reel: reel.flip(reel.top("mdat").start + 7)),
    Case("free: its name", lambda reel: reel.flip(reel.top("free").start + 7)),
    Case("moov: its name", lambda reel: reel.flip(reel.top("moov").start + 7)),
    unreadable("moov: the size of a box in it", lambda reel: reel.flip(reel.leaves("udta")[0].start + 3)),
    loose("ftyp: a brand", lambda reel: reel.write(reel.top("ftyp").payload + 8, b"abcd"), FTYP),
    loose("ftyp: its version", lambda reel: reel.flip(reel.top("ftyp").payload + 7), FTYP),
    gone("uuid: its type", lambda reel: reel.flip(reel.top("uuid").start + 8)),
    gone("uuid: its name", lambda reel: reel.flip(reel.top("uuid").start + 7)),
    loose(
        "uuid: its version",
        lambda reel: reel.flip(reel.top("uuid").payload + 16),
        "/uuid (version and flags)",
    ),
    loose("uuid: its offset", lambda reel: reel.flip(reel.store_at - 1), "/uuid (offset)"),
)
MOVED = (
    Case("moov behind mdat", lambda reel: reel.in_order(("ftyp", "uuid", "free", "mdat", "moov"))),
    Case("moov before the manifest", lambda reel: reel.in_order(("ftyp", "moov", "uuid", "free", "mdat"))),
    Case("manifest last", lambda reel: reel.in_order(("ftyp", "moov", "free", "mdat", "uuid"))),
    unreadable("manifest first", lambda reel: reel.in_order(("uuid", "ftyp", "moov", "free", "mdat"))),
    Case("free left out", lambda reel: reel.without("free")),
    unreadable("ftyp left out", lambda reel: reel.without("ftyp")),
    Case("tracks in the other order", tracks_swapped),
    Case("tracks by each other's number", numbers_swapped),
    Case("sizes of two frames", swapped("stsz", 4)),
    Case("places of two chunks", swapped("stco", 4)),
    Case("places of two chunks of sound", swapped("stco", 4, 1)),
    Case("runs of frames in chunks", swapped("stsc", 12)),
    Case("order of showing", swapped("ctts", 8)),
    Case("a free box put in before the media", lambda reel: reel.behind("moov", box(b"free", b"hidden"))),
    Case("a box put in behind ftyp", lambda reel: reel.behind("ftyp", box(b"abcd", b"hidden"))),
    Case("offsets that point elsewhere", lambda reel: offset_by(reel.data, 1)),
)
APPENDED = (
    Case("free", appended(box(b"free", b"hidden payload"))),
    Case("free without payload", appended(box(b"free"))),
    Case("free of no size, to the end", appended(struct.pack(">I4s", 0, b"free") + b"hidden")),
    Case("free with eight bytes of size", appended(wide_box(b"free", b"hidden"))),
    Case("skip", appended(box(b"skip", b"hidden"))),
    Case("an unknown box", appended(box(b"abcd", b"12345678"))),
    Case("a uuid box", appended(box(b"uuid", bytes(range(16)) + b"hidden"))),
    Case("mdat", appended(box(b"mdat", b"12345678"))),
    Case("mdat with eight bytes of size", appended(wide_box(b"mdat", b"12345678"))),
    Case("moov again", lambda reel: reel.data + reel.bytes_of(reel.top("moov"))),
    loose("ftyp again", lambda reel: reel.data + reel.bytes_of(reel.top("ftyp")), "/ftyp (another)"),
    loose("mfra", appended(box(b"mfra", b"hidden")), "/mfra"),
    unreadable("the manifest again", lambda reel: reel.data + reel.bytes_of(reel.top("uuid"))),
    *(
        Case(f"{count} zero bytes", appended(bytes(count)), unhashed=("(after the last box)",))
        for count in range(1, 8)
    ),
    Case("8 zero bytes", appended(bytes(8)), unhashed=None),
    Case("a size of 1 and no size", appended(struct.pack(">I4s", 1, b"free")), unhashed=None),
    unreadable("free before all", lambda reel: box(b"free", b"hidden") + reel.data),
)
RESIZED = (
    Case("mdat one longer", grown("mdat", 1)),
    Case("mdat one shorter", grown("mdat", -1), unhashed=("(after the last box)",)),
    Case("mdat to the end", sized("mdat", 0)),
    Case("mdat of 4 GB", sized("mdat", 0xFFFFFFFF)),
    unreadable("moov one longer", grown("moov", 1)),
    unreadable("moov one shorter", grown("moov", -1)),
    unreadable("ftyp one longer", grown("ftyp", 1)),
    unreadable("uuid one longer", grown("uuid", 1)),
    unreadable("uuid one shorter", grown("uuid", -1)),
    Case("uuid to the end", sized("uuid", 0), unhashed=None),
    unreadable("uuid of no length", sized("uuid", 8)),
)
CUT = (
    *(Case(f"cut off at {share:.2%}", cut(share)) for share in (0.9999, 0.9, 0.5)),
    unreadable("cut off in the manifest", cut_in("uuid", 100)),
    gone("cut off before the manifest", lambda reel: reel.data[: reel.top("uuid").start]),
    unreadable("cut off in the manifest's head", lambda reel: reel.data[: reel.top("uuid").start + 20]),
    Case("cut off behind the manifest", cut_in("uuid", 0)),
    unreadable("cut off in the index", cut_in("moov", 200)),
    Case("cut off behind the index", cut_in("moov", 0)),
    unreadable("cut off in ftyp", cut_in("ftyp", 4)),
)
STRIPPED = (
    gone("stripped", lambda reel: reel.without("uuid")),
    gone("stripped, leaving offsets", lambda reel: reel.data.replace(reel.bytes_of(reel.top("uuid")), b"")),
    gone("made free", hidden(b"free")),
    gone("made skip", hidden(b"skip")),
)
CASES = {
    f"{group}: {case.name}": case
    for group, cases in (
        ("flipped", FLIPPED),
        ("moved", MOVED),
        ("appended", APPENDED),
        ("resized", RESIZED),
        ("cut", CUT),
        ("stripped", STRIPPED),
    )
    for case in cases
}


@pytest.mark.parametrize("name", CASES)
def test_a_film_whose_boxes_were_touched_is_found_out(
    name: str, reel: Reel, house: House, tmp_path: Path
) -> None:
    CASES[name].check(house.verify(written(tmp_path, CASES[name].spoil(reel))))


def test_the_film_itself_is_sound(signed_spot: Path, house: House) -> None:
    assert house.verify(signed_spot).exit_code == 0
