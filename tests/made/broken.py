"""Makes files that are broken on purpose: boxes cut, swapped and nested as no writer does."""

from __future__ import annotations

from pathlib import Path

import av


def cut_short(source: Path, path: Path, share: float) -> Path:
    """Writes the first part of a file; returns its path."""
    data = source.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


def box(kind: bytes, content: bytes) -> bytes:
    """Returns an ISO base media box."""
    return (len(content) + 8).to_bytes(4, "big") + kind + content


def nested_boxes(path: Path, depth: int) -> Path:
    """Writes an MP4 whose `moov` has `depth` boxes nested in each other."""
    inside = b""
    for _ in range(depth):
        inside = box(b"trak", inside)
    path.write_bytes(box(b"ftyp", b"isom\0\0\2\0isomiso2avc1mp41") + box(b"moov", inside))
    return path


def patched(source: Path, path: Path, old: bytes, new: bytes) -> Path:
    """Writes a copy with the first `old`, which must be there, replaced."""
    data = source.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new, 1))
    return path


def without_sound_between(source: Path, path: Path, first_s: float, last_s: float) -> Path:
    """Writes a copy without the sound packets of a span of time."""
    with av.open(str(source)) as inside, av.open(str(path), "w") as out:
        copies = [out.add_stream_from_template(stream) for stream in inside.streams]
        for packet in inside.demux():
            if packet.dts is None or packet.pts is None:  # the last, empty one
                continue
            sound = packet.stream.type == "audio"
            if sound and first_s <= packet.pts * packet.time_base < last_s:
                continue
            packet.stream = copies[packet.stream_index]
            out.mux(packet)
    return path
