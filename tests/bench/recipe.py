"""Writes the recipe from which the peers make the same film: its plan, as separate files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import av
import imageio_ffmpeg
import numpy as np
from PIL import Image

from post.engine import ContentStore
from post.job import load_job
from post.picture.colour.look import Look
from post.picture.grain.grain import Grain
from post.prepare.plan_job import plan_job
from post.render.frame_planes import planes_of
from post.render.segment import draw
from post.stage import LayerStage, open_call
from post.takes.libraries import without_avx512
from post.values import LayerInSegment, Rendition, Span
from post.values.array import Array
from tests.bench.film import CRF, Film

NODES = 65
FIELD_STEPS = 32  # int8 steps to a standard deviation of grain


@dataclass(frozen=True, slots=True)
class Planned:
    """The bench's film as Answerprint plans it, and the paths of its clips."""

    film: Film
    rendition: Rendition
    clips: tuple[Path, ...]
    music: Path


def planned(film: Film, job: Path) -> Planned:
    sources, plan = plan_job(load_job(job), (), ContentStore(job.parent / "content"))
    files = [take.file.here for take in sources.takes.values()]
    return Planned(film, plan.renditions[0], tuple(files), sources.sounds[0].file.here)


def write_frames(plan: Planned, path: Path, count: int) -> None:
    """Writes the film's first finished frames, as planes with FFmpeg's padding of rows."""
    film = plan.film
    with path.open("wb") as raw:
        for segment, number in islice(_frames(plan.rendition), count):
            frame = av.VideoFrame(film.width, film.height, "yuv420p")
            draw(segment, number, planes_of(frame))
            for plane in frame.planes:
                raw.write(memoryview(plane))


def _frames(rendition: Rendition) -> Iterator[tuple[Any, int]]:
    yield from ((segment, number) for segment in rendition.on_film for number in segment.span)


def write_encoding(plan: Planned, raw: Path, path: Path, held: int, span: Span) -> Path:
    """Writes what floor.py encodes: frames of the film, repeating `held` raw ones, with the plan's settings."""
    film, settings = plan.film, plan.rendition.segments[0].encoder
    told = {
        "raw": str(raw), "held": held, "out": str(path.with_suffix(".mov")), "width": film.width,
        "height": film.height, "first": span.first, "stop": span.stop, "codec": settings.codec,
        "options": without_avx512(settings.codec, dict(settings.options)),
    }  # fmt: skip
    path.write_text(json.dumps(told))
    return path


def write_recipe(plan: Planned, folder: Path) -> Path:
    """Writes the recipe of graph.py and moviepy_film.py; returns its path."""
    folder.mkdir(exist_ok=True)
    segment, film = plan.rendition.segments[0], plan.film
    shown = segment.clips[0]
    (look,) = (open_call(call) for call in shown.colour)
    assert shown.grain is not None
    grain = open_call(shown.grain)
    assert isinstance(look, Look)
    assert isinstance(grain, Grain)
    _write_cube(look, folder / "look.cube")
    _write_arrays(look, grain, film, folder)
    label, title = _layers(plan.rendition)
    come, gone = film.title_s
    faded = sum(pose.opacity < 1 for pose in title.poses) / 24
    told = {
        "ffmpeg": imageio_ffmpeg.get_ffmpeg_exe(), "clips": [str(path) for path in plan.clips],
        "music": str(plan.music), "music_gain_db": -12, "seconds": film.seconds, "preset": film.preset,
        "crf": CRF, "loudness_lufs": plan.rendition.mix.loudness_lufs,
        "true_peak_dbtp": plan.rendition.mix.true_peak_dbtp, "cube": str(folder / "look.cube"),
        "label": _drawn(label, plan.rendition, folder / "label.png"),
        "title": _drawn(title, plan.rendition, folder / "title.png")
        | {"come_s": come, "gone_s": gone, "fade_s": faded},
        "table": str(folder / "table.npy"), "field": str(folder / "field.npy"),
        "sigma": str(folder / "sigma.npy"),
    }  # fmt: skip
    path = folder / "recipe.json"
    path.write_text(json.dumps(told, indent=1))
    return path


def _layers(rendition: Rendition) -> tuple[LayerInSegment, LayerInSegment]:
    """Returns the label, and the title in the segment where it appears."""
    shown = [layer for segment in rendition.segments for layer in segment.layers]
    named = {name: next(layer for layer in shown if layer.call.stage == name) for name in ("label", "title")}
    return named["label"], named["title"]


def _drawn(layer: LayerInSegment, rendition: Rendition, path: Path) -> dict[str, Any]:
    stage = open_call(layer.call)
    assert isinstance(stage, LayerStage)
    raster = stage.draw(rendition.format)
    Image.fromarray(np.rint(np.clip(raster.rgba, 0, 1) * 255).astype(np.uint8), "RGBA").save(path)
    return {"png": str(path), "left": raster.left, "top": raster.top}


def _write_cube(look: Look, path: Path) -> None:
    axis = np.linspace(0, 1, NODES)
    blue, green, red = np.meshgrid(axis, axis, axis, indexing="ij")
    rgb = look.colour(np.stack([red, green, blue], -1).reshape(-1, 3))
    lines = "\n".join("{:.7f} {:.7f} {:.7f}".format(*row) for row in rgb)
    path.write_text(f"LUT_3D_SIZE {NODES}\n{lines}\n", "ascii")


def _write_arrays(look: Look, grain: Grain, film: Film, folder: Path) -> None:
    """Writes NumPy arrays: the look of all 2^24 colours, a field of grain, its strength by green."""
    np.save(folder / "table.npy", _every_colour(look))
    field = grain.tile(film.height + 64, film.width + 128, film.height)
    np.save(folder / "field.npy", np.clip(np.rint(field * FIELD_STEPS), -127, 127).astype(np.int16))
    luma = (np.arange(256) * 219 / 255 + 16) / 255
    np.save(folder / "sigma.npy", np.rint(grain.sigma(luma) * 256).astype(np.int32))


def _every_colour(look: Look) -> Array:
    """Returns (2^24,) uint32, indexed by red, green, blue: red in the lowest byte, then green, then blue."""
    table = np.empty((256, 65536), np.uint32)
    green, blue = np.meshgrid(np.arange(256), np.arange(256), indexing="ij")
    for red in range(256):
        rgb = np.stack([np.full(65536, red), green.ravel(), blue.ravel()], -1) / 255
        codes = np.rint(np.clip(look.colour(rgb), 0, 1) * 255).astype(np.uint32)
        table[red] = codes[:, 0] | codes[:, 1] << 8 | codes[:, 2] << 16
    return table.ravel()
