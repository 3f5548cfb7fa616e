"""Holds ways to damage a signed film, and what `verify` must find."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from provenance.report import Report
from tests.provenance.attacks.reel import Reel

HASH = "assertion.bmffHash.mismatch"
LOOSE = "unhashed.bytes"


@dataclass(frozen=True)
class Case:
    """One damage, and the report it must lead to. codes: findings that must be among those reported; unhashed:
    exactly the boxes that must be listed, None where any may be."""

    name: str
    spoil: Callable[[Reel], bytes]
    integrity: str = "tampered"
    codes: tuple[str, ...] = (HASH,)
    signer: str = "trusted"
    chain: str = "sound"
    unhashed: tuple[str, ...] | None = ()

    def check(self, report: Report) -> None:
        """Fails if a report does not say all of it. No damaged film is ever sound."""
        assert not report.sound
        assert report.exit_code == 6
        assert (report.integrity, report.signer, report.chain) == (self.integrity, self.signer, self.chain)
        assert set(self.codes) <= {found.code for found in report.findings}
        if self.unhashed is not None:
            assert tuple(item.box for item in report.unhashed) == self.unhashed


def gone(name: str, spoil: Callable[[Reel], bytes]) -> Case:
    """Returns a case in which the manifest is no longer found."""
    return Case(name, spoil, "absent", ("manifest.absent",), "none", "none")


def unreadable(name: str, spoil: Callable[[Reel], bytes]) -> Case:
    """Returns a case in which the manifest can no longer be parsed."""
    return Case(name, spoil, "unreadable", ("manifest.unreadable",), "none", "none")


def loose(name: str, spoil: Callable[[Reel], bytes], *places: str) -> Case:
    """Returns a case with unsigned bytes in a film that every reader calls trusted."""
    return Case(name, spoil, "intact", (LOOSE,), unhashed=places)


def written(folder: Path, data: bytes) -> Path:
    path = folder / "spoilt.mp4"
    path.write_bytes(data)
    return path
