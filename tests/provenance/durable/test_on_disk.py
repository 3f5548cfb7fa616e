"""From a file to the registry and back: decoding, signing and recovering real files."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from post.cli.app import run
from post.errors import IncompleteError, OutputError, SourceError
from post.receipt import Receipt
from post.recovery import register as rooms
from post.recovery.mpeg7 import signatures
from post.recovery.register import RegistryOptions, bind_film, recover_film, register_film
from post.recovery.sample import sample_copy, sample_film
from post.takes.made.synthetic import ClipRecipe, make_clip
from post.takes.picture import PictureReader
from post.values.array import Array
from provenance import manifest
from provenance.claim.build import build_claim
from provenance.durable import fingerprint, iscc
from provenance.durable.fingerprint import (
    MAX_DISTANCE,
    SIDE,
    STEP_S,
    FilmSamples,
    compare,
    fingerprint_copy,
    fingerprint_film,
)
from provenance.durable.registry import read_registry
from provenance.durable.watermark_detect import DetectedWatermark
from provenance.formats.manifest_store import read_stores
from provenance.manifest import SignOptions, SignRequest, sign_film
from tests.provenance.durable.reels import answer, drifting, stripped, write
from tests.provenance.made import House, receipt


@pytest.fixture(scope="module")
def reel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("reel") / "film.mp4", drifting(1, 72))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, reel: Path, house: House) -> Path:
    """Returns a folder with the signed film in it, and a registry that has it."""
    folder = tmp_path_factory.mktemp("kept")
    sign(folder, reel, house)
    return folder


def sign(folder: Path, film: Path, house: House, coded: bool = True) -> Receipt:
    told = replace(receipt(film), frames=72, bindings=(("org.answerprint.mark.1", "0a0b0c0d", ""),))
    where, signed = RegistryOptions(folder / "registry", coded, "the job"), folder / "signed.mp4"
    signed.unlink(missing_ok=True)
    bound, seen = bind_film(film, told, where)
    manifest.sign(film, signed, build_claim(bound, film), [], house.signer, house.pem)
    assert seen
    register_film(signed, bound, seen, where)
    return bound


def apart(copy: FilmSamples, film: FilmSamples) -> int:
    return min(compare(look, fingerprint_film(film)).distance for look in fingerprint_copy(copy))


def test_a_film_is_sampled_every_fifth_of_a_second(reel: Path) -> None:
    seen = sample_film(reel)
    assert seen.pictures.shape == (15, SIDE, SIDE)
    assert (seen.step_s, seen.seconds) == (STEP_S, 3.0)
    assert seen.aspect == pytest.approx(256 / 144)
    wanted = [round(at * STEP_S * 24) for at in range(15)]
    truth = [luma for number, luma in enumerate(drifting(1, 72)) if number in wanted]
    blocks = np.stack(truth)[:, :, ::2]  # one sample a column of the small picture
    assert abs(seen.pictures.mean(axis=1) - blocks.mean(axis=1)).max() < 4


def test_only_the_needed_frames_are_read(reel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    real = PictureReader.frame

    def frame(self: object, number: int) -> av.VideoFrame:
        asked.append(number)
        return real(self, number)  # type: ignore[arg-type]  # a method, called as the function it is

    monkeypatch.setattr(PictureReader, "frame", frame)
    sample_film(reel)
    assert asked == [round(at * STEP_S * 24) for at in range(15)]


def test_a_long_film_is_sampled_at_longer_steps(tmp_path: Path) -> None:
    long = write(tmp_path / "long.mp4", drifting(2, 400, (64, 48)), rate=4)
    seen = sample_film(long)
    assert len(seen.pictures) <= fingerprint.MAX_SAMPLES
    assert seen.seconds == 100
    assert apart(seen, seen) == 0


@pytest.mark.parametrize("rate", [1, 8, 30])
def test_a_copy_at_another_frame_rate_is_the_same_film(tmp_path: Path, reel: Path, rate: int) -> None:
    every = list(drifting(1, 72))
    numbers = [min(71, round(at * 24 / rate)) for at in range(3 * rate)]
    copy = write(tmp_path / "copy.mp4", iter([every[number] for number in numbers]), rate=rate)
    assert apart(sample_film(copy), sample_film(reel)) <= MAX_DISTANCE / 2


def test_pixels_that_are_not_square_are_scaled_to_square(tmp_path: Path) -> None:
    narrow = write(tmp_path / "narrow.mp4", drifting(1, 24, (192, 144)), sar=Fraction(4, 3))
    copy = sample_copy(narrow)
    assert copy.samples.aspect == pytest.approx(16 / 9)
    assert copy.whole[0].shape == (144, 256)


@pytest.mark.parametrize(("rotation", "bright"), [(90, (0, 1)), (180, (1, 1)), (270, (1, 0))])
def test_a_turned_copy_is_looked_at_upright(tmp_path: Path, rotation: int, bright: tuple[int, int]) -> None:
    corner = np.full((96, 192, 3), 0.2, np.float32)
    corner[:48, :96] = 0.8
    recipe = ClipRecipe(width=192, height=96, frames=6, rotation=rotation)
    copy = sample_copy(make_clip(tmp_path / "turned.mp4", recipe, lambda _: corner))
    for seen in (copy.samples.pictures[0], copy.whole[0]):
        high, wide = seen.shape
        quarters = seen.reshape(2, high // 2, 2, wide // 2).mean(axis=(1, 3))
        assert np.unravel_index(quarters.argmax(), (2, 2)) == bright


def test_a_film_of_one_frame_has_one_sample(tmp_path: Path) -> None:
    still = write(tmp_path / "still.mp4", drifting(3, 1))
    assert len(sample_film(still).pictures) == 1
    assert fingerprint_film(sample_film(still)).has_content


def test_a_file_that_is_no_film_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("no film")
    with pytest.raises(SourceError):
        sample_film(tmp_path / "text.mp4")


def test_a_signature_has_380_values_of_three_for_each_picture(reel: Path) -> None:
    seen = sample_film(reel)
    found = signatures(seen.pictures, seen.step_s)
    assert {len(row) for row in found} == {380}
    assert {value for row in found for value in row} == {0, 1, 2}
    assert len(found) == len(seen.pictures)


def test_signatures_without_ffmpeg_are_an_error(reel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("post.recovery.mpeg7._binary", lambda: "/bin/false")
    with pytest.raises(IncompleteError, match="no ISCC"):
        signatures(sample_film(reel).pictures, STEP_S)


def test_a_manifest_states_the_soft_bindings_of_its_film(kept: Path) -> None:
    found = manifest.read(kept / "signed.mp4", "").manifests[0]["assertions"]
    stated = {
        data["alg"]: data["blocks"][0]["value"] for label, data in found.items() if "soft-binding" in label
    }
    assert set(stated) == {"org.answerprint.mark.1", fingerprint.ALGORITHM, iscc.ALGORITHM}
    look = fingerprint.decode(stated[fingerprint.ALGORITHM])
    assert look is not None
    assert compare(look, fingerprint_film(sample_film(kept / "signed.mp4"))).distance == 0


def test_the_registered_manifest_is_the_one_in_the_file(kept: Path) -> None:
    signed = kept / "signed.mp4"
    label = str(manifest.read(signed, "").manifests[0]["label"])
    with read_registry(kept / "registry") as registry:
        assert registry.find_manifest(label) == read_stores(signed, "video/mp4")[0]
        about = registry.film(1)
    assert about.sha256 == hashlib.sha256(signed.read_bytes()).hexdigest()
    assert (about.name, about.job, about.seconds) == ("main", "the job", 3.0)


def test_a_film_with_a_sidecar_is_registered_with_that_manifest(
    tmp_path: Path, reel: Path, house: House
) -> None:
    told, signed = replace(receipt(reel), frames=72), tmp_path / "film.mp4"
    where = RegistryOptions(tmp_path / "registry")
    bound, seen = bind_film(reel, told, where)
    order = SignRequest(build_claim(bound, reel), (), house.signer, house.pem)
    sign_film(reel, signed, order, SignOptions("sidecar"))
    assert seen
    register_film(signed, bound, seen, where)
    with read_registry(tmp_path / "registry") as registry:
        about = registry.film(1)
        assert registry.find_manifest(about.manifest_id) == signed.with_suffix(".c2pa").read_bytes()


def test_finishing_again_leaves_one_film_registered(tmp_path: Path, reel: Path, house: House) -> None:
    sign(tmp_path, reel, house, coded=False)
    sign(tmp_path, reel, house, coded=False)
    with read_registry(tmp_path / "registry") as registry:
        assert len(registry) == 1


def test_a_film_that_is_not_to_be_registered_is_not_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "look_at_film", lambda *_: pytest.fail("was looked at"))
    film = tmp_path / "never.mp4"
    film.write_bytes(b"no film")
    plain = receipt(film)
    assert bind_film(film, plain, None) == (plain, None)


def test_a_folder_that_cannot_be_written_is_an_error_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError):
        RegistryOptions(tmp_path / "file" / "registry").check()


@pytest.fixture
def nobodys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Returns the settings folder of a user without a watermark key."""
    monkeypatch.setenv("ANSWERPRINT_CONFIG", str(tmp_path / "config"))
    return tmp_path


