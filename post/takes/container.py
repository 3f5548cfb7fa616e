"""Opens media files with FFmpeg, and translates its errors. This is the only place that translates them."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import av
import av.error
from av.codec.context import CodecContext
from av.container import InputContainer
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from post.atomic import open_regular
from post.errors import RetryError, SourceError
from post.os_faults import retry_of
from post.takes.track_table import check_tracks
from post.values.files.container import CONTAINERS
from post.watchdog import watched

OPTIONS = {
    "protocol_whitelist": "file",
    "format_whitelist": ",".join(kind.demuxer for kind in CONTAINERS),
}

# The largest picture of the highest levels: H.264 6.2, HEVC 6.2, AV1 6.3 (8192x4352). DCI 8K is within it.
MOST_PIXELS = 35_651_584
# Decoders that read the alpha of a WebM, which is a second picture beside each packet; FFmpeg's own leave it out.
LAYERED = {"vp8": "libvpx", "vp9": "libvpx-vp9"}
# (what, fix) by FFmpeg error. A class not named here is read as the nearest class it derives from.
MEANINGS: dict[type[Exception], tuple[str, str]] = {
    av.error.FFmpegError: ("cannot be read", "check that it plays elsewhere, or export it again"),
    av.error.InvalidDataError: ("is damaged, incomplete, or no media file", "fetch or export it again"),
    av.error.EOFError: ("ends before any media", "fetch it again: the copy looks cut short"),
    av.error.FileNotFoundError: ("is missing", "check the path"),
    av.error.PermissionError: ("may not be read", "check its permissions"),
    av.error.IsADirectoryError: ("is a folder", "name a file in it"),
    av.error.NotADirectoryError: ("is missing", "check the path"),
    av.error.DecoderNotFoundError: (
        "is in a codec that cannot be decoded here",
        "convert it to ProRes or H.264",
    ),
    av.error.DemuxerNotFoundError: ("is in a container that cannot be read here", "convert it to MP4 or MOV"),
    av.error.ProtocolNotFoundError: ("refers to other files", "name the media file itself"),
    av.error.PatchWelcomeError: (
        "uses a feature that cannot be decoded here",
        "convert it to ProRes or H.264",
    ),
    av.error.NotImplementedError: (
        "uses a feature that cannot be decoded here",
        "convert it to ProRes or H.264",
    ),
    av.error.MemoryError: ("asks for more memory than there is", "check its frame size, or make room"),
    av.error.ArgumentError: ("has values that make no sense", "fetch or export it again"),
    av.error.OverflowError: ("has values that make no sense", "fetch or export it again"),
}
# Not the file's fault: the same read may work in a moment.
PASSING = (av.error.BlockingIOError, av.error.InterruptedError, av.error.TimeoutError)


def translate_error(fault: Exception, where: str) -> SourceError | RetryError:
    """Returns the error of ours for an FFmpeg error: RetryError where the same read may work in a moment."""
    if isinstance(fault, PASSING):
        return RetryError("cannot be read just now", where=where, got=_words(fault), fix="try again")
    meant = next((MEANINGS[kind] for kind in type(fault).__mro__ if kind in MEANINGS), None)
    what, fix = meant or MEANINGS[av.error.FFmpegError]
    return SourceError(what, where=where, expected="a file FFmpeg can read", got=_words(fault), fix=fix)


def _words(fault: Exception) -> str:
    return getattr(fault, "strerror", None) or str(fault)


@contextmanager
def ffmpeg_errors(where: str) -> Iterator[None]:
    """Raises FFmpeg errors of the block as SourceError or RetryError, placed at `where`."""
    try:
        yield
    except av.error.FFmpegError as fault:
        raise translate_error(fault, where) from fault


@contextmanager
def _list_errors(where: str) -> Iterator[None]:
    """Raises SourceError where FFmpeg knows the container of the file that the block opens, and it is not on the list.

    FFmpeg calls that a wrong argument, and nothing else about a file that it opens.
    """
    try:
        yield
    except av.error.ArgumentError as fault:
        raise SourceError(
            "is in a container that is not read here",
            where=where,
            expected=f"one of {', '.join(kind.demuxer for kind in CONTAINERS if kind.picture)}, or a sound file",
            got="another one that FFmpeg knows",
            fix="convert it to MP4 or MOV",
        ) from fault


@contextmanager
def open_container(path: Path) -> Iterator[InputContainer]:
    """Opens the file at `path` for the block. Raises SourceError for a missing or empty file, a folder, or no media."""
    container = open_media(path)
    try:
        yield container
    finally:
        container.close()


def open_media(path: Path) -> InputContainer:
    """Opens the file as `open_container` does; the caller closes it."""
    _refuse_what_is_no_file(path)
    with path.open("rb") as file:
        check_tracks(file, path.name)
    with ffmpeg_errors(path.name), _list_errors(path.name), watched(path.name):
        return av.open(f"file:{path}", "r", options=OPTIONS, metadata_errors="replace")


@contextmanager
def open_handle(file: BinaryIO, name: str) -> Iterator[InputContainer]:
    """Opens media as `open_container` does, through a file that is open already; it stays open.

    name: the file's, whose ending helps to tell what it is. Raises SourceError where it is no media.
    """
    check_tracks(file, name)
    file.seek(0)
    with ffmpeg_errors(name), _list_errors(name), watched(name):
        container = av.open(_Named(file, name), "r", options=OPTIONS, metadata_errors="replace")
    try:
        yield container
    finally:
        container.close()


class _Named:
    """A file with a name of its own for PyAV: that of one that was opened by a handle is a number."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self.name, self.read, self.seek, self.tell = name, file.read, file.seek, file.tell


