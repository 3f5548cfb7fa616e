"""Runs chains of FFmpeg's filters over single pictures: one picture in, one out, of the same size, in 16 bits.

Each picture has a graph of its own, so what comes out depends on that picture and its time alone. A chain that would do
otherwise in a film (it waits for frames, drops some, or remembers them) is refused when it is checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import av
import numpy as np
from av import VideoFormat, VideoFrame
from av.filter import Graph

from post.takes.decoded.pixel_format import is_rgb
from post.takes.filters.chain import Filter, chain_fault, read_chain
from post.values.array import Array

FORMAT, CODES = "gbrp16le", 65535
# Filters for luma and chroma get them by BT.709, as the film has them. Left to itself, FFmpeg converts by BT.601.
_FLAGS = "flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp"
TO_YCBCR = (("scale", f"out_color_matrix=bt709:out_range=tv:{_FLAGS}"), ("format", "yuv444p16le"))
TO_RGB = (("scale", _FLAGS), ("format", FORMAT))
PROBE_SIZE, PROBE_FRAMES = (64, 96), 6  # (height, width): of made pictures that chains are tried with


@dataclass(frozen=True, slots=True)
class FilterChain:
    """A chain of filters that was checked. nodes: with the conversions between them."""

    text: str
    nodes: tuple[Filter, ...]

    def run(self, rgb: Array, frame: int, rate: Fraction) -> Array:
        """Returns what the chain makes of (height, width, 3) float32 R'G'B', 0..1; what lies beyond is clipped.

        frame: its number in the film, rate: frames a second; they give the time that filters know. Raises JobError
        where the chain fails, or gives another size.
        """
        graph = _graph(self.nodes, rgb.shape[:2], rate)
        return _through(graph, rgb, frame, rate, self.text)


@lru_cache(maxsize=32)
def check_chain(text: str) -> FilterChain:
    """Returns the chain that a text names, after it was tried with made pictures.

    Raises JobError, with the filter's name where it is one that fails, for a chain that gives another size, gives no
    frame or more than one for each, or whose frames depend on earlier ones or on chance.
    """
    filters = read_chain(text)
    ycbcr = False
    nodes = list[Filter]()
    for one in filters:
        if not ycbcr and _takes_ycbcr(one):
            nodes += TO_YCBCR
            ycbcr = True
        nodes.append(one)
    chain = FilterChain(text, (*nodes, *TO_RGB))
    _try(chain)
    return chain


def _takes_ycbcr(one: Filter) -> bool:
    """Returns whether a filter turns RGB into luma and chroma. Raises JobError where it cannot be made."""
    graph = _graph((one,), PROBE_SIZE, Fraction(24))
    try:
        graph.vpush(_frame(_made(0), 0, Fraction(24)))
        return not is_rgb(graph.vpull().format)
    except (av.error.BlockingIOError, av.error.EOFError):
        return False  # it waits for frames: the trial tells


def _try(chain: FilterChain) -> None:
    """Raises JobError where a chain does not give each frame for itself, whatever came before it."""
    rate = Fraction(24)
    film = _graph(chain.nodes, PROBE_SIZE, rate)
    for number in range(PROBE_FRAMES):
        made = _made(number)
        in_film = _through(film, made, number, rate, chain.text)
        alone = chain.run(made, number, rate)
        if not np.array_equal(alone, chain.run(made, number, rate)):
            fix = "set the seed of its filters"
            raise chain_fault(
                "gives another picture each time", "the same one for the same frame", chain.text, fix
            )
        if not np.array_equal(in_film, alone):
            what = "depends on earlier frames, or on how many came before"
            fix = "leave the filter out that remembers frames, or its dither; give times, not frame counts"
            raise chain_fault(what, "a picture of each frame for itself", chain.text, fix)


def _made(number: int) -> Array:
    """Returns a picture to try chains with, (height, width, 3) float32: others differ in light, place and noise."""
    height, width = PROBE_SIZE
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    noise = np.random.default_rng(number).random((height, width, 3), np.float32)
    ramp = np.stack([(x + 9 * number) % width / width, y / height, (x + y) % 32 / 32], axis=-1)
    light = (0.5, 1.0, 0.25)[number % 3]
    return np.asarray((0.7 * ramp + 0.3 * noise) * light, np.float32)


def _graph(nodes: Sequence[Filter], size: tuple[int, ...], rate: Fraction) -> Graph:
    """Returns a graph with a source and a sink around the filters. Raises JobError naming the filter that is wrong."""
    height, width = size
    graph = Graph()
    graph.threads = 1  # pictures are made side by side already
    form = VideoFormat(FORMAT, width, height)
    made = [graph.add_buffer(width=width, height=height, format=form, time_base=1 / rate)]
    for name, options in nodes:
        try:
            made.append(graph.add(name, options or None))
        except (av.error.FFmpegError, ValueError) as fault:
            what = f"has the filter {name} with options that it does not take"
            raise chain_fault(what, "options as FFmpeg's documentation has them", options) from fault
    try:
        graph.link_nodes(*made, graph.add("buffersink")).configure()
    except (av.error.FFmpegError, ValueError) as fault:
        got = ",".join(f"{name}={options}" if options else name for name, options in nodes)
        raise chain_fault(
            "cannot be put together", "filters that take the picture before them", got
        ) from fault
    return graph


def _frame(rgb: Array, number: int, rate: Fraction) -> VideoFrame:
    codes = np.rint(np.clip(rgb, 0, 1) * np.float32(CODES)).astype(np.uint16)
    frame = VideoFrame.from_ndarray(np.ascontiguousarray(codes), format=FORMAT)
    frame.pts, frame.time_base = number, 1 / rate
    return frame


def _through(graph: Graph, rgb: Array, number: int, rate: Fraction, text: str) -> Array:
    """Returns the one picture that comes out for one that goes in. Raises JobError for none, several, another size."""
    try:
        graph.vpush(_frame(rgb, number, rate))
        frames = list(_ready(graph))
    except av.error.FFmpegError as fault:
        raise chain_fault("failed", "a picture", f"{text}: {fault}") from fault
    if len(frames) != 1:
        what = "drops or delays frames" if not frames else "adds frames"
        raise chain_fault(what, "one frame out for each one in", f"{text}: {len(frames)} for frame {number}")
    height, width = rgb.shape[:2]
    if (frames[0].height, frames[0].width) != (height, width):
        got = f"{text}: {frames[0].width}x{frames[0].height}"
        raise chain_fault(
            "gives another size", f"{width}x{height}, as it goes in", got, "crop and scale in the shot"
        )
    return np.asarray(frames[0].to_ndarray(), np.float32) / np.float32(CODES)


def _ready(graph: Graph) -> Iterator[VideoFrame]:
    while True:
        try:
            yield graph.vpull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
