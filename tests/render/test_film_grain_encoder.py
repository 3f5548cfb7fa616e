"""AV1 with its grain as a table, decoded by an independent decoder with grain and without."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import numpy as np
import pytest

from post.errors import JobError
from post.picture.encode import Encode
from post.picture.grain.grain import Grain
from post.picture.grain.spectrum import Spectrum
from post.render.encoder import open_encoder
from post.render.film_grain_encoder import _check, count_grain, find_ffmpeg, open_grain_table_encoder
from post.values import Clock, Format
from post.values.array import Array

HEIGHT, WIDTH, FRAMES = 352, 640, 12
FILM = Format(WIDTH, HEIGHT, Clock(Fraction(24000, 1001)), FRAMES, 10)
SETTINGS = Encode(codec="av1", preset="8", crf=30, film_grain="table").settings("mp4")
GRAIN = Grain(strength=4.0, size=4.0, chroma=0.5, shadows=0.4, highlights=0.5)


def encode(path: Path, grain: Grain | list[Grain] = GRAIN, first: int = 0, film: Format = FILM) -> Path:
    """Encodes a still ramp from black to white."""
    grains = grain if isinstance(grain, list) else [grain] * film.length
    unit = 1 << (film.depth - 8)
    with open_grain_table_encoder(path, film, SETTINGS, grains, range(first, first + film.length)) as encoder:
        for _ in range(film.length):
            canvas = encoder.canvas()
            planes = canvas.planes
            planes.y[:] = np.rint(np.linspace(20 * unit, 230 * unit, WIDTH)).astype(planes.y.dtype)
            planes.cb[:], planes.cr[:] = 128 * unit, 128 * unit
            encoder.write(canvas)
    return path


def decoded(path: Path, *options: str) -> Array:
    """Returns (frames, 3/2 height, width) 10-bit codes: luma above, Cb and Cr below."""
    command = [
        find_ffmpeg(),
        "-v",
        "error",
        *options,
        "-i",
        str(path),
        "-f",
        "rawvideo",
        "-pix_fmt",
        "yuv420p10le",
        "-",
    ]
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    return np.frombuffer(raw, "<u2").reshape(-1, HEIGHT * 3 // 2, WIDTH).astype(np.float64)


@cache
def laid(path: Path) -> tuple[Array, Array]:
    """Returns the clean picture, and the grain that a decoder lays over it."""
    clean = decoded(path, "-export_side_data", "film_grain")
    return clean, decoded(path) - clean


def seeds(path: Path) -> list[int]:
    command = [
        find_ffmpeg(),
        "-nostdin",
        "-i",
        str(path),
        "-c",
        "copy",
        "-bsf:v",
        "trace_headers",
        "-f",
        "null",
        "-",
    ]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    return [int(seed) for seed in re.findall(r"grain_seed.*= (\d+)", said)]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return encode(tmp_path_factory.mktemp("table") / "made.mp4")


def test_every_frame_has_grain_and_the_header_says_so(made: Path) -> None:
    assert count_grain(made) == (True, FRAMES)
    with av.open(str(made)) as container:
        context = container.streams.video[0].codec_context
        tags = context.color_primaries, context.color_trc, context.colorspace, context.color_range
        assert (tags, context.pix_fmt) == ((1, 1, 1, 1), "yuv420p10le")
        assert container.streams.video[0].average_rate == FILM.clock.rate
    assert len(decoded(made)) == FRAMES


def test_a_decoder_lays_as_much_grain_as_asked_at_every_brightness(made: Path) -> None:
    clean, grain = laid(made)
    luma, laid_there = clean[:, :HEIGHT] / 4, grain[:, :HEIGHT] / 4
    for low in range(40, 210, 20):
        here = (luma >= low) & (luma < low + 20)
        asked = np.sqrt((GRAIN.sigma(luma[here] / 255) ** 2).mean())
        assert laid_there[here].std() == pytest.approx(asked, rel=0.05), low


def test_chroma_has_its_share(made: Path) -> None:
    clean, grain = laid(made)
    asked = GRAIN.chroma * np.sqrt((GRAIN.sigma(clean[:, :HEIGHT] / 4 / 255) ** 2).mean())
    assert grain[:, HEIGHT:].std() / 4 == pytest.approx(asked, rel=0.07)


def test_its_grain_has_the_spectrum_asked_for(tmp_path: Path) -> None:
    """Within the accuracy of a filter of 24 numbers, in bands of 1/16 cycle a pixel."""
    shape = (6.0, 6.0, 5.0, 1.0, -3.0, -5.0, -6.0, -7.0, -7.0)
    grain = Grain(strength=4.0, spectrum=shape, tones=(1.0, 1.0), lines=HEIGHT)
    _, over = laid(encode(tmp_path / "shaped.mp4", grain))
    tiles = (
        over[:, : HEIGHT // 32 * 32]
        .reshape(FRAMES, -1, 32, WIDTH // 32, 32)
        .swapaxes(2, 3)
        .reshape(-1, 32, 32)
    )
    window = np.outer(np.hanning(34)[1:-1], np.hanning(34)[1:-1])
    power = (np.abs(np.fft.fft2((tiles - tiles.mean((1, 2), keepdims=True)) * window)) ** 2).mean(0)
    radius = np.hypot(*np.meshgrid(np.fft.fftfreq(32), np.fft.fftfreq(32)))
    asked = Spectrum((shape,)).square(32)
    bands = [(radius >= low) & (radius < low + 1 / 16) for low in np.arange(1, 8) / 16]
    off = [10 * np.log10(power[band].mean() / power.mean() / asked[band].mean()) for band in bands]
    assert np.sqrt(np.mean(np.square(off))) < 0.7


def test_frames_share_no_grain(made: Path) -> None:
    _, grain = laid(made)
    flat = grain[:, :HEIGHT].reshape(FRAMES, -1)
    assert max(abs(np.corrcoef(a, b)[0, 1]) for a, b in zip(flat, flat[1:], strict=False)) < 0.03


def test_no_two_frames_of_neighbouring_segments_have_the_same_seed(made: Path, tmp_path: Path) -> None:
    after = encode(tmp_path / "after.mp4", first=FRAMES)
    both = seeds(made) + seeds(after)
    assert len(set(both)) == len(both) == 2 * FRAMES


def test_the_same_segment_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    assert encode(tmp_path / "again.mp4").read_bytes() == made.read_bytes()


def test_no_grain_still_has_the_header_that_its_neighbours_have(made: Path, tmp_path: Path) -> None:
    """Otherwise the two segments could not be joined."""
    none = encode(tmp_path / "none.mp4", Grain())
    with av.open(str(none)) as mine, av.open(str(made)) as its:
        assert mine.streams.video[0].codec_context.extradata == its.streams.video[0].codec_context.extradata
    assert not laid(none)[1].any()


def test_grain_changes_where_the_shot_does(tmp_path: Path) -> None:
    """In the middle of a segment, at a rate whose frames are not a whole number of ticks."""
    path, half = tmp_path / "two.mp4", FRAMES // 2
    encode(path, [GRAIN] * half + [replace(GRAIN, strength=1.0)] * half)
    strengths = laid(path)[1][:, :HEIGHT].std((1, 2))
    assert strengths[:half].min() > 3 * strengths[half:].max()


def test_eight_bits_work_too(tmp_path: Path) -> None:
    path = encode(tmp_path / "eight.mp4", film=replace(FILM, depth=8))
    assert count_grain(path) == (True, FRAMES)


def test_a_dropped_table_is_an_error(tmp_path: Path) -> None:
    """SVT-AV1 in FFmpeg ignores the table and reports nothing."""
    plain = Encode(codec="av1", preset="10").settings("mp4")
    with open_encoder(tmp_path / "plain.mp4", FILM, plain) as encoder:
        for _ in range(FRAMES):
            canvas = encoder.canvas()
            for plane in canvas.planes:
                plane[:] = 512
            encoder.write(canvas)
    with pytest.raises(JobError, match="dropped the film grain table"):
        _check(tmp_path / "plain.mp4", FRAMES)


def test_settings_that_the_encoder_refuses_are_an_error(tmp_path: Path) -> None:
    wrong = replace(SETTINGS, options=(*SETTINGS.options, ("crf", "lots")))
    with (
        pytest.raises(JobError, match="refuses these settings"),
        open_grain_table_encoder(tmp_path / "x.mp4", FILM, wrong, [GRAIN] * FRAMES, range(FRAMES)) as encoder,
    ):
        for _ in range(FRAMES):
            encoder.write(encoder.canvas())
