"""Every caption file of the shared suites and media is read as its suite expects, or refused with its line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from post.captions.model import ENDLESS, CaptionTrack
from post.captions.read import read_captions
from post.captions.webvtt.file import parse_webvtt
from post.errors import AnswerprintError, Problems
from tests.captions.suites import suite

# Captions that are pictures: the image profile of IMSC.
PICTURES = {"altText1", "aspectRatio3", "displayAspectRatio003", "displayAspectRatio004"}
# What changes there is a style that the model does not hold, and `lost` says so.
UNHELD = {"Animation014": "tts:textOutline", "Animation016": "tts:wrapOption: noWrap"}


def read(path: Path) -> CaptionTrack | AnswerprintError:
    try:
        return read_captions(path)
    except AnswerprintError as fault:
        return fault


def places(fault: AnswerprintError) -> list[str]:
    return [each.where for each in fault.faults] if isinstance(fault, Problems) else [fault.where]


def changes(folder: Path) -> tuple[set[float], set[float]]:
    """Returns the seconds at which the suite's pictures change, and those at which it has one."""
    pictures = sorted(folder.glob("*.png"), key=lambda each: float(each.stem))
    frames = [Image.open(each).convert("RGB") for each in pictures]
    times = [round(float(each.stem), 6) for each in pictures]
    changed = {
        time
        for time, before, now in zip(times[1:], frames, frames[1:], strict=False)
        if ImageChops.difference(before, now).getbbox()
    }
    return changed, set(times)


def pictures_of(path: Path) -> Path | None:
    version = next(each for each in path.parents if each.name.startswith("imsc1"))
    found = [each for each in (version / "png").iterdir() if each.name.lower() == path.stem.lower()]
    return found[0] if found else None


def test_imsc_changes_when_its_pictures_do() -> None:
    counts, wrong = Counter[str](), []
    for path in sorted(suite("imsc").rglob("ttml/**/*.ttml")):
        found = read(path)
        if isinstance(found, AnswerprintError):
            assert path.stem in PICTURES, found
            assert all(place.split(":")[1].isdigit() for place in places(found))
            counts["refused: a picture"] += 1
            continue
        folder = pictures_of(path)
        if folder is None or len(list(folder.iterdir())) < 2:
            counts["read, no pictures to compare"] += 1
            continue
        changed, shown = changes(folder)
        ours = {
            round(float(t), 6) for c in found.captions for t in (c.start, c.stop) if t not in (0, ENDLESS)
        }
        if changed <= ours <= shown:
            counts["changes as the pictures do"] += 1
        elif path.stem in UNHELD:
            assert f"{path.name}: {UNHELD[path.stem]}" in found.lost
            counts["changes a style that is told as lost"] += 1
        else:
            wrong.append((path.name, sorted(changed), sorted(ours)))
    print("\nimsc:", dict(counts))
    assert wrong == []
    assert sum(counts.values()) == 158


# What ttconv's own tests say of each file: the text, its start and its colours.
STL = {
    "0061-001": ("Test Subtitle", 0, "#ffffff", "#000000"),
    "0071-002": ("Test1 Test2", 0, "#ffffff", "#000000"),
    "0076-001": (" BlackOnBlack", 0, "#000000", "#000000"),
    "0076-005": (" YellowOnBlack", 0, "#ffff00", "#000000"),
    "0077-001": ("^ !", 0, "#ffffff", "#000000"),
    "0087-001": ("Test TextTest TextTest Text", 0, "#ffffff", "#000000"),
    "0090-002": ("AlphaBlue on AlphaGreen", 0, "#0000ff", "#00ff00"),
    "0090-003": ("AlphaCyan on AlphaGreen", 0, "#00ffff", "#00ff00"),
    "0090-004": ("AlphaGreen on AlphaGreen", 0, "#00ff00", "#00ff00"),
    "0090-005": ("AlphaWhite on AlphaGreen", 0, "#ff00ff", "#00ff00"),
    "0091-005": ("AlphaBlack on AlphaMagenta", 0, "#000000", "#ff00ff"),
    "0091-007": ("AlphaBlack on AlphaWhite", 0, "#000000", "#ffffff"),
    "0091-009": ("AlphaBlack on AlphaGreen", 0, "#000000", "#00ff00"),
}
NO_TIME = {"0061-004_modified", "0062-001"}  # they end with the frame in which they begin


