"""Files that would fill the memory or take minutes are refused at once: one error, little work, little memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest

from post.takes.made.synthetic import ClipRecipe, make_clip
from tests.flow.warm_commands import measured
from tests.flow_job import JOB, make_clips
from tests.made import fonts
from tests.made.hostile import (
    bmff_field,
    declaring_frames,
    jpeg_of,
    png,
    png_with_bomb,
    sparse,
    tiff_of_strips,
    wav,
    with_tracks,
)

Make = Callable[[Path], object]
MOST_MB, MOST_CALLS = 300, 30_000_000  # most of them call 300,000 functions, and one 21 million
GB = 1 << 30
FOUR_HOURS = 1_400_000_000  # bytes of mono at 48 kHz: as many samples as two hours of stereo, and a few more
DUSK = "{take: dusk, length: 1s}"
MATCH = (DUSK, "{take: dusk, length: 1s, match: {file: it.png}}")
LOGO = ("deliver:", "bug: {file: it.png}\ndeliver:")
VECTOR = ("deliver:", "brand: [{file: it.svg}]\ndeliver:")
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50">{}</svg>'
LAUGHS = b'<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + SVG.format("").encode()
LUT = (DUSK, "{take: dusk, length: 1s, look: {lut: it.cube}}")
FONT = ("text: Salt", "text: Salt, weight: 0, font: it.ttf")
MUSIC = ("deliver:", "sound: {music: [{file: it.wav}]}\ndeliver:")
TAKE = ("dusk: dusk.mp4", "dusk: it.mp4")


@dataclass(frozen=True, slots=True)
class Row:
    """edit: of the small job; name, make: the file that is made; code, says: the answer of `plan`."""

    about: str
    edit: tuple[str, str]
    name: str
    make: bytes | Make
    code: int
    says: str


def job(about: str, old: str, new: str, says: str) -> Row:
    return Row(about, (old, new), "unused", b"", 2, says)


def changed(change: Callable[[bytes], bytes]) -> Make:
    return lambda path: path.write_bytes(change(path.with_name("dusk.mp4").read_bytes()))


def _take(about: str, change: Callable[[bytes], bytes], says: str) -> Row:
    return Row(about, TAKE, "it.mp4", changed(change), 3, says)


def _wide(path: Path) -> None:
    """Sets width and height in the sample entry (ISO/IEC 14496-12, 12.1.3)."""
    make_clip(path, ClipRecipe("dusk", 64, 48, Fraction(24), 30, codec="rawvideo", b_frames=0))
    path.write_bytes(bmff_field(path.read_bytes(), b"stsd", 40, b"\x2e\xe0\x2e\xe0"))


UNKNOWN = "\n".join(f"k{n}: 1" for n in range(2_000))
REPEATED = "- {take: dusk}\n  "
JOBS = (
    job("a time of 5,000 digits", "length: 1s", f"length: {'9' * 5000}s", "cut[0].length: out of range"),
    job("a time of many decimals", "length: 1s", f"length: 0.{'3' * 4000}s", "cut[0].length: out of range"),
    job("a film of three years", "length: 1s", "length: 100000000s", "expected a time of up to 24 hours"),
    job("a speed of 10^99999999", DUSK, '{take: dusk, speed: "1e99999999"}', "not a speed key"),
    job("a speed key at 10^99999999", DUSK, '{take: dusk, speed: "0s:1,1e99999999:2"}', "not a speed key"),
    job("a clock of 10^99999999", "clock: 24", "clock: 1e99999999", "clock: not a frame rate"),
    job("a ramp of 1,000 keys", DUSK, f'{{take: dusk, speed: "{",".join(f"{n}f:1" for n in range(1000))}"}}',
        "too many speed keys; expected up to 200, got 1000"),
    job("a lone surrogate", "title: Small", 'title: "a\\ud800"', "got U+D800"),
    job("a NUL in a path", "dusk.mp4", '"a\\0.mp4"', "got U+0000"),
    job("a house of 300 letters", "house: daylight", f"house: {'h' * 300}", "unknown house preset"),
    job("a text of a million letters", "title: Small", f"title: {'a' * 1_000_000}", "too long"),
    job("a title of 10,000 letters", "text: Salt", f"text: {'Salt ' * 2000}", "titles[0].text: too long"),
    job("2,000 unknown keys", "title: Small", f"title: Small\n{UNKNOWN}", "reading stopped here; got 100 faults"),
    job("70,000 values", "title: Small", f"title: [{'1,' * 70_000}]", "too many values"),
    job("3,000 shots", "cut:\n  ", f"cut:\n  {REPEATED * 3000}", "cut: too many; expected up to 2000, got 3003"),
    job("a series of 1,000 numbers", DUSK, f"{{take: dusk, repair: {{degrain: {{sigma: [{'1,' * 1000}]}}}}}}",
        "too many numbers"),
    job("10,000 levels", "title: Small", f"title: {'[' * 10_000}", "nested too deeply"),
)  # fmt: skip
FILES = (
    Row("a still that is PostScript", MATCH, "it.png", b"%!PS-Adobe-3.0 EPSF-3.0\n", 3, "cannot be read as a still"),
    Row("a still of 88 million pixels a side", MATCH, "it.png", png(88_000_000, 1), 3, "88000000x1 pixels"),
    Row("a still of 3 GB", MATCH, "it.png", lambda path: sparse(path, 3 * GB, png(16, 16)), 2, "is too large"),
    Row("a text of 200 MB in a PNG", MATCH, "it.png", lambda p: p.write_bytes(png_with_bomb(b"zTXt")), 3,
        "cannot be read as a still"),
    Row("a profile of 200 MB in a PNG", MATCH, "it.png", lambda p: p.write_bytes(png_with_bomb(b"iCCP")), 3,
        "cannot be read as a still"),
    Row("a PNG of 300,000 chunks", MATCH, "it.png", png(16, 16, bytes(12) * 300_000), 3, "more than 50000 chunks"),
    Row("a TIFF of a million strips", MATCH, "it.png", tiff_of_strips(1_000_000), 3, "declares 1000000 numbers"),
    Row("a JPEG of 65,535 pixels a side", MATCH, "it.png", jpeg_of(65535, 65535), 3, "larger than"),
    Row("a logo of 88 megapixels", LOGO, "it.png", png(9400, 9400), 3, "9400x9400 pixels, of at most 16384 a side"),
    Row("an SVG that laughs", VECTOR, "it.svg", LAUGHS, 3, "it.svg:1: declares an entity that is no short text"),
    Row("a table of 3 GB", LUT, "it.cube", lambda path: sparse(path, 3 * GB), 2, "is too large"),
    Row("a table of 90 MB of zeros", LUT, "it.cube", lambda path: sparse(path, 90 << 20), 2, "more than 65536 bytes"),
    Row("a table of 9 million lines", LUT, "it.cube", b"\n" * 9_000_000, 2, "more than 2500000 lines"),
    Row("a table of 99,999 nodes a side", LUT, "it.cube", b"LUT_3D_SIZE 99999\n0 0 0\n", 2, "look-up table"),
    Row("a table of 10^9 entries", LUT, "it.cube", b"LUT_1D_SIZE 1000000000\n0 0 0\n", 2, "look-up table"),
    Row("a table that is a picture", LUT, "it.cube", b"\x89PNG", 2, "unknown format"),
    Row("a font of 500 MB", FONT, "it.ttf", lambda path: sparse(path, 500 << 20), 2, "is too large"),
    Row("a font cut in half", FONT, "it.ttf", fonts.crowded(100)[:900], 2, "a font that is cut short"),
    Row("a collection of 10,000 fonts", FONT, "it.ttf", b"ttcf\0\1\0\0\0\0\x27\x10" + bytes(99), 2, "10000 fonts"),
    Row("a web font", FONT, "it.ttf", b"wOF2" + bytes(99), 2, "a web font, which is compressed"),
    Row("a font of 1,000 axes", FONT, "it.ttf", fonts.font([b""], axes=1000), 2, "1000 axes"),
    _take("frames a week apart", lambda d: bmff_field(d, b"stts", 12, b"\x7f\xff\xff\xff"), "time stamps that make no"),
    _take("ten million frames", lambda d: declaring_frames(d, 10**7), "has too many frames; expected up to 1000000"),
    _take("1,000 tracks", lambda d: with_tracks(d, 1000), "has too many tracks; expected up to 128, got 129"),
    Row("music at 1 Hz", MUSIC, "it.wav", wav(1, 1), 3, "impossible sample rate; expected 1000 to 768000 Hz, got 1 Hz"),
    Row("music of 96 channels", MUSIC, "it.wav", wav(96, 48_000), 3, "too many channels; expected up to 64, got 96"),
    Row("music of over four hours", MUSIC, "it.wav", lambda p: sparse(p, FOUR_HOURS, wav(1, 48_000, FOUR_HOURS)), 3,
        "has too much sound"),
    Row("a clip of 12,000 pixels a side", ("dusk.mp4", "it.mov"), "it.mov", _wide, 3, "more pixels than any codec"),
)  # fmt: skip
ROWS = (*JOBS, *FILES)


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clips")
    make_clips(folder)
    return folder


@pytest.mark.parametrize("row", ROWS, ids=[row.about for row in ROWS])
def test_a_hostile_file_gives_one_error_at_once(row: Row, clips: Path, tmp_path: Path) -> None:
    for clip in clips.iterdir():
        (tmp_path / clip.name).hardlink_to(clip)
    path = tmp_path / row.name
    if isinstance(row.make, bytes):
        path.write_bytes(row.make)
    else:
        row.make(path)
    assert row.edit[0] in JOB
    (tmp_path / "small.yaml").write_text(JOB.replace(*row.edit, 1))
    done = measured(tmp_path, "plan", "small.yaml", most_calls=MOST_CALLS)
    lines = done.said.splitlines()
    assert done.code == row.code, lines
    assert row.says in lines[-1]
    assert len(lines) in (1, 101)  # of several faults, the first hundred
    assert done.most_mb < MOST_MB
