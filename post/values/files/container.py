"""Lists the containers that takes and sounds come in: what FFmpeg calls each, and the bytes that tell it.

This is the one list. What reads media opens these containers and no other; what verifies files knows each of them, and
says of those that cannot carry credentials that they cannot.
"""

from __future__ import annotations

from dataclasses import dataclass

# How far a packet of MPEG-TS is from the next: plain, with a time in front (M2TS), with a checksum behind.
TS_PACKETS = (188, 192, 204)
TS_SYNC = 0x47
TS_REPEATS = 5  # a recording may begin in the middle of a packet; five marks in step are no chance
HEAD_BYTES = 2048  # of a file that tell its kind


@dataclass(frozen=True, slots=True)
class Opening:
    """The bytes that open a kind of file. type: its media type; at: where they stand; also: what byte 8 and those
    after it must be, for kinds that share an opening."""

    type: str
    opening: bytes
    at: int = 0
    also: bytes = b""

    def fits(self, head: bytes) -> bool:
        """Returns whether a file that begins with `head` is of this kind."""
        return head.startswith(self.opening, self.at) and head.startswith(self.also, 8)


@dataclass(frozen=True, slots=True)
class ContainerKind:
    """A container. demuxer: FFmpeg's name; openings: how its files begin; picture: it holds moving pictures."""

    demuxer: str
    openings: tuple[Opening, ...]
    picture: bool = True


def _picture(demuxer: str, media_type: str, *openings: bytes) -> ContainerKind:
    return ContainerKind(demuxer, tuple(Opening(media_type, each) for each in openings))


def _sound(demuxer: str, media_type: str, *openings: bytes) -> ContainerKind:
    return ContainerKind(demuxer, tuple(Opening(media_type, each) for each in openings), picture=False)


# Playlists (hls, dash, concat) and numbered stills are left out on purpose: they make FFmpeg read files that nobody
# named.
CONTAINERS = (
    ContainerKind(
        "mov",  # ISO/IEC 14496-12; QuickTime before 2001 has no `ftyp`
        (
            Opening("video/quicktime", b"ftyp", 4, b"qt  "),
            Opening("audio/mp4", b"ftyp", 4, b"M4A "),
            Opening("image/heic", b"ftyp", 4, b"heic"),
            Opening("image/avif", b"ftyp", 4, b"avif"),
            Opening("image/avif", b"ftyp", 4, b"avis"),
            Opening("video/mp4", b"ftyp", 4),
            Opening("video/mp4", b"styp", 4),
            Opening("video/mp4", b"moof", 4),
            Opening("video/quicktime", b"moov", 4),
            Opening("video/quicktime", b"mdat", 4),
            Opening("video/quicktime", b"\0\0\0\x08wide"),
            Opening("video/quicktime", b"\0\0\0\x08free"),
        ),
    ),
    _picture("matroska", "video/webm", b"\x1a\x45\xdf\xa3"),
    ContainerKind("avi", (Opening("video/avi", b"RIFF", 0, b"AVI "),)),
    ContainerKind("mpegts", ()),  # told by its repeated mark alone
    _picture("mpeg", "video/mpeg", b"\0\0\1\xba"),
    _picture("mxf", "application/mxf", b"\x06\x0e\x2b\x34"),
    _picture("nut", "video/x-nut", b"nut/multimedia container"),
    _picture("ogg", "audio/ogg", b"OggS"),
    _picture("flv", "video/x-flv", b"FLV\1"),
    _picture("ivf", "video/x-ivf", b"DKIF"),
    _picture("gif", "image/gif", b"GIF8"),
    _picture("apng", "image/png", b"\x89PNG\r\n\x1a\n"),
    _picture("yuv4mpegpipe", "video/x-yuv4mpeg", b"YUV4MPEG2"),
    # A parameter set, or a delimiter (ITU-T H.264, table 7-1; H.265, table 7-1), after a start code.
    _picture(
        "h264",
        "video/h264",
        *(start + unit for start in (b"\0\0\0\1", b"\0\0\1") for unit in (b"\x67", b"\x27", b"\x09")),
    ),
    _picture(
        "hevc",
        "video/h265",
        *(start + unit for start in (b"\0\0\0\1", b"\0\0\1") for unit in (b"@\1", b"F\1")),
    ),
    _picture("obu", "video/av1", b"\x12\0\x0a"),
    _picture("m4v", "video/mp4v-es", b"\0\0\1\xb0", b"\0\0\1\xb5", b"\0\0\1\0", b"\0\0\1\x20"),
    _picture("asf", "video/x-ms-asf", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"),
    _picture("dv", "video/dv", b"\x1f\x07\0"),
    ContainerKind(
        "wav",
        (Opening("audio/wav", b"RIFF", 0, b"WAVE"), Opening("audio/x-rf64", b"RF64", 0, b"WAVE")),
        picture=False,
    ),
    _sound("w64", "audio/x-w64", b"riff\x2e\x91\xcf\x11"),
    ContainerKind(
        "aiff",
        (Opening("audio/aiff", b"FORM", 0, b"AIFF"), Opening("audio/aiff", b"FORM", 0, b"AIFC")),
        picture=False,
    ),
    _sound("caf", "audio/x-caf", b"caff"),
    _sound("flac", "audio/flac", b"fLaC"),
    _sound("mp3", "audio/mpeg", b"ID3", b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xf2", b"\xff\xe3"),
    _sound("aac", "audio/aac", b"\xff\xf1", b"\xff\xf9"),
    _sound("ac3", "audio/ac3", b"\x0b\x77"),
    _sound("eac3", "audio/ac3", b"\x0b\x77"),
    _sound("au", "audio/basic", b".snd"),
)


def is_transport_stream(head: bytes) -> bool:
    """Returns whether a file that begins with `head` is MPEG-TS, wherever in a packet it begins (ISO/IEC 13818-1)."""
    return any(
        len(marks := head[at : at + size * TS_REPEATS : size]) == TS_REPEATS and set(marks) == {TS_SYNC}
        for size in TS_PACKETS
        for at in range(size)
    )
