"""Lays frames with transparency over black: what a file holds where nothing is to be seen is no picture."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from av import VideoFrame
from av.filter import Graph
from av.video.format import VideoFormat

from post.takes.container import ffmpeg_errors
from post.takes.decoded.pixel_format import is_rgb
from post.takes.decoded.scale_names import RANGE_NAMES, matrix_name
from post.takes.frame_planes import plane_codes, repeat_right_edge
from post.values.media import Picture
from post.values.ycbcr import code_range

# What frames become: nothing is lost of 8 and 10 bits, and alpha has the size of every plane.
CLEAR_FORMAT, LAID_FORMAT, OPAQUE = "yuva444p10le", "yuv444p10le", 1023
FLAGS = "bicubic+accurate_rnd+full_chroma_int+full_chroma_inp+bitexact"


class OverBlack:
    """Lays the frames of a clip over black, in display-encoded values: the clip's own straight alpha weighs them.

    picture: as its frames are after this: of LAID_FORMAT, in its own matrix and range (RGB: of picture.colour).
    """

    def __init__(self, picture: Picture) -> None:
        self._picture = picture

    def frame(self, decoded: VideoFrame) -> VideoFrame:
        """Returns the frame without alpha; the frame itself where the clip has none, or where it changes its format."""
        same_size = (decoded.width, decoded.height) == (self._picture.width, self._picture.height)
        if not same_size or decoded.format.name != self._picture.clear_format:
            return decoded
        with ffmpeg_errors("laying over black"):
            self._graph.vpush(decoded)
            clear = self._graph.vpull()
        made = VideoFrame(clear.width, clear.height, LAID_FORMAT)
        codes = code_range(self._picture.colour.range, 10)
        alpha = plane_codes(clear, 3).astype(np.int32)
        for number, black in enumerate((int(codes.black), 512, 512)):
            over = (plane_codes(clear, number).astype(np.int32) - black) * alpha
            # Own code: FFmpeg's `premultiply` darkens what is opaque by up to a code.
            plane_codes(made, number)[:] = black + (2 * over + OPAQUE) // (2 * OPAQUE)
        repeat_right_edge(made)
        made.pts, made.colorspace = decoded.pts, self._picture.colour.matrix
        made.color_range = 2 if self._picture.colour.range == "full" else 1
        if decoded.time_base:
            made.time_base = decoded.time_base
        return made

    @cached_property
    def _graph(self) -> Graph:
        return clear_graph(self._picture, self._picture.clear_format)


def clear_graph(picture: Picture, pixel_format: str) -> Graph:
    """Returns the graph that turns a clip's frames, of that pixel format, into CLEAR_FORMAT; opaque where they have
    no alpha.

    YUV stays in its own matrix and range, whatever its frames are tagged with; RGB comes into the picture's.
    """
    comes = "pc" if is_rgb(VideoFormat(pixel_format)) else RANGE_NAMES[picture.colour.range]
    source = (
        f"video_size={picture.width}x{picture.height}:pix_fmt={pixel_format}:time_base=1/90000"
        f":pixel_aspect=1/1:range={comes}"
    )
    matrix = matrix_name(picture.colour)
    scale = (
        f"flags={FLAGS}:in_color_matrix={matrix}:out_color_matrix={matrix}"
        f":in_range={comes}:out_range={RANGE_NAMES[picture.colour.range]}"
    )
    graph = Graph()
    graph.threads = 1
    nodes = [graph.add("buffer", source), graph.add("scale", scale)]
    nodes += [graph.add("format", CLEAR_FORMAT), graph.add("buffersink")]
    graph.link_nodes(*nodes).configure(auto_buffer=False)
    return graph
