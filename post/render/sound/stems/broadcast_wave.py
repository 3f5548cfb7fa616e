"""Makes the head of a Broadcast Wave file: PCM of 24 bits, with what EBU Tech 3285 and iXML tell of it.

RIFF or RF64, WAVE        RF64 (EBU Tech 3306) where the file would be larger than RIFF can count
ds64                      sizes in 64 bits, of RF64 alone
bext                      EBU Tech 3285, version 2, with loudness
iXML                      the names of its tracks
fmt , data                the samples follow
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from fractions import Fraction
from xml.sax.saxutils import escape

from post.sound import Loudness

BYTES = 3  # of a sample
LARGEST_RIFF = (1 << 32) - 1
PCM, EXTENSIBLE = 1, 0xFFFE
# Of WAVE_FORMAT_EXTENSIBLE: which loudspeakers the channels are for, and that they hold PCM.
MASKS = {1: 0x4, 2: 0x3, 6: 0x3F}
PCM_GUID = struct.pack("<HHI", PCM, 0, 0x00100000) + bytes((0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71))
NAMES = {1: ("",), 2: (" L", " R"), 6: (" L", " R", " C", " LFE", " Ls", " Rs")}
MODES = {1: "mono", 2: "stereo", 6: "multitrack"}
UNMEASURED = 0x7FFF  # of a loudness field of bext that is not used
# A fixed date: the same film gives the same bytes. The receipt beside it says when it was made.
DATE, TIME = "1970-01-01", "00:00:00"


@dataclass(frozen=True, slots=True)
class WaveText:
    """What a Broadcast Wave file says of itself.

    track: a name for its tracks; description: at most 256 bytes are kept; reference: of its originator, at most 32;
    project: the film; rate: frames a second of its picture; start: of the film, in samples since midnight.
    """

    track: str
    description: str
    originator: str
    reference: str
    project: str
    rate: Fraction
    start: int = 0


def wave_head(text: WaveText, form: tuple[int, int, int], loudness: Loudness) -> bytes:
    """Returns everything of a Broadcast Wave file before its samples.

    form: how many samples, channels and samples a second it has; loudness: of its sound. An even number of bytes of
    samples needs nothing behind it; after an odd one follows a zero.
    Raises ValueError for a number of channels other than 1, 2 and 6.
    """
    length, channels, rate_hz = form
    if channels not in MASKS:
        raise ValueError(f"no Broadcast Wave file of {channels} channels")
    size = length * channels * BYTES
    chunks = b"".join(
        (
            _chunk(b"bext", _bext(text, channels, rate_hz, loudness)),
            _chunk(b"iXML", _ixml(text, channels, rate_hz).encode()),
            _chunk(b"fmt ", _fmt(channels, rate_hz)),
        )
    )
    inside = 4 + len(chunks) + 8 + size + size % 2
    if inside <= LARGEST_RIFF:
        return struct.pack("<4sI4s", b"RIFF", inside, b"WAVE") + chunks + struct.pack("<4sI", b"data", size)
    ds64 = _chunk(b"ds64", struct.pack("<QQQI", inside + 36, size, length, 0))
    head = struct.pack("<4sI4s", b"RF64", LARGEST_RIFF, b"WAVE")
    return head + ds64 + chunks + struct.pack("<4sI", b"data", LARGEST_RIFF)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack("<4sI", name, len(body)) + body + b"\0" * (len(body) % 2)


def _fmt(channels: int, rate_hz: int) -> bytes:
    frame = channels * BYTES
    plain = struct.pack(
        "<HHIIHH", EXTENSIBLE if channels > 2 else PCM, channels, rate_hz, rate_hz * frame, frame, 8 * BYTES
    )
    if channels <= 2:
        return plain
    return plain + struct.pack("<HHI", 22, 8 * BYTES, MASKS[channels]) + PCM_GUID


def _bext(text: WaveText, channels: int, rate_hz: int, loudness: Loudness) -> bytes:
    """Returns the chunk of EBU Tech 3285, version 2. Its texts are ASCII, with ? for what is not."""
    history = f"A=PCM,F={rate_hz},W={8 * BYTES},M={MODES[channels]},T={_ascii(text.originator)}\r\n"
    levels = (
        loudness.integrated_lufs, loudness.range_lu, loudness.true_peak_dbtp, loudness.max_momentary_lufs,
        loudness.max_short_term_lufs,
    )  # fmt: skip
    return (
        struct.pack(
            "<256s32s32s10s8sQH64s5h",
            _ascii(text.description).encode(),
            _ascii(text.originator).encode()[:32],
            _ascii(text.reference).encode()[:32],
            DATE.encode(),
            TIME.encode(),
            text.start,
            2,
            b"",
            *(UNMEASURED if level is None else _hundredths(level) for level in levels),
        )
        + bytes(180)
        + history.encode()
    )


def _hundredths(level: float) -> int:
    """Returns a level as bext holds it: hundredths, from -99.99 to 99.99 (EBU Tech 3285, 2.3)."""
    return max(-9999, min(9999, round(level * 100)))


def _ascii(text: str) -> str:
    return text.encode("ascii", "replace").decode()


def _ixml(text: WaveText, channels: int, rate_hz: int) -> str:
    """Returns the chunk of iXML 2.10."""
    tracks = "".join(
        f"<TRACK><CHANNEL_INDEX>{at}</CHANNEL_INDEX><INTERLEAVE_INDEX>{at}</INTERLEAVE_INDEX>"
        f"<NAME>{escape(text.track + side)}</NAME></TRACK>"
        for at, side in enumerate(NAMES[channels], start=1)
    )
    rate = f"{text.rate.numerator}/{text.rate.denominator}"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<BWFXML><IXML_VERSION>2.10</IXML_VERSION>'
        f"<PROJECT>{escape(text.project)}</PROJECT><NOTE>{escape(text.description)}</NOTE>"
        f"<SPEED><MASTER_SPEED>{rate}</MASTER_SPEED><CURRENT_SPEED>{rate}</CURRENT_SPEED>"
        f"<TIMECODE_RATE>{rate}</TIMECODE_RATE><TIMECODE_FLAG>NDF</TIMECODE_FLAG>"
        f"<FILE_SAMPLE_RATE>{rate_hz}</FILE_SAMPLE_RATE><AUDIO_BIT_DEPTH>{8 * BYTES}</AUDIO_BIT_DEPTH>"
        f"<DIGITIZER_SAMPLE_RATE>{rate_hz}</DIGITIZER_SAMPLE_RATE>"
        f"<TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI>{text.start >> 32}</TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI>"
        f"<TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO>{text.start & LARGEST_RIFF}</TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO>"
        f"<TIMESTAMP_SAMPLE_RATE>{rate_hz}</TIMESTAMP_SAMPLE_RATE></SPEED>"
        f"<TRACK_LIST><TRACK_COUNT>{channels}</TRACK_COUNT>{tracks}</TRACK_LIST></BWFXML>\n"
    )
