"""Damaged and hostile caption files end with captions or with an error of ours that names the file, never otherwise."""

from __future__ import annotations

import random

import pytest

from post.captions.read import FORMATS, LARGEST, read_caption_bytes
from post.errors import JobError
from tests.captions.made import FILES

CASES = 150


def damaged(data: bytes, dice: random.Random) -> bytes:
    """Returns a file with a few pieces cut, doubled, swapped or overwritten."""
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(data)) if data else 0
        size = min(dice.choice((1, 1, 2, 5, 40)), len(data) - at)
        piece = data[at : at + size]
        other = dice.randrange(len(data)) if data else 0
        new = dice.choice(
            (
                b"",
                2 * piece,
                data[other : other + size],
                dice.randbytes(size),
                b"<",
                b"&",
                b"-->",
                b"\n",
                b"9" * 30,
            )
        )
        data = data[:at] + new + data[at + size :]
    return data


@pytest.mark.parametrize("name", FILES)
def test_damaged_files_are_read_or_refused(name: str) -> None:
    dice = random.Random(name)
    ends = {"read": 0, "refused": 0}
    for _ in range(CASES):
        data = damaged(FILES[name], dice)
        for lenient in (False, True):
            try:
                track = read_caption_bytes(data, name, name[2:], lenient=lenient)
            except JobError as fault:
                ends["refused"] += name in str(fault)
            else:
                assert all(caption.start < caption.stop for caption in track.captions)
                ends["read"] += 1
    print(f"\n{name}: {ends}")
    assert sum(ends.values()) == 2 * CASES
    assert min(ends.values()) > 0


@pytest.mark.parametrize("name", FILES)
def test_a_whole_file_is_known_by_what_it_holds(name: str) -> None:
    track = read_caption_bytes(FILES[name], "captions.bin")
    assert len(track.captions) == 2
    assert all(caption.where.startswith("captions.bin:") for caption in track.captions)
    assert name[2:] in FORMATS


BOMB = (
    '<!DOCTYPE tt [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><tt xmlns="http://www.w3.org/ns/ttml">&b;</tt>'
)
HOSTILE = [
    ("entities are not read", BOMB),
    ("nested too deep", '<tt xmlns="http://www.w3.org/ns/ttml"><body>' + "<div>" * 500),
    (
        "too many elements",
        '<tt xmlns="http://www.w3.org/ns/ttml"><body>' + "<div/>" * 60_000 + "</body></tt>",
    ),
    ("this is not XML", '<tt xmlns="http://www.w3.org/ns/ttml"><body></tt>'),
    ("not TTML", "<?xml version='1.0'?><html/>"),
    ("no caption file", "just words"),
    ("is empty", ""),
]


@pytest.mark.parametrize(("words", "text"), HOSTILE)
def test_hostile_files_are_refused(words: str, text: str) -> None:
    with pytest.raises(JobError, match=words):
        read_caption_bytes(text.encode(), "a")


def test_a_file_beyond_all_captions_is_refused() -> None:
    with pytest.raises(JobError, match="too large"):
        read_caption_bytes(b"1\n" * (LARGEST // 2 + 1), "a.srt")
