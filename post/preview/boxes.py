"""Lays packets out as fragmented MP4: one header for all, then a fragment for each piece of the film.

    header(picture, sound)     ftyp moov
    fragment(number, runs)     moof mdat

Source: ISO/IEC 14496-12:2022; 14496-14 (esds) and -15 (avcC).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

PICTURE, SOUND = 1, 2
KEY, NOT_KEY = 0x02000000, 0x01010000  # sample_depends_on, sample_is_non_sync_sample: 8.8.3.1
UNITY = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


@dataclass(frozen=True, slots=True)
class PictureTrack:
    """The picture's track. setup: an AVCDecoderConfigurationRecord; timescale: ticks a second."""

    width: int
    height: int
    timescale: int
    setup: bytes
    colour: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class SoundTrack:
    """The sound's track. setup: an AudioSpecificConfig."""

    rate_hz: int
    channels: int
    setup: bytes


@dataclass(frozen=True, slots=True)
class TrackRun:
    """Packets of one track in one fragment. start: when the first is shown, ticks: how long each, in ticks of the
    track; the first packet of a picture is a key frame, as every packet of sound is."""

    track: int
    start: int
    ticks: int
    packets: tuple[bytes, ...]


def header(picture: PictureTrack, sound: SoundTrack) -> bytes:
    """Returns the film's header: what an HLS playlist names in EXT-X-MAP."""
    brands = _box(b"ftyp", b"iso6", struct.pack(">I", 0), b"iso6", b"mp41", b"cmfc")
    extends = b"".join(
        _full(b"trex", 0, 0, struct.pack(">5I", each, 1, 0, 0, 0)) for each in (PICTURE, SOUND)
    )
    head = _full(
        b"mvhd",
        0,
        0,
        struct.pack(">4IIH10x", 0, 0, 1000, 0, 0x10000, 0x100),
        UNITY,
        bytes(24),
        struct.pack(">I", 3),
    )
    return brands + _box(b"moov", head, _picture(picture), _sound(sound), _box(b"mvex", extends))


def fragment(number: int, runs: tuple[TrackRun, ...]) -> bytes:
    """Returns one fragment. number: its place in the film, from 0; runs: one for each track that has packets in it."""
    wanted = [run for run in runs if run.packets]
    size = len(_moof(number, wanted, [0] * len(wanted)))
    offsets, at = list[int](), size + 8
    for run in wanted:
        offsets.append(at)
        at += sum(map(len, run.packets))
    body = b"".join(packet for run in wanted for packet in run.packets)
    return _moof(number, wanted, offsets) + _box(b"mdat", body)


def _moof(number: int, runs: list[TrackRun], offsets: list[int]) -> bytes:
    head = _full(b"mfhd", 0, 0, struct.pack(">I", number + 1))
    return _box(b"moof", head, *(_traf(run, offset) for run, offset in zip(runs, offsets, strict=True)))


def _traf(run: TrackRun, offset: int) -> bytes:
    # default-base-is-moof, default duration, default flags
    later = NOT_KEY if run.track == PICTURE else KEY
    head = _full(b"tfhd", 0, 0x20028, struct.pack(">3I", run.track, run.ticks, later))
    start = _full(b"tfdt", 1, 0, struct.pack(">Q", run.start))
    sizes = struct.pack(f">{len(run.packets)}I", *map(len, run.packets))
    # data offset, first sample's flags, sizes
    rows = _full(b"trun", 0, 0x205, struct.pack(">IiI", len(run.packets), offset, KEY), sizes)
    return _box(b"traf", head, start, rows)


def _picture(track: PictureTrack) -> bytes:
    size = struct.pack(">2H", track.width, track.height)
    colour = _box(b"colr", b"nclx", struct.pack(">3HB", *track.colour, 0))
    entry = _box(
        b"avc1", bytes(6), struct.pack(">H", 1), bytes(16), size, struct.pack(">3IH", 0x480000, 0x480000, 0, 1),
        bytes(32), struct.pack(">Hh", 24, -1), _box(b"avcC", track.setup), colour,
    )  # fmt: skip
    media = _full(b"vmhd", 0, 1, bytes(8))
    shown = struct.pack(">2I", track.width << 16, track.height << 16)
    return _trak(PICTURE, shown, (track.timescale, b"vide"), media, entry)


def _sound(track: SoundTrack) -> bytes:
    entry = _box(
        b"mp4a", bytes(6), struct.pack(">H", 1), bytes(8), struct.pack(">2H", track.channels, 16), bytes(4),
        struct.pack(">I", track.rate_hz << 16), _full(b"esds", 0, 0, _stream_setup(track.setup)),
    )  # fmt: skip
    return _trak(SOUND, bytes(8), (track.rate_hz, b"soun"), _full(b"smhd", 0, 0, bytes(4)), entry)


def _stream_setup(setup: bytes) -> bytes:
    """Returns an ES_Descriptor of AAC. Source: ISO/IEC 14496-1, 7.2.6.5."""
    specific = bytes((5, len(setup))) + setup
    config = bytes((4, 13 + len(specific), 0x40, 0x15)) + bytes(11) + specific
    body = struct.pack(">HB", SOUND, 0) + config + bytes((6, 1, 2))
    return bytes((3, len(body))) + body


def _trak(number: int, shown: bytes, media: tuple[int, bytes], head: bytes, entry: bytes) -> bytes:
    """Returns a track. shown: its width and height, 16.16; media: its timescale and handler."""
    timescale, kind = media
    volume = 0x100 if kind == b"soun" else 0
    track = _full(b"tkhd", 0, 3, struct.pack(">5I8x2hH2x", 0, 0, number, 0, 0, 0, 0, volume), UNITY, shown)
    described = _full(b"mdhd", 0, 0, struct.pack(">4I2H", 0, 0, timescale, 0, 0x55C4, 0))
    handler = _full(b"hdlr", 0, 0, bytes(4), kind, bytes(13))
    data = _box(b"dinf", _full(b"dref", 0, 0, struct.pack(">I", 1), _full(b"url ", 0, 1)))
    empty = (_full(name, 0, 0, struct.pack(">I", 0)) for name in (b"stts", b"stsc", b"stco"))
    table = _box(
        b"stbl", _full(b"stsd", 0, 0, struct.pack(">I", 1), entry), *empty, _full(b"stsz", 0, 0, bytes(8))
    )
    return _box(b"trak", track, _box(b"mdia", described, handler, _box(b"minf", head, data, table)))


def _full(name: bytes, version: int, flags: int, *parts: bytes) -> bytes:
    return _box(name, struct.pack(">I", version << 24 | flags), *parts)


def _box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + name + body
