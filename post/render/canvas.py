"""Makes frames to draw into, and writes what lies around the picture before an encoder reads it.

FFmpeg's rows are longer than the picture is wide, and its planes may be higher. Encoders read whole vectors
and whole blocks, so they read beyond the picture's edge. A new frame holds there whatever was in memory,
which gave the same film other bytes from run to run.

    +----------------+-----+
    |    picture     |  >  |   > the last sample of the row, repeated
    +----------------+-----+
    |       v        |  >  |   v the last row, repeated
    +----------------+-----+
"""

from __future__ import annotations

from dataclasses import dataclass

from av import VideoFrame
from av.filter import Graph

from post.picture.kernel import Planes
from post.render.frame_planes import planes_of
from post.values import Format

# Rows of luma and of half as wide chroma then end on a whole vector of 64 bytes (AVX-512), and columns on a
# whole block of 64 samples (AV1's and HEVC's largest but one).
ACROSS, DOWN = 128, 64


@dataclass(frozen=True, slots=True, eq=False)
class Canvas:
    """A frame to draw into. planes: views of the picture; memory: the frame they lie in, larger than it."""

    planes: Planes
    memory: VideoFrame


def new_canvas(film: Format) -> Canvas:
    """Returns a canvas of the film's size and pixel format. Its samples are whatever memory held."""
    memory = VideoFrame(_up(film.width, ACROSS), _up(film.height, DOWN), film.pixel_format)
    y, cb, cr = planes_of(memory)
    down = y.shape[0] // cb.shape[0]
    across = y.shape[1] // cb.shape[1]
    height, width = film.height // down, film.width // across
    picture = Planes(y[: film.height, : film.width], cb[:height, :width], cr[:height, :width])
    return Canvas(picture, memory)


class CanvasCutter:
    """Cuts the picture out of canvases as frames of the film's own size, without a copy."""

    def __init__(self, film: Format) -> None:
        source = (
            f"video_size={_up(film.width, ACROSS)}x{_up(film.height, DOWN)}:pix_fmt={film.pixel_format}"
            ":time_base=1/90000:pixel_aspect=1/1"
        )
        self._graph = Graph()
        self._graph.threads = 1
        nodes = [
            self._graph.add("buffer", source),
            # `crop` moves pointers: the frame keeps the canvas's rows, and the memory around the picture.
            self._graph.add("crop", f"{film.width}:{film.height}:0:0:exact=1"),
            self._graph.add("buffersink"),
        ]
        self._graph.link_nodes(*nodes).configure(auto_buffer=False)

    def frame(self, canvas: Canvas) -> VideoFrame:
        """Returns the canvas's picture as a frame; every byte around it repeats the picture's edge."""
        repeat_edges(canvas)
        self._graph.vpush(canvas.memory)
        return self._graph.vpull()


def repeat_edges(canvas: Canvas) -> None:
    """Writes the picture's last column to its right and its last row below it, in place."""
    for picture, whole in zip(canvas.planes, planes_of(canvas.memory), strict=True):
        height, width = picture.shape
        whole[:height, width:] = picture[:, -1:]
        whole[height:] = whole[height - 1]


def _up(size: int, step: int) -> int:
    return -(-size // step) * step
