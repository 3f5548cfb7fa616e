"""Lists the containers and the sound codecs of films: which holds what, and how each sound codec is encoded.

These are the two tables. The job is checked against them, sound is encoded by them, and films are joined by them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# Channels by the name of a layout, as jobs write it. FFmpeg has the same names.
LAYOUTS = {"mono": 1, "stereo": 2, "5.1": 6}
LAYOUT_NAMES = {channels: name for name, channels in LAYOUTS.items()}


@dataclass(frozen=True, slots=True)
class FilmContainer:
    """A container of films.

    muxer: FFmpeg's name; pictures, sounds: the codecs that it holds, the one that is used where nothing is said first;
    boxes: it is made of ISO boxes (ISO/IEC 14496-12), which carry a C2PA manifest, timed text and exact times.
    """

    muxer: str
    pictures: tuple[str, ...]
    sounds: tuple[str, ...]
    boxes: bool = True

    def segments(self, picture: str) -> str:
        """Returns the container of this film's segments before they are joined, by its picture codec."""
        if self.boxes:
            return self.muxer
        # Matroska counts milliseconds, in which no frame of 24 a second begins at its time.
        return "mov" if picture == "prores" else "mp4"


@dataclass(frozen=True, slots=True)
class SoundCodec:
    """A sound codec of films.

    encoder: FFmpeg's name; track: FFmpeg's muxer for a track that is not in its film yet; samples: FFmpeg's sample
    format; packet: samples of each channel in a packet; delayed: its decoder gives samples before the first one, which
    the container must cut off; kbps: what is used where nothing is said, by number of channels; least, most: kb/s of
    each channel, 0 for no limit; bits: the most bits of each channel in a packet, 0 for no limit; rates_hz: sample
    rates that it takes, () for all.
    """

    encoder: str
    track: str
    samples: str
    packet: int = 1024
    delayed: bool = False
    kbps: Mapping[int, int] = field(default_factory=dict)
    least: int = 0
    most: int = 0
    bits: int = 0
    rates_hz: tuple[int, ...] = ()

    @property
    def lossy(self) -> bool:
        """Returns whether it has a bit rate of its own."""
        return bool(self.kbps)

    def bounds(self, channels: int, rate_hz: int) -> tuple[int, int]:
        """Returns the least and the most kb/s that it takes, of all channels together."""
        most = self.most or self.bits * rate_hz // self.packet // 1000
        return self.least * channels, most * channels


FILM_CONTAINERS = {
    "mp4": FilmContainer("mp4", ("h264", "hevc", "av1"), ("aac", "opus")),
    "mov": FilmContainer("mov", ("h264", "hevc", "prores"), ("aac", "pcm_s16le", "pcm_s24le")),
    "mkv": FilmContainer(
        "matroska",
        ("h264", "hevc", "av1", "prores"),
        ("aac", "opus", "flac", "pcm_s16le", "pcm_s24le"),
        boxes=False,
    ),
}
# AAC: mono and 5.1 as YouTube asks of uploads (vendor page); a packet holds at most 6144 bits of each channel
# (ISO/IEC 14496-3, 4.5.3). Opus: RFC 6716, 2.1.1 (6 to 510 kb/s) in FFmpeg's bounds for each channel.
SOUND_CODECS = {
    "aac": SoundCodec(
        "aac", "mov", "fltp", delayed=True, kbps={1: 128, 2: 256, 6: 512}, least=32, bits=6144
    ),
    "opus": SoundCodec(
        "libopus", "mp4", "flt", packet=960, delayed=True, kbps={1: 96, 2: 192, 6: 384}, least=16, most=256,
        rates_hz=(48_000,),
    ),
    "flac": SoundCodec("flac", "mp4", "s32"),
    "pcm_s16le": SoundCodec("pcm_s16le", "mov", "s16"),
    "pcm_s24le": SoundCodec("pcm_s24le", "mov", "s32"),
}  # fmt: skip