def prepare_decoder(stream: VideoStream, threads: int = 1) -> VideoCodecContext:
    """Returns the decoder for a picture stream's packets, set up so that it reports damage and does not hide it.

    Without "explode" FFmpeg fills a damaged H.264 frame in from its neighbours and says nothing. A frame larger than
    the bounds, which may come in the middle of a clip, is refused before memory is taken for it.
    """
    decoder = stream.codec_context
    layered = LAYERED.get(decoder.name) if stream.metadata.get("alpha_mode") == "1" else None
    if layered:
        made = CodecContext.create(layered, "r")
        if not isinstance(made, VideoCodecContext):
            raise TypeError(f"{layered} decodes no picture")
        decoder = made
    decoder.options = {"err_detect": "explode", "max_pixels": str(MOST_PIXELS)}
    decoder.thread_count = threads
    decoder.thread_type = "AUTO" if threads > 1 else "NONE"
    return decoder


def _refuse_what_is_no_file(path: Path) -> None:
    if os.path.isdir(path):  # noqa: PTH112  never raises, whatever the path is
        raise SourceError("is a folder", where=path.name, expected="a media file", fix="name a file in it")
    try:
        with open_regular(path) as file:
            size = os.fstat(file.fileno()).st_size
    except OSError as fault:
        if fault.errno == errno.EINVAL:
            raise SourceError(
                "is no file", where=path.name, expected="a media file", fix="copy it to a file first"
            ) from fault
        raise (
            retry_of(fault, str(path))
            or SourceError(
                "is missing",
                where=str(path),
                expected="a media file",
                got=_leads_nowhere(path) or fault.strerror,
                fix="check the path",
            )
        ) from fault
    if not size:
        raise SourceError(
            "is empty", where=path.name, expected="a media file", got="0 bytes", fix="fetch it again"
        )


def _leads_nowhere(path: Path) -> str:
    """Returns what a link names that is not there; "" for what is no link."""
    return f"a link to {os.readlink(path)}, which is not there" if path.is_symlink() else ""  # noqa: PTH115  as text


def undecodable(where: str, what: str = "picture") -> SourceError:
    """Returns the error for a file of which no `what` (picture or sound) decodes."""
    return SourceError(
        f"holds no {what} that decodes",
        where=where,
        expected=f"{what} in a codec FFmpeg decodes",
        got="none",
        fix="fetch or export it again",
    )
