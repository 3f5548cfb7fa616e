"""The table of formats: each is known by its suffix or its root, and what is no timeline is refused by name."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from post.errors import JobError, OutputError, SourceError
from post.handoff.exchange.formats import FORMATS, ReadAsked, find_writer, format_of, read_any, refuse_version
from post.handoff.otio.bundle import CONTENT, bundled_takes, read_content, unpack_media
from post.handoff.otio.read import timeline_of_otio
from post.handoff.timeline import Timeline
from tests.handoff.made import planned, write_job


def write(name: str, timeline: Timeline, path: Path) -> None:
    writer = find_writer(name).write
    assert writer is not None
    writer(timeline, path, "")


@pytest.mark.parametrize(
    ("name", "head", "said"),
    [
        ("a.kdenlive", b"<mlt>", "a project, not a timeline; Kdenlive: Project > OpenTimelineIO Export"),
        ("a.xml", b"<?xml version='1.0'?><mlt/>", "an MLT project"),
        ("a.mlt", b"", "export an EDL"),
        ("a.mov", b"", "not a timeline that is read here; expected .otio .otioz .edl"),
    ],
)
def test_what_is_no_timeline_is_refused_with_what_to_export(
    tmp_path: Path, name: str, head: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(head)
    with pytest.raises(SourceError, match=said):
        format_of(tmp_path / name)


def test_a_shared_kdenlive_project_is_refused(media: Callable[[str], Path]) -> None:
    with pytest.raises(SourceError, match="a project, not a timeline"):
        read_any(media("timelines/kdenlive_example.kdenlive"), ReadAsked())


def test_xml_is_known_by_its_root(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text("<?xml version='1.0'?><xmeml version='5'/>")
    assert format_of(path).name == "fcp7xml"
    path.write_text("<?xml version='1.0'?><fcpxml version='1.11'/>")
    assert format_of(path).name == "fcpxml"


def test_formats_and_versions_are_asked_for_by_name() -> None:
    assert {each.name for each in FORMATS} >= {
        "otio",
        "otioz",
        "edl",
        "fcpxml",
        "fcpxml-resolve",
        "fcp7xml",
        "aaf",
    }
    with pytest.raises(JobError, match="unknown format.*did you mean 'otio'"):
        find_writer("otoi")
    with pytest.raises(JobError, match="unknown format"):
        find_writer("aaf")
    with pytest.raises(JobError, match="this format has no versions"):
        refuse_version("edl", "1.9")


def test_a_bundle_carries_its_media_and_is_the_same_every_time(tmp_path: Path) -> None:
    timeline = planned(write_job(tmp_path / "in"))
    for name in ("one.otioz", "two.otioz"):
        write("otioz", timeline, tmp_path / name)
    assert (tmp_path / "one.otioz").read_bytes() == (tmp_path / "two.otioz").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.otioz") as bundle:
        assert bundle.namelist() == ["content.otio", "version.txt", "media/dog.mp4", "media/ship.mp4"]
        assert bundle.read("media/dog.mp4") == b"dog"
        assert {info.compress_type for info in bundle.infolist()} == {zipfile.ZIP_STORED}
    back, refused = timeline_of_otio(read_content(tmp_path / "one.otioz"), "one.otioz")
    assert refused == ()
    assert [clip.media.path for clip in back.clips] == [
        "media/dog.mp4", "media/ship.mp4", "", "media/dog.mp4", "media/ship.mp4",
    ]  # fmt: skip
    assert [clip.record for clip in back.clips] == [clip.record for clip in timeline.clips]


def test_a_bundle_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    timeline = planned(write_job(tmp_path / "in"))
    (tmp_path / "in/dog.mp4").unlink()
    with pytest.raises(JobError, match=r"media that cannot be bundled.*dog\.mp4"):
        write("otioz", timeline, tmp_path / "out/cut.otioz")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("member", "said"),
    [
        ("media/../../evil.mp4", "would lie elsewhere"),
        ("media//etc/evil.mp4", "would lie elsewhere"),
        ("media/a\\..\\evil.mp4", "would lie elsewhere"),
        ("media/.hidden.mp4", "would lie elsewhere"),
        ("media/C:evil.mp4", "would lie elsewhere"),
        ("media/link.mp4", "not a regular file"),
        ("media/packed.mp4", "media that is packed"),
    ],
)
def test_a_hostile_bundle_writes_nothing(tmp_path: Path, member: str, said: str) -> None:
    path = tmp_path / "evil.otioz"
    info = zipfile.ZipInfo(member)
    info.external_attr = (0o120777 if "link" in member else 0o100644) << 16
    packed = zipfile.ZIP_DEFLATED if "packed" in member else zipfile.ZIP_STORED
    with zipfile.ZipFile(path, "w") as bundle:
        bundle.writestr(zipfile.ZipInfo("media/good.mp4"), b"good")
        bundle.writestr(info, b"x" * 1000, packed)
    with pytest.raises(SourceError, match=said):
        list(unpack_media(path, tmp_path / "media"))
    assert [each.name for each in tmp_path.iterdir()] == ["evil.otioz"]


def test_what_is_no_bundle_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.otioz"
    path.write_bytes(b"PK\x03\x04 no")
    with pytest.raises(SourceError, match="not an OTIO bundle"):
        read_content(path)
    with zipfile.ZipFile(path, "w") as bundle:
        bundle.writestr("other.otio", "{}")
    with pytest.raises(SourceError, match=f"expected a file {CONTENT} in it"):
        read_content(path)


def test_unpacked_media_go_again_where_the_job_cannot_be_made(tmp_path: Path) -> None:
    write("otioz", planned(write_job(tmp_path / "in")), tmp_path / "cut.otioz")
    with pytest.raises(RuntimeError), bundled_takes(tmp_path / "cut.otioz", None, tmp_path / "out/media"):
        assert (tmp_path / "out/media/dog.mp4").read_bytes() == b"dog"
        raise RuntimeError
    assert not (tmp_path / "out/media").exists()
    (tmp_path / "out/media").mkdir(parents=True)
    (tmp_path / "out/media/dog.mp4").write_bytes(b"another dog")
    with pytest.raises(OutputError, match="there is a file already|cannot"):
        list(unpack_media(tmp_path / "cut.otioz", tmp_path / "out/media"))
    assert (tmp_path / "out/media/dog.mp4").read_bytes() == b"another dog"
    # Of the same size, and yet another file: it is not taken for the bundle's.
    (tmp_path / "out/media/dog.mp4").write_bytes(b"cat")
    with pytest.raises(OutputError, match="there is a file already|cannot"):
        list(unpack_media(tmp_path / "cut.otioz", tmp_path / "out/media"))


@pytest.mark.parametrize("fault", ["broken", "locked"])
def test_a_bundle_whose_last_member_cannot_be_read_leaves_nothing(tmp_path: Path, fault: str) -> None:
    path = tmp_path / "cut.otioz"
    with zipfile.ZipFile(path, "w") as bundle:
        bundle.writestr("media/a.mp4", b"first")
        bundle.writestr("media/b.mp4", b"second")
    data = bytearray(path.read_bytes())
    if fault == "broken":
        data[data.index(b"second")] ^= 1
    else:  # the flag of a password, in the member's head and in the directory
        data[data.index(b"media/b.mp4") - 30 + 6] |= 1
        data[data.rindex(b"media/b.mp4") - 46 + 8] |= 1
    path.write_bytes(data)
    with (
        pytest.raises(SourceError, match="media/b.mp4: cannot be read"),
        bundled_takes(path, None, tmp_path / "new/media"),
    ):
        pass
    assert [each.name for each in tmp_path.iterdir()] == ["cut.otioz"]
