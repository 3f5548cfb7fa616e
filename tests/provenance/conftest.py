"""Makes one signing authority and a few signed films, once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from provenance.signing import keyring
from provenance.trust import lists
from provenance.trust.lists import Anchors
from tests.provenance.made import House, Noise, finish, ingredient, vendor


@pytest.fixture(scope="session")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's settings folder with a development key in it."""
    folder = tmp_path_factory.mktemp("config")
    keyring.load_signer(folder)
    return folder


@pytest.fixture(scope="session")
def house(config: Path) -> House:
    return House(keyring.load_signer(config), lists.read_own_root(config))


@pytest.fixture(scope="session")
def reels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reels")


@pytest.fixture(scope="session")
def film(reels: Path) -> Path:
    """A rendered film, unsigned, its index in front as deliverables have it."""
    return Noise(options={"movflags": "faststart"}).write(reels / "film.mp4")


@pytest.fixture(scope="session")
def clip(reels: Path) -> Path:
    """An unsigned clip."""
    return Noise(seed=1).write(reels / "clip.mp4")


@pytest.fixture(scope="session")
def generated(reels: Path, house: House) -> Path:
    """A clip its generator signed."""
    return vendor(Noise(seed=2).write(reels / "raw.mp4"), reels / "generated.mp4", house)


@pytest.fixture(scope="session")
def single(reels: Path, film: Path, generated: Path, house: House) -> Path:
    """A film made of one clip, signed."""
    parts = [ingredient(generated, "parentOf", credential="verified")]
    return finish(film, reels / "single.mp4", parts, house)


@pytest.fixture(scope="session")
def several(reels: Path, film: Path, clip: Path, generated: Path, house: House) -> Path:
    """A film made of two clips, one of them signed by its generator, signed."""
    parts = [ingredient(generated, credential="verified"), ingredient(clip)]
    return finish(film, reels / "several.mp4", parts, house)


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Another signer, whom nobody here trusts."""
    folder = tmp_path_factory.mktemp("stranger")
    return House(keyring.load_signer(folder), lists.read_own_root(folder))


@pytest.fixture(scope="session")
def rubric_file(media: Callable[[str], Path]) -> Path:
    """The programme's own rubric, which lies beside the clips."""
    return media("../conformance/asset-rubric-conformance0.2-spec2.4.yml")


@pytest.fixture(scope="session")
def official(media: Callable[[str], Path]) -> tuple[Anchors, ...]:
    """The public lists of August 2026, and the roots of the SDK's own test signers."""
    folder = media("../conformance/trust")
    return tuple(
        lists.read_list(path, "tsa" if "TSA" in path.name else "signer")
        for path in sorted(folder.glob("*.pem"))
    )
