"""The logo: every kind of PNG, scaled without fringes."""

from __future__ import annotations

import hashlib
import struct
import zlib
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from post.errors import AnswerprintError, JobError
from post.job.model import Timed
from post.picture.brand.graphic import Graphic
from post.plan.layers import draw_layer
from post.stage import Raster
from post.stage_knobs import make
from post.values.colour import Format
from post.values.media import File
from post.values.time import Clock, Span
from tests.picture.brand.elements import COUNT, animation
from tests.picture.drawn import drawn_or_said

CLOCK = Clock(Fraction(24))
HD = Format(1920, 1080, CLOCK, 100)


def saved(folder: Path, image: Image.Image, name: str = "logo.png") -> File:
    path = folder / name
    image.save(path)
    return File(hashlib.sha256(path.read_bytes()).hexdigest(), name, path)


def graphic(file: File | None, **knobs: object) -> Graphic:
    made = make("graphic", {"file": file, **knobs})
    assert isinstance(made, Graphic)
    return made


def picture(size: int = 300) -> Image.Image:
    """Returns a red disc on clear green, with a hard edge."""
    y, x = np.mgrid[:size, :size]
    disc = (x - size / 2) ** 2 + (y - size / 2) ** 2 < (0.45 * size) ** 2
    rgba = np.where(disc[..., None], (255, 0, 0, 255), (0, 255, 0, 0)).astype(np.uint8)
    return Image.fromarray(rgba)


def test_width_is_of_the_shorter_side_and_shape_is_kept(tmp_path: Path) -> None:
    file = saved(tmp_path, Image.new("RGBA", (400, 100), (255, 0, 0, 255)))
    for canvas in (HD, Format(1080, 1920, CLOCK, 9)):
        assert graphic(file, width=20).draw(canvas).rgba.shape == (54, 216, 4)


@pytest.mark.parametrize("width", [2.0, 7.3, 40.0])
def test_scaling_pulls_no_colour_from_clear_pixels(tmp_path: Path, width: float) -> None:
    rgba = graphic(saved(tmp_path, picture()), width=width).draw(HD).rgba
    seen = rgba[..., 3] > 1e-3
    assert np.abs(rgba[seen][:, 0] - rgba[seen][:, 3]).max() < 0.005
    assert rgba[seen][:, 1].max() < 0.005
    assert 0 <= rgba.min() <= rgba.max() <= 1


def test_scaling_keeps_the_area(tmp_path: Path) -> None:
    rgba = graphic(saved(tmp_path, picture()), width=10).draw(HD).rgba
    assert rgba[..., 3].sum() == pytest.approx(np.pi * (0.45 * 108) ** 2, rel=0.01)


@pytest.mark.parametrize("kind", ["RGBA", "RGB", "L", "LA", "P", "1", "I;16"])
def test_every_kind_of_png_is_read(tmp_path: Path, kind: str) -> None:
    grey = Image.linear_gradient("L")
    if kind == "I;16":
        image = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
    else:
        image = grey.convert("RGBA").convert(kind) if kind == "LA" else grey.convert("RGB").convert(kind)
    rgba = graphic(saved(tmp_path, image), width=100 * 256 / 1080, margin=0).draw(HD).rgba
    assert rgba.shape == (256, 256, 4)
    assert (rgba[..., 3] == 1).all()
    ramp = rgba[..., :3].mean((1, 2))
    assert np.abs(np.convolve(ramp, np.ones(32) / 32, "valid") - (np.arange(225) + 15.5) / 255).max() < 0.02


def test_a_palette_with_a_clear_entry_is_clear_there(tmp_path: Path) -> None:
    image = Image.new("P", (64, 64), 0)
    image.putpalette([0, 0, 0, 255, 255, 255])
    image.paste(1, (16, 16, 48, 48))
    path = tmp_path / "p.png"
    image.save(path, transparency=0)
    file = File(hashlib.sha256(path.read_bytes()).hexdigest(), "p.png", path)
    rgba = graphic(file, width=100 * 64 / 1080).draw(HD).rgba
    assert rgba[0, 0, 3] == 0
    assert rgba[32, 32].tolist() == [1, 1, 1, 1]