def test_recover_writes_the_manifest_of_a_stripped_copy(
    kept: Path, nobodys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy, out = stripped(kept / "signed.mp4", nobodys / "copy.mp4"), nobodys / "found.c2pa"
    code, said = answer(capsys, "recover", copy, "--registry", kept / "registry", "-o", out, "--json")
    assert code == 0
    assert (said["how"], said["match"]) == ("picture", "differs")
    assert out.read_bytes() == read_stores(kept / "signed.mp4", "video/mp4")[0]
    assert "not verified" in str(said["means"])


def test_recover_recognises_the_bytes_that_were_signed(
    kept: Path, reel: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    registry = kept / "registry"
    matches = [
        answer(capsys, "recover", film, "--registry", registry, "--json")[1]["match"]
        for film in (kept / "signed.mp4", reel)
    ]
    assert matches == ["identical", "unsigned"]


def test_recover_says_whether_a_copy_carries_a_manifest_and_whether_it_holds(
    kept: Path, nobodys: Path
) -> None:
    signed, changed = kept / "signed.mp4", nobodys / "changed.mp4"
    # A box behind the last one, which the manifest's hash covers: the picture stays as it is.
    changed.write_bytes(signed.read_bytes() + (16).to_bytes(4) + b"skip" + bytes(8))
    copies = signed, changed, stripped(signed, nobodys / "copy.mp4")
    with read_registry(kept / "registry") as registry:
        found = [recover_film(each, registry, None).clues[0].said for each in copies]
    assert [said.partition(":")[0] for said in found] == [
        "it still carries a manifest that holds",
        "it still carries a manifest that does not hold for these bytes",
        "it carries no manifest (absent)",
    ]


def test_recover_exits_6_for_an_unknown_film_and_writes_nothing(
    kept: Path, nobodys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stranger, out = write(nobodys / "other.mp4", drifting(77, 48)), nobodys / "found.c2pa"
    code, said = answer(capsys, "recover", stranger, "--registry", kept / "registry", "-o", out, "--json")
    assert (code, said["found"], said["manifest"]) == (6, None, None)
    assert not out.exists()


def test_recover_finds_nothing_for_black(
    kept: Path, nobodys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    black = write(nobodys / "black.mp4", iter([np.full((144, 256), 16, np.uint8)] * 24))
    code, said = answer(capsys, "recover", black, "--registry", kept / "registry", "--json")
    assert (code, said["found"]) == (6, None)


@pytest.mark.parametrize(("file", "code"), [("absent.mp4", 3), ("text.mp4", 3)])
def test_recover_reports_a_file_that_cannot_be_read(kept: Path, nobodys: Path, file: str, code: int) -> None:
    (nobodys / "text.mp4").write_text("no film")
    assert run(["recover", str(nobodys / file), "--registry", str(kept / "registry")]) == code


def test_recover_without_a_registry_says_so(
    nobodys: Path, reel: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["recover", str(reel)]) == 3
    assert "is not a registry" in capsys.readouterr().err


def test_recover_never_writes_over_the_copy(kept: Path, nobodys: Path) -> None:
    copy = stripped(kept / "signed.mp4", nobodys / "copy.mp4")
    before = copy.read_bytes()
    assert run(["recover", str(copy), "--registry", str(kept / "registry"), "-o", str(copy)]) == 2
    assert copy.read_bytes() == before


def test_the_watermark_is_read_from_whole_frames_and_selects_its_film(kept: Path, nobodys: Path) -> None:
    given: list[Sequence[Array]] = []

    def reader(frames: Sequence[Array]) -> DetectedWatermark:
        given.append(frames)
        return DetectedWatermark(0x0A0B0C0D, 12.0, 3, 1.0)

    upside_down = write(nobodys / "turned.mp4", (luma[::-1, ::-1] for luma in drifting(1, 72)))
    with read_registry(kept / "registry") as registry:
        made = recover_film(upside_down, registry, reader)
    assert made.found is not None
    assert made.found.how == "mark"
    assert {frame.shape for frame in given[0]} == {(144, 256)}
    assert {frame.dtype for frame in given[0]} == {np.dtype(np.uint8)}


def test_the_watermark_key_is_never_shown(
    kept: Path, nobodys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from provenance.durable.watermark_key import read_or_make_key

    secret = read_or_make_key(nobodys / "config")
    copy = stripped(kept / "signed.mp4", nobodys / "copy.mp4")
    run(["recover", str(copy), "--registry", str(kept / "registry")])
    said = capsys.readouterr()
    assert secret.hex() not in said.out + said.err
    assert repr(secret) not in said.out + said.err
    assert secret not in (kept / "registry" / "registry.sqlite3").read_bytes()
