"""Broken and hostile Lottie files: each is refused with its place, or drawn; none crashes or hangs."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from post.errors import JobError
from post.picture.lottie import open_lottie
from tests.picture.lottie.broken import DRAWN, REFUSED, WHOLE
from tests.picture.lottie.made import animation, ellipse, group, layer, moving, saved, square, stood, stroke

NO_ANIMATION = [
    {},
    *({"manifest.json": text} for text in ("[]", '{"animations": []}', '{"animations": [{"id": "b"}]}')),
]


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_broken_file_is_refused_with_its_place(tmp_path: Path, name: str) -> None:
    path = saved(tmp_path, REFUSED[name], "logo.json")
    with pytest.raises(JobError) as caught:
        open_lottie(path, "brand.file")
    said = str(caught.value)
    assert said.startswith("brand.file")
    assert "logo.json" in said
    assert len(said) < 5000


@pytest.mark.parametrize("name", sorted(DRAWN))
def test_an_odd_file_is_drawn(tmp_path: Path, name: str) -> None:
    opened = open_lottie(saved(tmp_path, DRAWN[name]), "brand.file")
    for at in (0, 7, 59):
        rgba = opened.draw(at, 37, 21)
        assert np.isfinite(rgba).all()
        assert (rgba[..., :3] <= rgba[..., 3:]).all()


def test_a_zip_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.lottie"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", json.dumps({"animations": [{"id": "a"}]}))
        archive.writestr("animations/a.json", WHOLE)
        archive.writestr("images/i.png", b"\0" * (97 << 20))
    with pytest.raises(JobError, match="when unpacked"):
        open_lottie(path, "brand.file")


@pytest.mark.parametrize("members", NO_ANIMATION)
def test_a_zip_without_an_animation_is_refused(tmp_path: Path, members: dict[str, str]) -> None:
    path = tmp_path / "a.lottie"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x", "x")
        for name, text in members.items():
            archive.writestr(name, text)
    with pytest.raises(JobError, match="not a Lottie animation"):
        open_lottie(path, "brand.file")


def test_bytes_at_random_places_never_crash(tmp_path: Path) -> None:
    """Changes bytes of a whole file: what is opened is drawn, what is not is refused."""
    whole = json.dumps(
        animation(
            square(ks=stood(r=moving((0, 0), (30, 90)))), layer(group(ellipse(9, 9, 9, 9), stroke()), ind=2)
        )
    ).encode()
    random = np.random.default_rng(7)
    opened = 0
    for _ in range(300):
        data = bytearray(whole)
        for place in random.integers(0, len(data), 1):
            data[place] = random.choice(np.frombuffer(b'0123456789{}[],:"-.eE a', np.uint8))
        path = tmp_path / "random.json"
        path.write_bytes(bytes(data))
        try:
            made = open_lottie(path, "brand.file")
        except JobError:
            continue
        opened += 1
        assert np.isfinite(made.draw(0, 9, 9)).all()
    assert opened > 10
