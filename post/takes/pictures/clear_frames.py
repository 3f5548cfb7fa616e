"""Reads frames of any take with their transparency, for what is laid over other pictures."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
from av import VideoFrame
from av.filter import Graph

from post.errors import SourceError
from post.takes.container import ffmpeg_errors
from post.takes.decoded.orientation import upright_array
from post.takes.decoded.pixel_format import is_rgb
from post.takes.decoded.transparency import OPAQUE, clear_graph
from post.takes.frame_planes import plane_codes
from post.takes.picture import PictureReader
from post.takes.pictures.read_picture import read_picture
from post.takes.stills.describe import describe
from post.takes.stills.format import format_at
from post.takes.stills.pixels import Pixels
from post.takes.stills.reader import StillReader
from post.values.array import Array
from post.values.media import Picture
from post.values.time import Clock
from post.values.ycbcr import code_range, rgb_of

DEPTH = 10  # of the frames that are read as Y'CbCr


class ClearReader:
    """Reads frames of one take by number, upright, with alpha; a context manager.

    path: a clip, a still, an animation or a packed sequence; clock: the film's, for what has no rate of its own.
    Raises SourceError where it cannot be read.
    """

    def __init__(self, path: Path, clock: Clock | None = None) -> None:
        self._path = path
        found = format_at(path)
        self.picture: Picture = (
            describe(path, path.name, found, clock).picture if found else read_picture(path)
        )
        self._stills: StillReader | None = None
        self._clip: PictureReader | None = None
        if self.picture.kind == "clip":
            # Without a clear format of its own, a clip's frames come as they are decoded, with their alpha.
            self._clip = PictureReader(path, replace(self.picture, clear_format=""))
        else:
            self._stills = StillReader(path, self.picture)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file."""
        for reader in (self._clip, self._stills):
            if reader is not None:
                reader.close()

    def pixels(self, i: int) -> Pixels:
        """Returns frame `i` of the grid: R'G'B' in the picture's own transfer and primaries, its alpha as it is stored.

        Raises IndexError outside 0..length-1, and SourceError where the file is damaged there.
        """
        if self._clip is None:
            assert self._stills is not None
            return self._stills.pixels(i)
        frame = self._clip.frame(i)
        wanted = self.picture.clear_format or self.picture.pixel_format
        if frame.format.name != wanted or (frame.width, frame.height) != (
            self.picture.width,
            self.picture.height,
        ):
            raise SourceError(
                "changes its size or format within the clip",
                where=self._path.name,
                expected=f"{self.picture.width}x{self.picture.height} {wanted}",
                got=f"{frame.width}x{frame.height} {frame.format.name}",
                fix="export it again",
            )
        with ffmpeg_errors(self._path.name):
            codes, alpha = self._of_rgb(frame) if is_rgb(frame.format) else self._of_ycbcr(frame)
        opaque = alpha is None or bool(alpha.min() == np.iinfo(alpha.dtype).max)
        upright = upright_array(codes, self.picture)
        return Pixels(upright, None if opaque or alpha is None else upright_array(alpha, self.picture))

    def _of_rgb(self, frame: VideoFrame) -> tuple[Array, Array | None]:
        deep = max(part.bits for part in frame.format.components) > 8
        rgba = frame.to_ndarray(format="rgba64le" if deep else "rgba")
        return rgba[..., :3], rgba[..., 3]

    def _of_ycbcr(self, frame: VideoFrame) -> tuple[Array, Array | None]:
        self._graph.vpush(frame)
        clear = self._graph.vpull()
        codes = code_range(self.picture.colour.range, DEPTH)
        luma = (plane_codes(clear, 0).astype(np.float32) - codes.black) / np.float32(codes.luma)
        cb, cr = (
            (plane_codes(clear, number).astype(np.float32) - codes.neutral) / np.float32(codes.chroma)
            for number in (1, 2)
        )
        rgb = np.stack(rgb_of(luma, cb, cr, self.picture.colour), -1)
        alpha = plane_codes(clear, 3).astype(np.uint32) * 65535 // OPAQUE
        return np.rint(np.clip(rgb, 0, 1) * np.float32(65535)).astype(np.uint16), alpha.astype(np.uint16)

    @cached_property
    def _graph(self) -> Graph:
        return clear_graph(self.picture, self.picture.clear_format or self.picture.pixel_format)