def test_the_clear_grey_of_a_16_bit_png_is_clear(tmp_path: Path) -> None:
    codes = np.full((64, 64), 40000, np.uint16)
    codes[:32] = 1234
    header = struct.pack(">IIBBBBB", 64, 64, 16, 0, 0, 0, 0)
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in codes)
    path = tmp_path / "grey.png"
    chunks = [
        (b"IHDR", header),
        (b"tRNS", struct.pack(">H", 1234)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    ]
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + b"".join(
            struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks
        )
    )
    rgba = graphic(File("9" * 64, "grey.png", path), width=100 * 64 / 1080).draw(HD).rgba
    assert not rgba[:32, :, 3].any()
    assert (rgba[32:, :, 3] == 1).all()
    assert rgba[40, 40, 0] == pytest.approx(40000 / 65535)


def test_a_file_that_is_no_picture_is_an_error(tmp_path: Path) -> None:
    whole = (tmp_path / "whole.png", tmp_path / "cut.png")
    picture().save(whole[0])
    whole[1].write_bytes(whole[0].read_bytes()[:300])
    (tmp_path / "text.png").write_text("not an image")
    for path in (whole[1], tmp_path / "text.png", tmp_path / "gone.png"):
        with pytest.raises(AnswerprintError, match=path.name):
            graphic(File(hashlib.sha256(path.name.encode()).hexdigest(), path.name, path)).draw(HD)


def test_an_image_of_nothing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(JobError, match="wholly transparent"):
        graphic(saved(tmp_path, Image.new("RGBA", (10, 10)))).draw(HD)


def test_no_image_is_an_error() -> None:
    with pytest.raises(JobError, match=r"graphic\.file: no file"):
        graphic(None)
    with pytest.raises(JobError, match=r"graphic\.file: missing"):
        make("graphic", {})


@pytest.mark.parametrize("width", [0.5, 100.0])
@pytest.mark.parametrize("shape", [(2, 800), (800, 2), (30, 30)])
def test_a_logo_of_any_shape_draws_or_says_by_how_much_it_does_not_fit(
    tmp_path: Path, width: float, shape: tuple[int, int]
) -> None:
    file = saved(tmp_path, Image.new("RGB", shape, (200, 10, 10)))
    for size in ((320, 180), (180, 320)):
        drawn = drawn_or_said("graphic", {"file": file, "width": width}, Format(*size, CLOCK, 9))
        if isinstance(drawn, str):
            assert "does not fit the safe area by" in drawn
            continue
        raster = drawn[1]
        assert raster.left >= 9
        assert raster.top >= 9
        assert raster.rgba[..., 3].min() > 0.99


def test_a_logo_fades_and_declares_that_it_is_placed(tmp_path: Path) -> None:
    file = saved(tmp_path, picture())
    made = graphic(file, fade_in="1f", fade_out="1f", ease="linear", opacity=1)
    assert [made.pose(f, 4, CLOCK).opacity for f in range(4)] == [0.5, 1, 1, 0.5]
    action = made.declare(Span(0, 4))
    assert (action.name, action.ingredients) == ("c2pa.placed", (file.sha256,))
    assert str(dict(action.parameters)["org.answerprint.graphic.file"]).startswith("sha256:")


def filmed(pixels: Raster) -> tuple[int, int, int, int]:
    height, width = pixels.rgba.shape[:2]
    return pixels.left, pixels.top, pixels.left + width, pixels.top + height


def test_a_picture_of_8_bits_has_the_pixels_that_earlier_releases_gave_it(tmp_path: Path) -> None:
    """The stage `bug`, version 1: premultiplied, a Lanczos filter, then straight again."""
    rgba = np.asarray(picture(200)).astype(np.float32) / 255
    rgba[..., :3] *= rgba[..., 3:]
    planes = [
        Image.fromarray(np.ascontiguousarray(rgba[..., i])).resize((65, 65), Image.Resampling.LANCZOS)
        for i in range(4)
    ]
    alpha = np.clip(np.asarray(planes[3]), 0, 1)
    before = np.stack([*(np.clip(np.asarray(plane), 0, alpha) for plane in planes[:3]), alpha], -1)
    drawn = graphic(saved(tmp_path, picture(200)), width=6.0).draw(HD)
    assert np.array_equal(drawn.rgba, before)
    assert (drawn.left, drawn.top, drawn.premultiplied) == (96, 54, True)


