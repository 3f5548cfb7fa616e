"""Damages a file in random ways: bytes, numbers at their bounds, and whole boxes, chunks, tables and lines."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from tests.fuzz.parts import Form, form_of, numbers
from tests.provenance.attacks.fuzzing import Spoiler

MOST_BYTES = 3_000_000
HEAD = 4096  # most of what a reader decides on stands at the start
_BMFF = (b"ftyp", b"moov", b"styp", b"wide", b"mdat", b"free")
_ODD_TEXTS = (
    b"0", b"-0", b"1", b"-1", b"2", b"255", b"256", b"65535", b"65536", b"2147483647", b"2147483648", b"-2147483649",
    b"4294967296", b"18446744073709551616", b"1e39", b"-1e39", b"1e-46", b"1e309", b"1e99999", b"nan", b"inf", b"",
    b".", b"1,5", b"0x10", b"9" * 400, b"0." + b"3" * 400, b"\xc2\xbd", b"<", b"&", b"--", b"\0",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole file of which damaged ones are made."""

    name: str
    data: bytes

    @property
    def suffix(self) -> str:
        """Returns the ending of its name, with the dot."""
        return self.name[self.name.rfind(".") :]


def damaged(kind: str, seed: int, number: int, files: Sequence[Whole]) -> Whole:
    """Returns the damaged file of a case. Its name begins with the number of the case."""
    chance = random.Random(f"{kind} {seed} {number}")
    source = chance.choice(files)
    others = [each.data for each in files if each.suffix == source.suffix]
    data = _Damage(chance, others, source.suffix)(source.data)
    return Whole(f"{number}-{source.name}", data[:MOST_BYTES])


@dataclass(frozen=True, slots=True)
class _Damage:
    chance: random.Random
    others: Sequence[bytes]
    suffix: str

    def __call__(self, data: bytes) -> bytes:
        for _ in range(self.chance.choice((1, 1, 1, 2, 3, 6))):
            data = data[:MOST_BYTES]
            if not data:
                break
            form = form_of(data, self.suffix)
            if self.chance.random() < 0.6 and data[4:8] in _BMFF:
                data = Spoiler(self.chance, self.others)(data)
            elif form is not None and self.chance.random() < 0.6:
                data = self.parts(data, form)
            elif self.chance.random() < 0.6 and self.suffix in (".cube", ".3dl", ".clf", ".cdl", ".svg"):
                data = self.numeral(data)
            else:
                data = self.chance.choice(_WAYS)(self, data)
        return data

    # Bytes.

    def place(self, data: bytes) -> int:
        size = len(data) if self.chance.random() < 0.5 else min(len(data), HEAD)
        return self.chance.randrange(size)

    def length(self) -> int:
        return self.chance.choice((1, 2, 4, 16, 100, 1000, self.chance.randrange(1, 20_000)))

    def flip(self, data: bytes) -> bytes:
        at = self.place(data)
        return _put(data, at, bytes([data[at] ^ 1 << self.chance.randrange(8)]))

    def havoc(self, data: bytes) -> bytes:
        return _put(data, self.place(data), self.chance.randbytes(self.chance.randrange(1, 17)))

    def bound(self, data: bytes) -> bytes:
        """Writes a number at a bound over some field, of any width and byte order."""
        width = self.chance.choice((1, 2, 4, 8))
        top = 1 << 8 * width
        number = self.chance.choice(
            (0, 1, 2, top // 2 - 1, top // 2, top - 2, top - 1, 1 << self.chance.randrange(8 * width))
        )
        at = self.place(data) & -self.chance.choice((1, 2, 4))
        return _put(data, at, number.to_bytes(width, self.chance.choice(("big", "little"))))

    def near(self, data: bytes) -> bytes:
        """Changes a number by a little."""
        at, width = self.place(data), self.chance.choice((1, 2, 4))
        order: Literal["big", "little"] = self.chance.choice(("big", "little"))
        number = int.from_bytes(data[at : at + width], order) + self.chance.randrange(-16, 17)
        return _put(data, at, (number % (1 << 8 * width)).to_bytes(width, order))

    def truncate(self, data: bytes) -> bytes:
        return data[: self.place(data)]

    def remove(self, data: bytes) -> bytes:
        at = self.place(data)
        return data[:at] + data[at + self.length() :]

    def repeat(self, data: bytes) -> bytes:
        at = self.place(data)
        span = data[at : at + self.length()]
        return data[:at] + span * self.chance.choice((2, 2, 3, 50)) + data[at + len(span) :]

    def insert(self, data: bytes) -> bytes:
        at, size = self.place(data), self.length()
        return (
            data[:at]
            + self.chance.choice((self.chance.randbytes(size), bytes(size), b"\xff" * size))
            + data[at:]
        )

    def splice(self, data: bytes) -> bytes:
        """Joins the head of a file to the tail of another."""
        other = self.chance.choice(self.others)
        return data[: self.place(data)] + other[self.place(other) :]

    # Parts.

    def parts(self, data: bytes, form: Form) -> bytes:
        head, parts = form.split(data)
        if not parts:
            return data
        at = self.chance.randrange(len(parts))
        self.chance.choice(_PART_WAYS)(self, parts, at, form)
        return form.join(head, parts)

    def drop(self, parts: list[bytes], at: int, _: Form) -> None:
        del parts[at : at + self.chance.choice((1, 1, 1, 5, 1000))]

    def duplicate(self, parts: list[bytes], at: int, _: Form) -> None:
        times = self.chance.choice((1, 1, 1, 20, 500))
        parts[at:at] = [parts[at]] * min(times, MOST_BYTES // max(len(parts[at]), 1))

    def swap(self, parts: list[bytes], at: int, _: Form) -> None:
        other = self.chance.randrange(len(parts))
        parts[at], parts[other] = parts[other], parts[at]

    def exchange(self, parts: list[bytes], at: int, form: Form) -> None:
        """Puts a part of another file in place of one, or before it."""
        other = self.chance.choice(self.others)
        theirs = form.split(other)[1] if form_of(other, self.suffix) else []
        if theirs:
            parts[at : at + self.chance.randrange(2)] = [self.chance.choice(theirs)]

    def inside(self, parts: list[bytes], at: int, _: Form) -> None:
        """Damages the bytes of one part; the file around it stays right."""
        for _time in range(self.chance.choice((1, 1, 2, 8))):
            if parts[at]:
                parts[at] = self.chance.choice(_WAYS)(self, parts[at])

    # Texts.

    def numeral(self, data: bytes) -> bytes:
        """Writes an odd number over one of a text."""
        start = self.place(data)
        found = numbers(data, start, min(start + 2000, len(data)))
        if not found:
            return data
        first, last = self.chance.choice(found[:40])
        return data[:first] + self.chance.choice(_ODD_TEXTS) + data[last:]


_WAYS: tuple[Callable[[_Damage, bytes], bytes], ...] = (
    _Damage.flip, _Damage.flip, _Damage.havoc, _Damage.bound, _Damage.bound, _Damage.bound, _Damage.near,
    _Damage.truncate, _Damage.remove, _Damage.repeat, _Damage.insert, _Damage.splice,
)  # fmt: skip
_PART_WAYS: tuple[Callable[[_Damage, list[bytes], int, Form], None], ...] = (
    _Damage.drop, _Damage.duplicate, _Damage.swap, _Damage.exchange, _Damage.inside, _Damage.inside, _Damage.inside,
)  # fmt: skip


def _put(data: bytes, at: int, what: bytes) -> bytes:
    return (data[:at] + what)[: max(len(data), at)] + data[at + len(what) :]
