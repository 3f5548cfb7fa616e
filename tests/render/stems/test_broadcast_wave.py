"""The head of a Broadcast Wave file, read back by hand as EBU Tech 3285 and 3306 lay it out, and by FFmpeg."""

from __future__ import annotations

import struct
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import av
import numpy as np
import pytest

from post.render.sound.stems.broadcast_wave import WaveText, wave_head
from post.sound import Loudness

RATE = 48000
TEXT = WaveText(
    track="music",
    description="stem music, before master gain and limiter",
    originator="Answerprint 9",
    reference="a" * 32,
    project="Gr<ü>n & rot",
    rate=Fraction(24000, 1001),
    start=5_000_000_000,
)
HEARD = Loudness(-23.456, -20.0, None, 5.25, -1.5)


def chunks(head: bytes, data_size: int) -> dict[str, bytes]:
    """Returns the chunks of a head by name; of `data` only its size."""
    found, at = {}, 12
    while at < len(head):
        name, size = struct.unpack_from("<4sI", head, at)
        if name == b"data":
            found["data"] = struct.pack("<I", size)
            break
        found[name.decode()] = head[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    assert struct.unpack_from("<I", head, 4)[0] in (len(head) - 8 + data_size, 0xFFFFFFFF)
    return found


def test_bext_tells_the_texts_the_start_and_the_loudness() -> None:
    bext = chunks(wave_head(TEXT, (1000, 2, RATE), HEARD), 6000)["bext"]
    fields = struct.unpack("<256s32s32s10s8sQH64s5h", bext[:422])
    texts = [each.rstrip(b"\0").decode() for each in fields[:5]]
    assert texts == [TEXT.description, "Answerprint 9", "a" * 32, "1970-01-01", "00:00:00"]
    assert fields[5:7] == (5_000_000_000, 2)
    loudness, span, peak, momentary, short_term = fields[8:]
    assert (loudness, span, peak, momentary) == (-2346, 525, -150, -2000)
    assert short_term == 0x7FFF  # not measurable: the field is unused
    assert bext[602:] == b"A=PCM,F=48000,W=24,M=stereo,T=Answerprint 9\r\n"


def test_a_text_that_is_too_long_is_cut_and_no_field_moves() -> None:
    long = WaveText("x", "d" * 400, "o" * 40, "r" * 40, "p", Fraction(25))
    bext = chunks(wave_head(long, (10, 1, RATE), HEARD), 30)["bext"]
    assert bext[:256] == b"d" * 256
    assert bext[256:288] == b"o" * 32
    assert bext[320:330] == b"1970-01-01"


@pytest.mark.parametrize(
    ("channels", "names"),
    [
        (1, ["music"]),
        (2, ["music L", "music R"]),
        (6, [f"music {s}" for s in ("L", "R", "C", "LFE", "Ls", "Rs")]),
    ],
)
def test_ixml_names_every_track(channels: int, names: list[str]) -> None:
    root = ElementTree.fromstring(chunks(wave_head(TEXT, (10, channels, RATE), HEARD), 30 * channels)["iXML"])
    assert [each.text for each in root.iter("NAME")] == names
    assert root.findtext("PROJECT") == "Gr<ü>n & rot"
    assert root.findtext("SPEED/TIMECODE_RATE") == "24000/1001"
    high, low = (
        int(root.findtext(f"SPEED/TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_{part}") or 0) for part in ("HI", "LO")
    )
    assert (high << 32) + low == TEXT.start


@pytest.mark.parametrize(("channels", "layout"), [(1, "1 channels"), (2, "2 channels"), (6, "5.1")])
def test_ffmpeg_reads_its_layout_and_its_samples(tmp_path: Path, channels: int, layout: str) -> None:
    whole = np.arange(-60, 60, dtype="<i4").reshape(-1, channels) * 65536
    packed = whole.view(np.uint8).reshape(-1, 4)[:, :3].tobytes()
    path = tmp_path / "stem.wav"
    path.write_bytes(wave_head(TEXT, (len(whole), channels, RATE), HEARD) + packed)
    with av.open(path) as container:
        stream = container.streams.audio[0]
        assert (stream.codec_context.name, stream.rate, stream.layout.name) == ("pcm_s24le", RATE, layout)
        read = np.concatenate([frame.to_ndarray() for frame in container.decode(stream)], axis=1)
        assert container.metadata["time_reference"] == str(TEXT.start)
    assert np.array_equal(read.reshape(-1, channels) >> 8, whole)


def test_a_file_over_4_gib_is_rf64_with_its_sizes_in_64_bits() -> None:
    length = 1 << 30
    head = wave_head(TEXT, (length, 2, RATE), HEARD)
    found = chunks(head, 0)
    assert head[:4] == b"RF64"
    assert found["data"] == b"\xff" * 4
    riff, data, samples, _ = struct.unpack("<QQQI", found["ds64"])
    assert (data, samples, riff) == (6 * length, length, len(head) - 8 + 6 * length)
    assert wave_head(TEXT, (length // 2, 2, RATE), HEARD)[:4] == b"RIFF"


def test_another_number_of_channels_is_a_bug() -> None:
    with pytest.raises(ValueError, match="4 channels"):
        wave_head(TEXT, (10, 4, RATE), HEARD)
