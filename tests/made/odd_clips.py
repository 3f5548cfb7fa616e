"""Makes clips as cutting, recording and old tools leave them, out of whole ones: no packet is encoded again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from textwrap import wrap

import av
from av import Packet

TS_PACKET = 188
PICTURE_START = b"\0\0\1\xb6"  # of MPEG-4 PacketPart 2 (ISO/IEC 14496-2, 6.2.1)
B_PICTURE = 2
PACKS = b"\0\0\1\xb2DivX503b1393p"  # what DivX and XviD write where packets hold two pictures


@dataclass(frozen=True, slots=True)
class PacketPart:
    """A packet: its bytes, its times in ticks, and whether it is a key packet."""

    data: bytes
    pts: int
    dts: int
    key: bool


def parts_of(path: Path) -> tuple[list[PacketPart], Fraction]:
    """Returns the packets of a clip's picture in the order of the file, and how long a tick is."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert stream.time_base is not None
        parts = [
            PacketPart(bytes(packet), packet.pts or 0, packet.dts or 0, packet.is_keyframe)
            for packet in container.demux(stream)
            if packet.size
        ]
    return parts, stream.time_base


def remuxed(
    source: Path,
    path: Path,
    change: Callable[[list[PacketPart]], Iterable[PacketPart]],
    options: dict[str, str] | None = None,
) -> Path:
    """Writes the packets of a clip's picture, changed, into another container."""
    parts, tick = parts_of(source)
    with av.open(str(source)) as template, av.open(str(path), "w", options=options or {}) as out:
        stream = out.add_stream_from_template(template.streams.video[0])
        for part in change(parts):
            packet = Packet(part.data)
            packet.stream, packet.time_base = stream, tick
            packet.pts, packet.dts, packet.is_keyframe = part.pts, part.dts, part.key
            out.mux(packet)
    return path


def from_key(number: int) -> Callable[[list[PacketPart]], list[PacketPart]]:
    """Returns a cut that begins at the key packet of that number, counted from 0."""

    def cut(parts: list[PacketPart]) -> list[PacketPart]:
        keys = [i for i, part in enumerate(parts) if part.key]
        return parts[keys[number] :]

    return cut


def from_packet(number: int) -> Callable[[list[PacketPart]], list[PacketPart]]:
    """Returns a cut that begins at the packet of that number."""
    return lambda parts: parts[number:]


def joined_midway(source: Path, path: Path, share: float, odd_bytes: int = 0) -> Path:
    """Writes a transport stream without its first packets, and without the first bytes of the next."""
    data = source.read_bytes()
    first = int(len(data) // TS_PACKET * share) * TS_PACKET
    path.write_bytes(data[first + odd_bytes :])
    return path


def end_to_end(path: Path, *sources: Path) -> Path:
    """Writes files one behind the other, as `cat` does."""
    path.write_bytes(b"".join(source.read_bytes() for source in sources))
    return path


def packed(parts: list[PacketPart]) -> list[PacketPart]:
    """Returns MPEG-4 packets as XviD packs them: each B-picture in the packet before it, then a packet of none."""
    made: list[PacketPart] = []
    for part, after in zip(parts, [*parts[1:], None], strict=True):
        if _kind(part.data) == B_PICTURE:
            made.append(PacketPart(_not_coded(len(made)), part.pts, part.dts, False))
            continue
        more = after.data if after and _kind(after.data) == B_PICTURE else b""
        data = part.data.replace(PICTURE_START, PACKS + PICTURE_START, 1) if part.key else part.data
        made.append(replace(part, data=data + more))
    return without_times_shown(made)


def without_times_shown(parts: list[PacketPart]) -> list[PacketPart]:
    """Returns packets that know the time of their decoding alone, as Matroska's compatible mode has them."""
    step = parts[1].dts - parts[0].dts
    return [replace(part, pts=i * step, dts=i * step) for i, part in enumerate(parts)]


def _kind(data: bytes) -> int:
    return data[data.find(PICTURE_START) + 4] >> 6


def _not_coded(number: int) -> bytes:
    """Returns a P-picture that is not coded, of a film of 24 ticks a second (ISO/IEC 14496-2, 6.2.5)."""
    bits = "01" + "0" + "1" + f"{number % 24:05b}" + "1" + "0"
    bits += "0" + "1" * (7 - len(bits) % 8)
    return PICTURE_START + bytes(int(byte, 2) for byte in wrap(bits, 8))
