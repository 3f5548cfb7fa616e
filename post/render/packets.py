"""Holds encoded packets of one track with no container around them: what fragments of an MP4 are laid out from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise

MAGIC = "answerprint packets 1"


@dataclass(frozen=True, slots=True)
class Packets:
    """Packets of one track in order. setup: the decoder's configuration (of H.264 an AVCDecoderConfigurationRecord, of
    AAC an AudioSpecificConfig); ticks: how long each packet lasts, in ticks of the track."""

    setup: bytes
    ticks: int
    packets: tuple[bytes, ...]

    def pack(self) -> bytes:
        """Returns them as a file: a line of JSON, then the packets."""
        sizes = [len(packet) for packet in self.packets]
        head = {"packets": MAGIC, "setup": self.setup.hex(), "ticks": self.ticks, "sizes": sizes}
        return json.dumps(head).encode() + b"\n" + b"".join(self.packets)


def unpack(content: bytes) -> Packets:
    """Returns what `pack` wrote. Raises ValueError for anything else."""
    line, _, body = content.partition(b"\n")
    head = json.loads(line)
    if head.get("packets") != MAGIC or sum(head["sizes"]) != len(body):
        raise ValueError("not a file of packets")
    edges = [0]
    for size in head["sizes"]:
        edges.append(edges[-1] + size)
    packets = tuple(body[first:stop] for first, stop in pairwise(edges))
    return Packets(bytes.fromhex(head["setup"]), head["ticks"], packets)
