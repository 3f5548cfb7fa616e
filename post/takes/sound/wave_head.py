"""Reads the head of a WAVE file: how its samples are stored, and how many bytes of them it promises.

FFmpeg takes the valid bits of a WAVE_FORMAT_EXTENSIBLE for the size of a sample: it reads 24 bits in 32 as floats,
which are noise up to 10^31, and 16 bits in 32 as twice as many samples.
Sources: Microsoft, WAVEFORMATEXTENSIBLE; EBU Tech 3306 (RF64); ITU-R BS.2088 (BW64).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from av.audio.codeccontext import AudioCodecContext
from av.audio.stream import AudioStream
from av.codec.context import CodecContext

from post.atomic import open_regular

PCM, EXTENSIBLE = 1, 0xFFFE
# The sub-format of PCM: its first two bytes are the format tag, the rest is the same for all tags.
PCM_GUID = bytes.fromhex("0100000000001000800000aa00389b71")
INTEGERS = {
    8: "pcm_u8",
    16: "pcm_s16le",
    24: "pcm_s24le",
    32: "pcm_s32le",
}  # by bits of a sample as it is stored
UNKNOWN = (0, 0xFFFFFFFF)  # a size that whoever wrote the file did not know yet, or that stands in `ds64`
_CHUNKS = 64  # before the samples


@dataclass(frozen=True, slots=True)
class WaveHead:
    """codec: FFmpeg's name of how integers are stored, "" where the head is not extensible, or not of integers; frame:
    bytes of a sample of all channels; promised, held: bytes of samples by the head, 0 where it does not know, and by
    the file."""

    codec: str
    frame: int
    promised: int
    held: int

    @property
    def lacking(self) -> bool:
        """Returns whether the file ends before the samples that its head promises."""
        return self.promised > self.held + self.frame


def read_wave_head(path: Path) -> WaveHead | None:
    """Returns the head of a WAVE file (RIFF, RF64, BW64); None for any other file."""
    with open_regular(path) as file:
        opening = file.read(12)
        if len(opening) < 12 or opening[:4] not in (b"RIFF", b"RF64", b"BW64") or opening[8:] != b"WAVE":
            return None
        codec, frame, long = "", 0, 0
        for _ in range(_CHUNKS):
            head = file.read(8)
            if len(head) < 8:
                return None
            kind, size = struct.unpack("<4sI", head)
            if kind == b"data":
                start = file.tell()
                held = file.seek(0, 2) - start
                known = long if size == UNKNOWN[1] else size
                return WaveHead(codec, frame, 0 if known in UNKNOWN else known, held)
            body = file.read(min(size, 64)) if kind in (b"fmt ", b"ds64") else b""
            if kind == b"ds64" and len(body) >= 16:
                long = struct.unpack_from("<Q", body, 8)[0]
            if kind == b"fmt " and len(body) >= 16:
                codec, frame = _stored(body)
            file.seek(size + size % 2 - len(body), 1)
    return None


def _stored(body: bytes) -> tuple[str, int]:
    """Returns how samples are stored, "" where FFmpeg knows it, and the bytes of one of all channels."""
    tag, _, _, _, frame, bits = struct.unpack_from("<HHIIHH", body)
    extensible = tag == EXTENSIBLE and body[24:40] == PCM_GUID
    return (INTEGERS.get(bits, "") if extensible else ""), frame


def wave_decoder(head: WaveHead | None, stream: AudioStream) -> AudioCodecContext | None:
    """Returns a decoder for the samples as they are stored; None where FFmpeg's own choice is right."""
    own = stream.codec_context
    if head is None or not head.codec or head.codec == own.name or not own.name.startswith("pcm_"):
        return None
    made = CodecContext.create(head.codec, "r")
    if not isinstance(made, AudioCodecContext):
        raise TypeError(f"{head.codec} decodes no sound")
    made.sample_rate, made.layout = own.sample_rate, own.layout
    return made
