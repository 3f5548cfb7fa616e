"""Makes the signed films that are attacked, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.provenance.attacks.reel import Reel
from tests.provenance.attacks.spot import Spot
from tests.provenance.made import House, finish, ingredient


@pytest.fixture(scope="session")
def spot(reels: Path) -> Path:
    """Three seconds of picture and sound, unsigned, its index in front."""
    return Spot(options={"movflags": "faststart"}).write(reels / "spot.mp4")


@pytest.fixture(scope="session")
def signed_spot(reels: Path, spot: Path, generated: Path, clip: Path, house: House) -> Path:
    """The same, made of a signed clip and an unsigned one."""
    parts = [ingredient(generated, credential="verified"), ingredient(clip)]
    return finish(spot, reels / "signed_spot.mp4", parts, house)


@pytest.fixture(scope="session")
def reel(signed_spot: Path) -> Reel:
    return Reel.of(signed_spot)
