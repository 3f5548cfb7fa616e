"""Keeps what a mix notes in its own file, behind the track: a `free` box, which every reader skips."""

from __future__ import annotations

import json
import struct
from pathlib import Path

from post.values import MixNotes, from_plain, plain

MARK = b"mix notes\0"
HEAD = struct.Struct(">I4s")


def notes_box(notes: MixNotes) -> bytes:
    """Returns a box for the end of a mov or mp4 that holds the notes."""
    body = MARK + json.dumps(plain(notes), separators=(",", ":"), sort_keys=True).encode()
    return HEAD.pack(HEAD.size + len(body), b"free") + body


def read_notes(path: Path) -> MixNotes:
    """Returns the notes of a sound file that `make` wrote; empty ones where it has none."""
    with path.open("rb") as file:
        size, at = path.stat().st_size, 0
        while at + HEAD.size <= size:
            file.seek(at)
            length, kind = HEAD.unpack(file.read(HEAD.size))
            if length == 1:  # a long box: its length follows
                length = int.from_bytes(file.read(8), "big")
            elif kind == b"free" and file.read(len(MARK)) == MARK:
                return from_plain(MixNotes, json.loads(file.read(length - HEAD.size - len(MARK))))
            if length < HEAD.size:
                break
            at += length
    return MixNotes()
