"""Cuts away what a file says is no picture, from frames as they are decoded."""

from __future__ import annotations

from av import VideoFrame
from av.filter import Graph

from post.takes.container import ffmpeg_errors
from post.takes.decoded.pixel_format import chroma_step
from post.values.media import NO_CROP

Edges = tuple[int, int, int, int]  # at the left, the top, the right and the bottom, in pixels
LEAST_SIDE = 2


def edges_within(edges: Edges, width: int, height: int, pixel_format: str) -> Edges:
    """Returns what is cut away of a frame of that size, where a file asks for `edges`.

    Each edge is moved inwards to a whole chroma sample. NO_CROP where nothing of the picture would be left.
    """
    across, down = chroma_step(pixel_format)
    left, top, right, bottom = edges
    left, top = -(-left // across) * across, -(-top // down) * down
    wide, high = width - left - right, height - top - bottom
    if right:
        wide -= wide % across
    if bottom:
        high -= high % down
    if min(edges) < 0 or min(wide, high) < LEAST_SIDE:
        return NO_CROP
    return left, top, width - left - wide, height - top - high


class Cropper:
    """Cuts the same edges off every frame of a clip."""

    def __init__(self, edges: Edges) -> None:
        self._edges = edges
        self._form = ""
        self._graph = Graph()

    def frame(self, decoded: VideoFrame) -> VideoFrame:
        """Returns the frame without its edges, in memory that it shares; the frame itself if there are none.

        Raises SourceError for a pixel format that cannot be cut.
        """
        if self._edges == NO_CROP:
            return decoded
        with ffmpeg_errors("cropping"):
            self._open(decoded)
            self._graph.vpush(decoded)
            made = self._graph.vpull()
        made.pts = decoded.pts
        if decoded.time_base:
            made.time_base = decoded.time_base
        return made

    def _open(self, decoded: VideoFrame) -> None:
        """Makes the graph for frames of this size and format, which may change within a damaged clip."""
        form = (
            f"video_size={decoded.width}x{decoded.height}:pix_fmt={decoded.format.name}:time_base=1/90000"
            f":pixel_aspect=1/1:colorspace={int(decoded.colorspace)}:range={int(decoded.color_range)}"
        )
        if form == self._form:
            return
        left, top, right, bottom = self._edges
        size = f"{decoded.width - left - right}:{decoded.height - top - bottom}:{left}:{top}:exact=1"
        graph = Graph()
        graph.threads = 1
        nodes = [graph.add("buffer", form), graph.add("crop", size), graph.add("buffersink")]
        graph.link_nodes(*nodes).configure(auto_buffer=False)
        self._form, self._graph = form, graph
