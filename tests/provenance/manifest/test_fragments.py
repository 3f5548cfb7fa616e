"""Each segment of a film is validated on its own, and a changed one is named."""

from __future__ import annotations

import io
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import av
import pytest

from post.errors import OutputError, ProvenanceError, SourceError
from provenance.formats.bmff import read_layout
from provenance.manifest import fragments
from provenance.manifest.fragments import read_fragments, sign_fragments
from tests.provenance.formats.made_boxes import box
from tests.provenance.made import House, Noise, flipped, ingredient, vendor
from tests.provenance.manifest.films import boxes
from tests.provenance.manifest.sign_requests import make_request


@dataclass(frozen=True)
class Segments:
    init: Path
    media: tuple[Path, ...]

    def beside(self, folder: Path) -> Segments:
        return Segments(folder / self.init.name, tuple(folder / path.name for path in self.media))

    def states(self, house: House) -> list[str]:
        return [found.state for found in read_fragments(self.init, self.media, house.pem)]


@pytest.fixture(scope="module")
def segments(tmp_path_factory: pytest.TempPathFactory) -> Segments:
    """A film in an initialisation segment and four of a second each."""
    folder = tmp_path_factory.mktemp("segments")
    whole = Noise(frames=96).write(folder / "whole.mp4")
    options = {
        "movflags": "frag_keyframe+empty_moov+default_base_moof",
        "frag_duration": "1000000",
        "min_frag_duration": "1000000",
    }
    path = folder / "fragmented.mp4"
    with av.open(str(whole)) as source, av.open(str(path), "w", options=options) as out:
        stream = out.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                out.mux(packet)
    return cut(path, folder)


def cut(path: Path, folder: Path) -> Segments:
    """Cuts a fragmented file into segments: `ftyp` and index, then each `moof` and its media behind a `styp`."""
    data = path.read_bytes()
    found = [(kind, data[at : at + size]) for kind, at, _, size in boxes(data)]
    init = folder / "init.mp4"
    init.write_bytes(b"".join(part for kind, part in found if kind in (b"ftyp", b"moov")))
    styp = box(b"styp", b"msdh\0\0\0\0msdhmsix")
    moofs = [at for at, (kind, _) in enumerate(found) if kind == b"moof"]
    media = []
    for number, at in enumerate(moofs):
        media.append(folder / f"{number}.m4s")
        media[-1].write_bytes(styp + found[at][1] + found[at + 1][1])
    return Segments(init, tuple(media))


@pytest.fixture
def signed(segments: Segments, house: House, tmp_path: Path) -> Segments:
    sign_fragments(segments.init, segments.media, tmp_path / "out", make_request(segments.init, house))
    return segments.beside(tmp_path / "out")


def test_every_segment_is_trusted_and_plays_the_same(
    segments: Segments, signed: Segments, house: House
) -> None:
    assert len(segments.media) >= 3
    assert signed.states(house) == ["Trusted"] * len(segments.media)
    assert played(signed) == played(segments)


def played(film: Segments) -> list[bytes]:
    """Returns the decoded frames of all segments in sequence."""
    path = film.init.parent / "joined.mp4"
    path.write_bytes(b"".join(each.read_bytes() for each in (film.init, *film.media)))
    try:
        with av.open(str(path)) as media:
            return [frame.to_ndarray().tobytes() for frame in media.decode(video=0)]
    finally:
        path.unlink()


def test_a_changed_segment_is_told_from_the_others(signed: Segments, house: House) -> None:
    for number, path in enumerate(signed.media):
        whole = path.read_bytes()
        path.write_bytes(flipped(whole, len(whole) - 1))
        found = read_fragments(signed.init, signed.media, house.pem)
        assert [each.state == "Trusted" for each in found] == [at != number for at in range(len(found))]
        failed = found[number].manifests[0]["validationResults"]["failure"]
        assert [each["code"] for each in failed] == ["assertion.bmffHash.mismatch"]
        path.write_bytes(whole)


def test_segments_that_changed_places_are_told_by_their_own_number(signed: Segments, house: House) -> None:
    """Each segment holds its number, so that a player may fetch them in any order; the number is validated."""
    first, second = (path.read_bytes() for path in signed.media[:2])
    marked = first.index(b"hlocation") + len(b"hlocation")
    signed.media[0].write_bytes(first[:marked] + b"\1" + first[marked + 1 :])
    assert signed.states(house)[0] == "Invalid"
    signed.media[0].write_bytes(second)
    signed.media[1].write_bytes(first)
    assert set(signed.states(house)) == {"Trusted"}


