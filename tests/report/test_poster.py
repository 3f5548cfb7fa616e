"""The page about a file's credentials shows the file: a film at a time, a still as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from post.errors import SourceError
from post.report.poster import poster_of
from tests.provenance.made import Noise


def test_a_film_is_shown_at_a_time_and_never_behind_its_end(tmp_path: Path) -> None:
    film = Noise().write(tmp_path / "f.mp4")
    found = poster_of(film, 0.25, "video/mp4")
    assert (found.width, found.height, found.at) == (64, 48, 0.25)
    assert found.uri.startswith("data:image/webp;base64,")
    assert poster_of(film, 99.0, "video/mp4").at == pytest.approx(11 / 24)
    assert poster_of(film, -99.0, "video/mp4").at == 0.0


def test_a_still_is_shown_and_what_shows_nothing_is_refused(tmp_path: Path) -> None:
    still = tmp_path / "s.png"
    Image.new("RGB", (30, 20), "red").save(still)
    found = poster_of(still, 0.0, "image/png")
    assert (found.width, found.height, found.at) == (30, 20, None)
    still.write_bytes(b"no picture")
    for kind in ("image/png", "video/mp4"):
        with pytest.raises(SourceError):
            poster_of(still, 0.0, kind)
