"""Bad clips, brand elements, sounds, folders and keys."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from post.takes.made.synthetic import ClipRecipe, make_clip
from provenance.manifest.generated import sign_generated
from provenance.signing import certificates, enrolment, keyring, private_file
from provenance.signing.certificates import Authority, read_chain
from provenance.signing.software_key import key_pem, load
from provenance.trust import lists
from tests.flow.bad import Bad, Command, Make, Room
from tests.flow.bad_jobs import DUSK, TITLE
from tests.made.broken import box, cut_short, nested_boxes


def clip(name: str, content: bytes | Make) -> Bad:
    """Returns a job whose first take is bad. content: of the file, or a function that makes it bad."""

    def make(room: Room) -> Command:
        if isinstance(content, bytes):
            room.write("dusk.mp4", content)
        else:
            content(room)
        return room.finish_with()

    return Bad(name, make)


def _gone(room: Room) -> Command:
    (room.folder / "dusk.mp4").unlink()
    return ()


def _folder(room: Room) -> Command:
    (room.folder / "dusk.mp4").unlink()
    (room.folder / "dusk.mp4").mkdir()
    return ()


def _only_sound(room: Room) -> Command:
    import av

    with av.open(room.folder / "sea.mp4") as whole, av.open(room.folder / "dusk.mp4", "w") as out:
        track = out.add_stream_from_template(whole.streams.audio[0])
        for packet in whole.demux(whole.streams.audio[0]):
            if packet.dts is not None:
                packet.stream = track
                out.mux(packet)
    return ()


def _no_index(room: Room) -> Command:
    """Cuts off the index, which is at the end, as phones write it: the copy stopped before it."""
    data = (room.folder / "dusk.mp4").read_bytes()
    at = data.index(b"moov") - 4
    length = int.from_bytes(data[at : at + 4], "big")
    room.write("dusk.mp4", data[:at] + data[at + length :])
    return ()


def _half(room: Room) -> Command:
    whole = room.write("whole.mp4", (room.folder / "dusk.mp4").read_bytes())
    cut_short(whole, room.folder / "dusk.mp4", 0.3)
    return ()


def _nested(room: Room) -> Command:
    nested_boxes(room.folder / "dusk.mp4", 20_000)
    return ()


HUGE = box(b"ftyp", b"isom\0\0\2\0isom") + b"\0\0\0\1moov" + (2**62).to_bytes(8, "big") + b"\xff" * 64


def _huge_table(room: Room) -> Command:
    """Makes a sample table that declares four thousand million entries."""
    data = (room.folder / "dusk.mp4").read_bytes()
    at = data.index(b"stsz") + 12
    room.write("dusk.mp4", data[:at] + b"\xff" * 4 + data[at + 4 :])
    return ()


def _absurd_size(room: Room) -> Command:
    """Sets every bit of width and height in the sample entry (ISO/IEC 14496-12, 12.1.3)."""
    made = room.folder / "raw.mov"
    make_clip(made, ClipRecipe("dusk", 64, 48, Fraction(24), 30, codec="rawvideo", b_frames=0))
    data = made.read_bytes()
    at = data.index(b"stsd") + 12 + 32
    assert data[at : at + 4] == b"\0\x40\0\x30"
    room.write("dusk.mp4", data[:at] + b"\xff" * 4 + data[at + 4 :])
    return ()


def _changed(room: Room) -> Command:
    return room.finish_with(("dusk: dusk.mp4", f"dusk: {{file: dusk.mp4, sha256: {'0' * 64}}}"))


def signed_then_changed(room: Room) -> None:
    signer = keyring.load_signer(room.config)
    whole = room.folder / "whole.mp4"
    (room.folder / "dusk.mp4").rename(whole)
    anchors = lists.join_pem(lists.read_configured(room.config))
    sign_generated(whole, room.folder / "dusk.mp4", ("A generator", "1"), signer, anchors)
    data = bytearray((room.folder / "dusk.mp4").read_bytes())
    data[data.index(b"mdat") + 400] ^= 1
    room.write("dusk.mp4", bytes(data))


def _tampered(room: Room) -> Command:
    signed_then_changed(room)
    return room.finish_with()


CLIPS = (
    clip("a clip that is not there", _gone),
    clip("a clip of no bytes", b""),
    clip("a folder as a clip", _folder),
    clip("a text named .mp4", b"This is a shopping list.\n" * 40),
    clip("an mp4 with only sound", _only_sound),
    clip("an mp4 without its index", _no_index),
    clip("an mp4 cut short in its picture", _half),
    clip("boxes in boxes in boxes", _nested),
    clip("a box of four exabytes", HUGE),
    clip("a table of four thousand million entries", _huge_table),
    clip("a clip of an absurd size", _absurd_size),
    Bad("a clip changed since it was taken in", _changed),
    Bad("a signed clip that was changed", _tampered),
)


def title(name: str, font: str, content: bytes) -> Bad:
    def make(room: Room) -> Command:
        if content:
            room.write(font, content)
        return room.finish_with((TITLE, f"{{text: Salt, at: 0.5s, length: 1s, font: {font}}}"))

    return Bad(name, make)


def lut(name: str, content: bytes) -> Bad:
    def make(room: Room) -> Command:
        if content:
            room.write("film.cube", content)
        return room.finish_with((DUSK, "{take: dusk, length: 1s, look: {lut: film.cube}}"))

    return Bad(name, make)


def bug(name: str, content: bytes) -> Bad:
    def make(room: Room) -> Command:
        if content:
            room.write("logo.png", content)
        return room.finish_with(("deliver:", "bug: {file: logo.png}\ndeliver:"))

    return Bad(name, make)


def music(name: str, asked: str, content: bytes | None = None) -> Bad:
    def make(room: Room) -> Command:
        if content is not None:
            room.write("bed.wav", content)
        return room.finish_with(("deliver:", f"sound: {{music: [{{{asked}}}]}}\ndeliver:"))

    return Bad(name, make)


CUBE = b"LUT_3D_SIZE 2\n" + b"0 0 0\n" * 7
ELEMENTS = (
    title("a font that is not there", "gone.ttf", b""),
    title("a font that is no font", "list.ttf", b"eggs, flour, milk\n" * 20),
    lut("a look-up table that is not there", b""),
    lut("a look-up table that is none", b"eggs, flour, milk\n"),
    lut("a look-up table one row short", CUBE),
    lut("a look-up table with a value that is no number", CUBE + b"nan 0 0\n"),
    bug("a logo that is not there", b""),
    bug("a logo that is no image", b"eggs, flour, milk\n"),
    bug("a logo cut short", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10"),
    music("music that is not there", "file: bed.wav"),
    music("music of no bytes", "file: bed.wav", b""),
    music("music that is a text", "file: bed.wav", b"eggs, flour, milk\n" * 20),
    music("music after the film has ended", "file: sea.mp4, at: 60s"),
    music("music from after its own end", "file: sea.mp4, in: 60s"),
)


def _out_is_a_file(room: Room) -> Command:
    for path in room.out.iterdir():
        path.unlink()
    room.out.rmdir()
    room.write("out", b"a file")
    return room.finish_with()


def _film_is_a_folder(room: Room) -> Command:
    (room.out / "wide.mp4").unlink()
    (room.out / "wide.mp4").mkdir()
    return room.finish_with()


def _store_is_a_file(room: Room) -> Command:
    room.write("store", b"a file")
    return room.finish_with()


PLACES = (
    Bad("the output folder is a file", _out_is_a_file),
    Bad("the film's name is taken by a folder", _film_is_a_folder),
    Bad("the store is a file", _store_is_a_file),
)


def with_key(name: str, make: Make) -> Bad:
    def made(room: Room) -> Command:
        make(room)
        return room.finish_with(("deliver:", "provenance: {key: studio}\ndeliver:"))

    return Bad(name, made)


def _expired(room: Room) -> Command:
    info = enrolment.make_key(room.config, "studio")
    issuer = load(room.config / "development" / "issuer.pem", room.config / "development" / "issuer.pem")
    key = issuer._key
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    authority = Authority(read_chain(issuer.chain_pem, "issuer")[0], key)
    made = certificates.make_leaf("studio", authority, days=0)
    text = key_pem(made.key) + certificates.to_pem(made.certificate, authority.certificate)
    private_file.write_private(Path(info.path), text)
    return ()


def _exposed(room: Room) -> Command:
    Path(enrolment.make_key(room.config, "studio").path).chmod(0o644)
    return ()


def _corrupted(room: Room) -> Command:
    path = Path(enrolment.make_key(room.config, "studio").path)
    text = path.read_text()
    at = text.index("-----BEGIN PRIVATE KEY-----") + 60
    path.write_text(text[:at] + "!!!!" + text[at + 4 :])
    return ()


def _another_certificate(room: Room) -> Command:
    first, other = (Path(enrolment.make_key(room.config, name).path) for name in ("studio", "other"))
    head = "-----BEGIN CERTIFICATE-----"
    mixed = first.read_text().split(head)[0] + head + head.join(other.read_text().split(head)[1:])
    first.write_text(mixed)
    return ()


KEYS = (
    with_key("a key nobody has", lambda room: ()),
    with_key("a key that has expired", _expired),
    with_key("a key that others can read", _exposed),
    with_key("a corrupted key", _corrupted),
    with_key("a key under another's certificate", _another_certificate),
)
FILES = (*CLIPS, *ELEMENTS, *PLACES, *KEYS)