def test_a_changed_initialisation_segment_speaks_for_none(signed: Segments, house: House) -> None:
    data = signed.init.read_bytes()
    signed.init.write_bytes(flipped(data, data.index(b"mvhd") + 20))
    assert set(signed.states(house)) == {"Invalid"}


def test_a_segment_of_another_film_is_none_of_this_one(
    signed: Segments, generated: Path, house: House
) -> None:
    data, other = signed.media[0].read_bytes(), generated.read_bytes()
    at = data.index(b"mdat") + 8
    signed.media[0].write_bytes(data[:at] + other[at : at + len(data[at:])].ljust(len(data[at:]), b"\0"))
    assert signed.states(house)[0] == "Invalid"


def test_a_segment_without_its_mark_is_not_trusted(
    segments: Segments, signed: Segments, house: House
) -> None:
    shutil.copy(segments.media[0], signed.media[0])
    assert signed.states(house)[0] != "Trusted"


def test_two_validators_differ_on_what_a_leaf_is(signed: Segments, house: House) -> None:
    """The SDK puts each box's place into a leaf, as into every hash of version 3; the other one does not.
    Of everything else, the initialisation segment's hash among it, they think alike."""
    second = pytest.importorskip("encypher_c2pa")
    told = second.verify(
        str(signed.init),
        fragments=[str(path) for path in signed.media],
        trust_pem=house.pem,
        no_default_trust=True,
        telemetry=False,
    )
    faults = [each["explanation"] for each in told["validation_results"]["failure"]]
    said = "merkle leaf does not derive the stored row hash"
    assert faults == [f"fragment {number}: {said}" for number in range(len(signed.media))]


def test_ingredients_come_along(segments: Segments, generated: Path, house: House, tmp_path: Path) -> None:
    part = ingredient(generated, credential="verified")
    order = make_request(segments.init, house, part)
    sign_fragments(segments.init, segments.media, tmp_path / "out", order)
    found = read_fragments(*_parts(segments.beside(tmp_path / "out")), house.pem)
    assert {len(each.manifests) for each in found} == {2}


def _parts(film: Segments) -> tuple[Path, tuple[Path, ...]]:
    return film.init, film.media


def test_what_stops_it_leaves_nothing(
    segments: Segments, house: House, stranger: House, tmp_path: Path
) -> None:
    order, out = make_request(segments.init, house), tmp_path / "out"

    def stop(done: int, _: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sign_fragments(segments.init, segments.media, out, order, stop)
    with pytest.raises(ProvenanceError, match=r"signingCredential\.untrusted"):
        sign_fragments(segments.init, segments.media, out, replace(order, anchors_pem=stranger.pem))
    with pytest.raises(SourceError, match="gone"):
        sign_fragments(segments.init, [*segments.media, tmp_path / "gone.m4s"], out, order)
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_stays(segments: Segments, house: House, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(OutputError, match="there already"):
        sign_fragments(segments.init, segments.media, tmp_path / "out", make_request(segments.init, house))


def test_what_is_no_film_in_segments_is_refused(
    segments: Segments, film: Path, house: House, tmp_path: Path
) -> None:
    order, out, first = make_request(segments.init, house), tmp_path / "out", segments.media[0]
    signed = vendor(film, tmp_path / "signed.mp4", house)
    odd = tmp_path / "odd.m4s"
    odd.write_bytes(first.read_bytes() + b"123")
    for media, why in (
        ([], "no film in segments"),
        ([first, first], "of one name"),
        ([odd], "do not fill"),
        ([film], "no fragment"),
    ):
        with pytest.raises(ProvenanceError, match=why):
            sign_fragments(segments.init, media, out, order)
    with pytest.raises(ProvenanceError, match="already"):
        sign_fragments(signed, [first], out, order)
    assert not out.exists()


@pytest.mark.parametrize("number", [0, 23, 24, 255, 256, 49_999])
def test_a_segments_number_is_written_in_the_fewest_bytes(number: int) -> None:
    found = fragments._merkle_box(number)
    assert int.from_bytes(found[:4]) == len(found)
    told = found[found.index(b"hlocation") + 9 :]
    assert int.from_bytes(told if number < 24 else told[1:]) == number
    assert len(told) == (1 if number < 24 else 2 if number < 256 else 3)
    (only,) = read_layout(io.BytesIO(found)).boxes
    assert only.c2pa