def test_every_stl_file_of_the_suite_is_read_or_refused_by_its_block() -> None:
    folder = suite("ttconv/src/test/resources/stl/irt")
    names = {each.stem.removeprefix("requirement-") for each in folder.glob("*.stl")}
    assert names == set(STL) | NO_TIME
    for name in NO_TIME:
        with pytest.raises(Problems) as caught:
            read_captions(folder / f"requirement-{name}.stl")
        assert [each.where for each in caught.value.faults] == [f"requirement-{name}.stl:1"]
    for name, (text, start, colour, background) in STL.items():
        (caption,) = read_captions(folder / f"requirement-{name}.stl").captions
        run = next(each for each in caption.runs if each.text.startswith(text))
        assert (float(caption.start), run.colour or "#ffffff", run.background) == (
            start,
            colour,
            background,
        ), name


def spans(path: Path) -> list[tuple[float, float, str]]:
    return [(float(c.start), float(c.stop), c.text.strip("\n")) for c in read_captions(path).captions]


def test_cumulative_and_overlapping_stl() -> None:
    folder = suite("ttconv/src/test/resources/stl/sandflow")
    assert spans(folder / "cumulative_set.stl") == [
        (0.04, 1, "Not part of cumulative set."),
        (2, 3, "1"),
        (3, 4, "1\n2"),
        (4, 5, "1\n2\n3"),
        (5, 7, "1\n2\n3\n4"),
    ]
    overlapping = read_captions(folder / "overlapping_tti.stl")
    assert [(float(c.start), float(c.stop)) for c in overlapping.captions] == [(1, 5), (5, 7)]
    assert len(overlapping.lost) == 1
    (lines,) = read_captions(folder / "vp18_3_lines.stl").captions
    assert lines.text == "This\nis\nrow 18"


def test_rolled_up_scc() -> None:
    track = read_captions(suite("ttconv/src/test/resources/scc/mix-rows-roll-up.scc"))
    assert len(track.captions) == 16
    assert track.captions[-1].stop == ENDLESS
    assert all(
        before.stop <= after.start for before, after in zip(track.captions, track.captions[1:], strict=False)
    )


def test_ttconv_s_webvtt_and_srt_are_read_or_refused_with_their_line() -> None:
    root, counts = suite("ttconv/src/test/resources"), Counter[str]()
    for path in sorted([*root.rglob("*.vtt"), *root.rglob("*.srt")]):
        found = read(path)
        if isinstance(found, AnswerprintError):
            assert all(place.rpartition(":")[2].isdigit() for place in places(found)), found
            counts[f"{path.parent.name}: refused"] += 1
        else:
            counts[f"{path.parent.name}: read"] += 1
        if path.suffix == ".vtt" and path.parent.name != "invalid":
            cues = parse_webvtt(path.read_bytes().decode("utf-8-sig"), path.name).cues
            lenient = read_captions(path, lenient=True)
            assert len(lenient.captions) == sum(cue.start < cue.stop for cue in cues)
    print("\nttconv:", dict(counts))
    assert counts["rendering: refused"] == 0
    assert counts["valid: refused"] == 0
    assert counts["srt: refused"] == 0
    assert counts["invalid: refused"] == 1


MEDIA = {
    "gb2312.srt": ["gb2312.srt:3"],
    "invalid_timeframe.vtt": ["invalid_timeframe.vtt:6"],
    "missing_timeframe.srt": ["missing_timeframe.srt:5"],
    "sample.srt": 5,
    "sample.vtt": 16,
    "regions.vtt": 2,
    "styles_colours.vtt": 6,
    "ttml_example.ass": 11,
}


@pytest.mark.parametrize("name", MEDIA)
def test_every_caption_file_of_the_media_is_read_or_refused(name: str, media: Callable[[str], Path]) -> None:
    found = read(media(f"subtitles/{name}"))
    got = places(found) if isinstance(found, AnswerprintError) else len(found.captions)
    assert got == MEDIA[name]


def test_a_named_encoding_reads_what_was_refused(media: Callable[[str], Path]) -> None:
    track = read_captions(media("subtitles/gb2312.srt"), encoding="gb2312")
    assert [caption.text[:6] for caption in track.captions] == ["宇宙守护神 ", "他能徒手抓住", "轻轻一跳就能"]
