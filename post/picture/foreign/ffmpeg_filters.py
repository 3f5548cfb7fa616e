"""ffmpeg: any chain of FFmpeg's filters that makes each frame from that frame alone."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from post.errors import JobError
from post.knob import knob
from post.stage import FrameEffect, parameters, stage
from post.takes.filters.graph import check_chain
from post.values.array import Array
from post.values.claim import ALGORITHMIC, Action
from post.values.time import Span

# What the text of an option, and that of a whole filter, escape. Source: ffmpeg-filters(1), "Notes on filtergraph
# escaping".
_OPTION, _GRAPH = "\\':=", "\\'[],;"


@stage("ffmpeg", version=1)
class FfmpegFilters(FrameEffect):
    """A chain of FFmpeg's filters, in 16 bits of R'G'B'; filters of luma and chroma get them by BT.709.

    Refused are chains that give another size, drop or delay frames, or need earlier ones, and filters that read or
    write files.
    """

    filters: str = knob(hi=2000, doc="the chain, as ffmpeg writes it: `hue=s=0,gblur=sigma=2`")
    rate: str = knob(default="24", doc="frames a second of the film, for the time of a frame", internal=True)

    def agree(self) -> None:
        """Tries the chain. Raises JobError where it cannot make each frame from that frame alone."""
        check_chain(self.filters)

    def frames(self, rgb: Array, frame: int) -> Array:
        return check_chain(self.filters).run(rgb, frame, Fraction(self.rate))

    def declare(self, where: Span) -> Action:
        return Action("c2pa.filtered", ALGORITHMIC, where, parameters(self), "ffmpeg filters")


def chain_of(stream: Any) -> str:
    """Returns the chain of an ffmpeg-python stream as the text that the stage's `filters` takes.

        ffmpeg.input("any.mp4").filter("hue", s=0).filter("gblur", sigma=2)     ->  hue=s=0,gblur=sigma=2

    stream: made of filters one after the other, from one input; what that input is has no effect. Any object with the
    same attributes will do. Raises JobError where several streams meet, or there is no filter.
    """
    names = list(_filters(stream.node))[::-1]
    if not names:
        raise JobError("no filter in it", where="ffmpeg-python stream", expected="a stream with filters")
    return ",".join(names)


def _filters(node: Any) -> Iterator[str]:
    """Yields each filter's text, from the last to the first."""
    while edges := list(node.incoming_edge_map.values()):
        if len(edges) > 1:
            got = f"{node.name} with {len(edges)} inputs"
            raise JobError("streams meet in it", where="ffmpeg-python stream", expected="one input", got=got)
        values = [_escaped(each, _OPTION) for each in node.args]
        values += [f"{key}={_escaped(value, _OPTION)}" for key, value in node.kwargs.items()]
        options = ":".join(values)
        yield _escaped(f"{node.name}={options}" if options else node.name, _GRAPH)
        node = edges[0][0]


def _escaped(value: object, letters: str) -> str:
    return "".join(f"\\{letter}" if letter in letters else letter for letter in str(value))
