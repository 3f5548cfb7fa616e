"""Compares the picture kernel with the best path of plain FFmpeg, in megapixels a second of one thread.

    python -m tests.bench.kernel [RESULT.json]

FFmpeg's path: zscale to 16-bit planar RGB, lut3d (tetrahedral, 33 nodes, .cube), zscale back, with the
same graph without filters subtracted. It adds no grain and no dither; ours does in the same pass.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import imageio_ffmpeg
import numpy as np

from post.picture.colour.look import Look
from post.picture.grain.grain import Grain
from post.picture.kernel import KernelSpec, Lut3D, Noise, Planes, bake_lut, from_rgb, new_planes, open_kernel
from post.values.colour import BT709
from tests.bench import best_of, timed, write_json

LOOK = Look(slope=(1.05, 1.0, 0.94), offset=(-0.01, 0.0, 0.015), power=(0.95, 1.0, 1.05), saturation=1.12)
GRAIN = Grain(strength=3.0)
SIZES = {"1080p": (1080, 1920), "2160p": (2160, 3840)}
FRAMES = {"1080p": 12, "2160p": 4}
Depth = Literal[8, 10]


@dataclass(frozen=True)
class Case:
    """One thing to measure: `frames` pictures of a size at a depth."""

    size: str
    depth: Depth

    @property
    def frames(self) -> int:
        return FRAMES[self.size]

    @property
    def megapixels(self) -> float:
        height, width = SIZES[self.size]
        return height * width * self.frames / 1e6

    @property
    def pixel_format(self) -> str:
        return "yuv420p" if self.depth == 8 else "yuv420p10le"


def picture(height: int, width: int, depth: Depth) -> Planes:
    """Returns a scene of soft colours, an edge and sensor noise: it uses all of the table, as clips do."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    noise = np.random.default_rng(1).normal(0, 0.006, (height, width, 3)).astype(np.float32)
    rgb = np.stack([0.5 + 0.4 * np.sin(x / 190 + y / 310), y / height, 0.5 + 0.45 * np.cos(x / 97)], axis=-1)
    rgb[:, width // 3 : width // 2] *= 0.4
    out = new_planes(height, width, depth, "420")
    coarse = from_rgb((rgb + noise).astype(np.float32), BT709, "420")
    open_kernel(KernelSpec(depth, depth, "420", BT709, BT709, dither=False), numpy=True).finish(
        coarse, out, None, 0
    )
    return out


def ours(case: Case, table: Lut3D, *, grain: bool, numpy: bool = False) -> Callable[[], None]:
    height, width = SIZES[case.size]
    source, out = picture(height, width, case.depth), new_planes(height, width, case.depth, "420")
    kernel = open_kernel(KernelSpec(case.depth, case.depth, "420", BT709, BT709), numpy=numpy)
    noise = Noise.of(GRAIN, height, width, "420") if grain else None
    kernel.grade(source, out, table, noise, 0)

    def run() -> None:
        for frame in range(1 if numpy else case.frames):
            kernel.grade(source, out, table, noise, frame)

    return run


def ffmpeg(case: Case, folder: Path, filters: str) -> Callable[[], object]:
    height, width = SIZES[case.size]
    raw = folder / f"{case.size}-{case.depth}.yuv"
    if not raw.exists():
        frame = b"".join(plane.tobytes() for plane in picture(height, width, case.depth))
        raw.write_bytes(frame * case.frames)
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-threads", "1", "-filter_threads", "1",
        "-f", "rawvideo", "-pix_fmt", case.pixel_format, "-s", f"{width}x{height}",
        "-color_range", "tv", "-colorspace", "bt709", "-i", str(raw), "-threads", "1", "-vf", filters,
        "-f", "null", "-",
    ]  # fmt: skip
    return lambda: subprocess.run(command, check=True)


def filters(case: Case, cube: Path) -> str:
    back = f"zscale=matrix=709:range=limited,format={case.pixel_format}"
    return f"zscale=matrixin=709:rangein=limited,format=gbrp16le,lut3d=file={cube}:interp=tetrahedral,{back}"


def write_cube(path: Path, nodes: int = 33) -> None:
    axis = np.linspace(0, 1, nodes)
    blue, green, red = np.meshgrid(axis, axis, axis, indexing="ij")
    rgb = LOOK.colour(np.stack([red, green, blue], -1).reshape(-1, 3))
    lines = "\n".join("{:.7f} {:.7f} {:.7f}".format(*row) for row in rgb)
    path.write_text(f"LUT_3D_SIZE {nodes}\n{lines}\n", "ascii")


def measured(case: Case, table: Lut3D, folder: Path) -> Iterator[tuple[str, float]]:
    """Yields (what, Mpx/s) of one thread."""
    grained, clean = ours(case, table, grain=True), ours(case, table, grain=False)
    graded = ffmpeg(case, folder, filters(case, folder / "look.cube"))
    times = best_of(5, grained, clean, graded, ffmpeg(case, folder, "null"))
    yield "ours, grain", case.megapixels / times[0]
    yield "ours", case.megapixels / times[1]
    yield "ffmpeg", case.megapixels / (times[2] - times[3])
    if case.size == "1080p":
        (seconds,) = best_of(2, ours(case, table, grain=True, numpy=True))
        yield "numpy, grain", case.megapixels / case.frames / seconds


def compile_seconds() -> dict[str, float]:
    """Returns the CPU seconds of compiling, in a new process: of Halide's own runtime, and of one pipeline."""
    program = (
        "import halide as hl, numpy as np\n"
        "from post.picture.kernel.halide_pipeline import Recipe, compiled\n"
        "from tests.bench import timed\n"
        "def nothing():\n"
        "    made = hl.Func('made'); made[hl.Var('x')] = 0; made.compile_jit(hl.get_host_target())\n"
        "print(timed(nothing), timed(lambda: compiled(Recipe('grade', 8, 8, '420', True))))\n"
    )
    told = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    runtime, pipeline = map(float, told.split())
    return {"halide_runtime": round(runtime, 3), "grade_8_to_8_with_grain": round(pipeline, 3)}


def bench(folder: Path) -> dict[str, Any]:
    write_cube(folder / "look.cube")
    seconds = {"bake": timed(lambda: bake_lut(LOOK.colour, BT709, BT709)), **compile_seconds()}
    table = bake_lut(LOOK.colour, BT709, BT709)
    rates = {}
    for size, depth in product(SIZES, (8, 10)):
        case = Case(size, 8 if depth == 8 else 10)
        rates[f"{size} {depth}->{depth}"] = dict(measured(case, table, folder))
    ratios = {
        name: {f"{who} / ffmpeg": round(got[who] / got["ffmpeg"], 2) for who in ("ours", "ours, grain")}
        for name, got in rates.items()
    }
    return {"mpx_per_cpu_second": rates, "ratios": ratios, "cpu_seconds": seconds}


def main(arguments: list[str]) -> None:
    with TemporaryDirectory() as folder:
        result = bench(Path(folder))
    for name, got in result["mpx_per_cpu_second"].items():
        shown = ", ".join(f"{who} {rate:.0f}" for who, rate in got.items())
        print(f"{name}: {shown} Mpx/s; {result['ratios'][name]}")
    print(f"CPU seconds: {result['cpu_seconds']}")
    write_json(Path(arguments[0] if arguments else "bench-kernel.json"), result)


if __name__ == "__main__":
    main(sys.argv[1:])
