"""Opens the picture of a take, whatever it is held in: the one place that chooses its reader."""

from __future__ import annotations

from pathlib import Path

from post.takes.picture import PictureReader
from post.takes.stills.reader import StillReader
from post.values.media import Picture


def open_picture(path: Path, picture: Picture, threads: int = 1) -> PictureReader | StillReader:
    """Returns the reader of a take's frames, a context manager.

    path, picture: the file, and the picture that `probe` returned for it; threads: of a clip's decoder. Raises
    SourceError if the file is not the one that was probed.
    """
    if picture.kind == "clip":
        return PictureReader(path, picture, thread_count=threads)
    return StillReader(path, picture)
