"""Names files in errors as a user knows them: not the hidden copies and folders that they are worked on in.

with naming({"/store/content/ab/abc.../dog.mp4": Shown("dog.mp4", "job.yaml:7")}): ...
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import NamedTuple

from post.errors import AnswerprintError, Problems


class Shown(NamedTuple):
    """How a hidden path is shown. name: instead of the path; place: where a user named it ("job.yaml:7"), or ""."""

    name: str
    place: str = ""


@contextmanager
def naming(shown: Mapping[str, Shown]) -> Iterator[None]:
    """Renames hidden paths in the errors of the block, and puts the place in front of a file that has one.

    shown: by the hidden path of a file or a folder, as text. Errors keep their type and their traceback.
    """
    try:
        yield
    except AnswerprintError as fault:
        for each in fault.faults if isinstance(fault, Problems) else (fault,):
            _rename(each, shown)
        raise
    except OSError as fault:  # turned later, where it is shown
        if isinstance(fault.filename, str | bytes):
            with suppress(AttributeError):  # an error of FFmpeg's, whose name cannot be set
                fault.filename = _renamed(os.fsdecode(fault.filename), shown)
        raise


def _rename(fault: AnswerprintError, shown: Mapping[str, Shown]) -> None:
    place = _place(fault.where, shown)
    fault.what, fault.expected, fault.fix = (
        _renamed(text, shown) for text in (fault.what, fault.expected, fault.fix)
    )
    fault.where = f"{place}: {_renamed(fault.where, shown)}" if place else _renamed(fault.where, shown)
    if isinstance(fault.got, str):
        fault.got = _renamed(fault.got, shown)


def _renamed(text: str, shown: Mapping[str, Shown]) -> str:
    for hidden in sorted(shown, key=len, reverse=True):  # a file before the folder that it is in
        text = text.replace(hidden, shown[hidden].name)
    return text


def _place(where: str, shown: Mapping[str, Shown]) -> str:
    """Returns where a user named the file that a fault is placed at; "" where that is unknown, or said already."""
    names = Counter(each.name for each in shown.values())
    for hidden, each in shown.items():
        alone = each.name if names[each.name] == 1 else hidden
        if any(where == path or where.startswith((f"{path}:", f"{path}/")) for path in (hidden, alone)):
            return each.place
    return ""
