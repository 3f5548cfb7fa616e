"""A way to spoil a film, and what must be found, each matter apart."""

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
    """codes: findings that must be among those made; unhashed: boxes that must be all that
    is listed, None where anything may be."""

    name: str
    spoil: Callable[[Reel], bytes]
    integrity: str = "tampered"
    codes: tuple[str, ...] = (HASH,)
    signer: str = "trusted"
    chain: str = "sound"
    unhashed: tuple[str, ...] | None = ()

    def check(self, report: Report) -> None:
        """Whether all of it was found. No spoilt film is ever sound."""
        assert not report.sound
        assert report.exit_code == 6
        assert (report.integrity, report.signer, report.chain) == (self.integrity, self.signer, self.chain)
        assert set(self.codes) <= {found.code for found in report.findings}
        if self.unhashed is not None:
            assert tuple(item.box for item in report.unhashed) == self.unhashed


def gone(name: str, spoil: Callable[[Reel], bytes]) -> Case:
    """A film whose manifest is no longer found."""
    return Case(name, spoil, "absent", ("manifest.absent",), "none", "none")


def unreadable(name: str, spoil: Callable[[Reel], bytes]) -> Case:
    """A film whose manifest makes no sense any more."""
    return Case(name, spoil, "unreadable", ("manifest.unreadable",), "none", "none")


def loose(name: str, spoil: Callable[[Reel], bytes], *places: str) -> Case:
    """A film with bytes that every reader calls trusted, and that nothing signed."""
    return Case(name, spoil, "intact", (LOOSE,), unhashed=places)


def written(folder: Path, data: bytes) -> Path:
    path = folder / "spoilt.mp4"
    path.write_bytes(data)
    return path
