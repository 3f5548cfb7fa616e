"""Tells by their names which files of a watched folder are clips, which lie beside one, and which are still written."""

from __future__ import annotations

from functools import lru_cache

JOB = "job.yaml"
# What films come in; a still, a sound or a text in the folder is no clip.
CLIPS = frozenset((
    ".mp4", ".m4v", ".mov", ".qt", ".mkv", ".webm", ".avi", ".mxf", ".ts", ".mts", ".m2ts", ".mpg", ".mpeg", ".vob",
    ".ogv", ".flv", ".wmv", ".asf", ".ivf", ".nut", ".y4m", ".dv", ".3gp",
))  # fmt: skip
# What lies beside `dog.mp4` and belongs to it, after `dog` or after `dog.mp4`. The first two are generator records.
RECORDS = (".record.json", ".json", ".yaml", ".yml")
SIDECARS = (*RECORDS, ".c2pa")
# How programs call a file that they are still writing: browsers, FTP and rsync, Aspera, Premiere, VidCoder.
UNFINISHED = frozenset((
    ".part", ".partial", ".tmp", ".temp", ".crdownload", ".download", ".opdownload", ".filepart", ".inprogress",
    ".aspera-ckpt", ".upload", ".uploading", ".!ut", ".bts", ".lock", ".swp",
))  # fmt: skip
MOST_KEPT = 1 << 16  # names of one folder that are judged once
UNPACKING = "_UNPACK_"  # how SABnzbd calls a folder until all of it is there


@lru_cache(MOST_KEPT)
def is_passing(name: str) -> bool:
    """Returns whether a name is hidden, or that of a file or folder that somebody is still writing.

    >>> is_passing(".dog.mp4.Xa81"), is_passing("dog.mp4.part"), is_passing("dog.part.mp4"), is_passing("dog.mp4")
    (True, True, True, False)
    """
    if name.startswith((".", "~")) or name.endswith("~") or name.startswith(UNPACKING):
        return True
    return any(f".{ending}" in UNFINISHED for ending in name.lower().split(".")[-2:])


def is_clip(name: str) -> bool:
    """Returns whether a name is that of a clip that is all there, as far as its name tells.

    >>> is_clip("DOG.MP4"), is_clip("dog.mp4.part"), is_clip("notes.txt")
    (True, False, False)
    """
    return not is_passing(name) and _ending(name) in CLIPS


@lru_cache(MOST_KEPT)
def sidecar_names(clip: str) -> tuple[str, ...]:
    """Returns the names that a file beside a clip may have.

    >>> sidecar_names("dog.mp4")[:3]
    ('dog.record.json', 'dog.json', 'dog.yaml')
    """
    stem = clip.rpartition(".")[0]
    return (*(stem + each for each in SIDECARS), *(clip + each for each in SIDECARS))


def has_record(files: tuple[str, ...]) -> bool:
    """Returns whether a generator record is among a clip's files."""
    return any(name.lower().endswith(RECORDS) for name in files)


def _ending(name: str) -> str:
    return "." + name.lower().rpartition(".")[2]
