"""Every damaged film keeps the law of `fuzzing`: a few of them. For minutes: python -m tests.bench.fuzz"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from provenance.verify import verify
from tests.made.work import count_calls
from tests.provenance.attacks.case import written
from tests.provenance.attacks.fuzzing import Law, nodes, spoilt
from tests.provenance.attacks.reel import Reel
from tests.provenance.attacks.resign import broken_name, office, resigned
from tests.provenance.formats.made_boxes import box
from tests.provenance.made import House

FILMS = 120
TIMES = 20  # what a damaged film may take, of what a whole one does


@pytest.fixture(scope="module")
def films(single: Path, several: Path, signed_spot: Path) -> list[bytes]:
    return [path.read_bytes() for path in (single, several, signed_spot)]


def test_spoilt_films_are_never_taken_for_what_was_signed(
    films: list[bytes], house: House, tmp_path: Path
) -> None:
    law = Law(films)

    def check(film: bytes, name: str) -> None:
        assert law.broken(written(tmp_path, film), house) == "", name

    most = TIMES * max(count_calls(partial(check, film, "whole")) for film in films)
    for seed in range(FILMS):
        assert count_calls(partial(check, spoilt(films, seed), f"seed {seed}")) < most, seed


def test_the_law_finds_a_verifier_that_lies(films: list[bytes], house: House, tmp_path: Path) -> None:
    # The film is whole and its verifier right; that it is not the one of the law is all that is wrong.
    assert Law(films).broken(written(tmp_path, films[0]), house) == ""
    assert Law(films[1:]).broken(written(tmp_path, films[0]), house) == "sound, and not what was signed"
    loose = films[0] + box(b"mfra", b"hidden")
    assert Law(films).broken(written(tmp_path, loose), house) == ""
    assert Law(films[1:]).broken(written(tmp_path, loose), house).startswith("intact, and")


def test_a_seed_gives_the_same_film_again(films: list[bytes]) -> None:
    made = [spoilt(films, seed) for seed in range(50)]
    assert made == [spoilt(films, seed) for seed in range(50)]
    assert len(set(made)) > 45
    assert sum(each in films for each in made) < 10


def test_boxes_of_the_manifest_are_spoilt_as_well(films: list[bytes]) -> None:
    kinds = {node.kind for node in nodes(films[0])}
    assert {b"mdat", b"stsz", b"uuid", b"jumb", b"jumd", b"cbor", b"json"} <= kinds


def test_a_certificate_whose_name_cannot_be_read_is_a_finding(generated: Path, tmp_path: Path) -> None:
    # Found so: the library reads names when asked for them, and raised in the middle of a verification.
    at = office("Known")
    film = resigned(Reel.of(generated), at.issuer.key, (broken_name(at), at.issuer.certificate))
    report = verify(written(tmp_path, film), at.anchors)
    assert report.signer != "trusted"
    assert report.exit_code == 6