@pytest.mark.parametrize(
    ("knobs", "box"),
    [
        ({"width": 50.0, "place": "center"}, (690, 405, 1230, 675)),
        ({"height": 50.0, "place": "top-left", "margin": 0}, (0, 0, 1080, 540)),
        ({"fit": "fit"}, (0, 60, 1920, 1020)),
        ({"fit": "fill"}, (0, 0, 1920, 1080)),
        ({"fit": "fit", "backdrop": True}, (0, 0, 1920, 1080)),
    ],
)
def test_it_is_as_large_as_asked_and_where_it_should_be(
    tmp_path: Path, knobs: dict[str, object], box: tuple[int, int, int, int]
) -> None:
    file = saved(tmp_path, Image.new("RGBA", (400, 200), (255, 0, 0, 255)))
    assert filmed(graphic(file, **knobs).draw(HD)) == box


def test_a_backdrop_is_behind_the_element_and_no_part_of_its_outline(tmp_path: Path) -> None:
    card = graphic(
        saved(tmp_path, picture()), width=20.0, place="center", backdrop=True, backdrop_colour="#0000ff"
    )
    drawn = card.draw(HD).rgba
    assert (drawn[..., 3] == 1).all()
    assert drawn[0, 0].tolist() == [0, 0, 1, 1]
    assert drawn[540, 960].tolist() == [1, 0, 0, 1]
    assert drawn[..., 1].max() < 0.005
    assert filmed(card.outline(HD)) == (852, 432, 1068, 648)


def test_an_element_that_moves_is_drawn_for_its_moment_whatever_was_drawn_before(tmp_path: Path) -> None:
    moving = graphic(animation(tmp_path / "a.webp"), width=10.0, after_end="loop")
    poses = [moving.pose(frame, 96, CLOCK) for frame in range(40)]
    moments = [pose.moment for pose in poses]
    assert moments[0] == (0, 1)
    assert len(set(moments)) == COUNT
    first = [moving.draw_moment(HD, moment or (0, 1)).rgba for moment in moments[:12]]
    for number in (7, 2, 11, 0, 5):
        assert np.array_equal(moving.draw_moment(HD, moments[number] or (0, 1)).rgba, first[number])
    outline = moving.outline(HD).rgba[..., 3]
    assert (outline >= np.stack(first)[..., 3].max(0) - 0.02).all()


def test_what_follows_the_end_and_what_stands_still(tmp_path: Path) -> None:
    file = animation(tmp_path / "a.webp")  # 12 pictures at 25 a second
    last = graphic(file, fade_out="0s").pose(90, 96, CLOCK)
    assert (last.moment, last.opacity) == ((COUNT - 1, 1), 1)
    assert graphic(file, after_end="stop").pose(50, 96, CLOCK).opacity == 0
    assert graphic(file, start="0.2s", fade_in="0s").pose(0, 96, CLOCK).moment == (5, 1)
    still = graphic(file, start="0.2s", still=True)
    assert still.pose(30, 96, CLOCK).moment is None
    assert np.array_equal(still.draw(HD).rgba, graphic(file).draw_moment(HD, (5, 1)).rgba)


@pytest.mark.parametrize("mode", ["multiply", "screen", "add"])
def test_a_blend_mode_reaches_the_compositor(tmp_path: Path, mode: str) -> None:
    assert graphic(saved(tmp_path, picture()), blend=mode).draw(HD).blend == mode


def test_the_last_part_of_a_film_is_counted_from_its_end(tmp_path: Path) -> None:
    card = graphic(saved(tmp_path, picture()), backdrop=True)
    for length, span in ((100, Span(52, 100)), (30, Span(0, 30))):
        film = Format(640, 360, CLOCK, length)
        assert draw_layer(Timed(card, "0s", "", "job.yaml:1", last="2s"), film).placement.span == span
