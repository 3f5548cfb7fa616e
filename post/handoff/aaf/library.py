"""Opens AAF files with the library pyaaf2, which is imported as the first one is opened: it costs start time."""

from __future__ import annotations

import logging
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from post.errors import AnswerprintError, SourceError
from post.os_faults import reading
from post.printable import printable

# What pyaaf2 raises where a file is not as it should be; its own errors are among them by name.
_BROKEN = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, MemoryError, NotImplementedError,
    RecursionError, TypeError, ValueError, struct.error,
)  # fmt: skip


def open_library() -> ModuleType:
    """Returns the library."""
    return import_module("aaf2")


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """Opens an AAF file. Whatever the library finds wrong with it, in the block too, becomes SourceError."""
    library = open_library()
    with reading(path):
        path.open("rb").close()
    # It logs by `logging.warning`, which gives a root logger without handlers one that prints all that anybody logs.
    root, quiet = logging.getLogger(), logging.NullHandler()
    root.addHandler(quiet)
    # Made in two steps: where the second fails, the file that it opened is closed here.
    file = object.__new__(library.file.AAFFile)
    try:
        file.__init__(str(path), "r")
        yield file
    except AnswerprintError:
        raise
    except (library.exceptions.AAFError, *_BROKEN) as fault:
        what = printable(f"{type(fault).__name__}: {fault}"[:200])
        raise SourceError("cannot be read as AAF", where=str(path), got=what) from fault
    finally:
        root.removeHandler(quiet)
        if (opened_file := getattr(file, "f", None)) is not None:
            opened_file.close()


def exact(value: Any) -> Fraction:
    """Returns a number of an AAF file: a rational, a whole number, or one in floating point, which is brought to the
    simplest fraction within nine digits. Raises ValueError or TypeError where it is none."""
    if isinstance(value, float):
        return Fraction(value).limit_denominator(10**6)
    return Fraction(value)


def property_of(item: Any, name: str) -> Any:
    """Returns the value of a property, None where it is not there."""
    found = item.get(name)
    return found.value if found is not None else None
