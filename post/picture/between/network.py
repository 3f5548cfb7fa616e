"""Builds RIFE's network (HDv3) as an ONNX graph from its weights, and runs it with ONNX Runtime.

Source: Z. Huang et al., "Real-Time Intermediate Flow Estimation for Video Frame Interpolation", ECCV 2022; MIT licence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from post.caching import shared
from post.picture.between.weights import find_weights, read_weights, require_network
from post.values.array import Array

STEP = 32  # sizes are multiples of this
SCALES = (4, 2, 1)
OPSET, IR = 17, 8


# Sessions are safe to share between threads. Each takes up to a gigabyte at 1080p.
@shared(2)
def open_network(height: int, width: int) -> Any:
    """Returns a session for pictures of one size, of whole STEPs. Raises JobError where it is not installed."""
    require_network()
    weights = read_weights(find_weights())
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # more would add in another order
    model = build_network(weights, height, width)
    return onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )


def run_network(pair: Array) -> tuple[Array, Array]:
    """Returns the motion from the frame in the middle to both frames, and the share of the first one.

    pair: (6, height, width) float32, R'G'B' of both, 0..1. Motion is (4, height, width) in pixels, x and y to the
    first, then to the second; shares are (height, width), 0..1.
    """
    _, height, width = pair.shape
    down, across = -height % STEP, -width % STEP
    padded = np.pad(pair, ((0, 0), (0, down), (0, across)), mode="edge")[None]
    session = open_network(height + down, width + across)
    motion, share = session.run(["motion", "share"], {"pair": np.ascontiguousarray(padded, np.float32)})
    return np.asarray(motion[0, :, :height, :width]), np.asarray(share[0, 0, :height, :width])


def build_network(weights: Mapping[str, Array], height: int, width: int) -> Any:
    """Returns the ONNX model for one size."""
    from onnx import TensorProto, helper, numpy_helper

    graph = _Graph(weights, height, width)
    motion, share = graph.build("pair")
    shapes = {"motion": (4, motion), "share": (1, share)}
    nodes = [*graph.nodes, *(("Identity", [found], [name], {}) for name, (_, found) in shapes.items())]
    floats = TensorProto.FLOAT
    made = helper.make_graph(
        [helper.make_node(kind, inputs, outputs, **more) for kind, inputs, outputs, more in nodes],
        "rife",
        [helper.make_tensor_value_info("pair", floats, [1, 6, height, width])],
        [
            helper.make_tensor_value_info(name, floats, [1, n, height, width])
            for name, (n, _) in shapes.items()
        ],
        [numpy_helper.from_array(value, name) for name, value in graph.constants.items()],
    )
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR)


class _Graph:
    """A graph being built: nodes as (kind, inputs, outputs, attributes), and constants by name."""

    def __init__(self, weights: Mapping[str, Array], height: int, width: int) -> None:
        self.nodes: list[tuple[str, list[str], list[str], dict[str, Any]]] = []
        self.constants: dict[str, Array] = {}
        self._weights, self._size = weights, (height, width)

    def build(self, pair: str) -> tuple[str, str]:
        """Adds the whole network. Returns the names of its motion and of the first frame's share."""
        first, second = self._channels(pair, 0, 3), self._channels(pair, 3, 6)
        nothing = self._add("Mul", pair, self._number(0.0))
        motion, mask = self._channels(nothing, 0, 4), self._channels(nothing, 0, 1)
        seen = [first, second]
        for number, scale in enumerate(SCALES):
            turned = self._join(self._channels(motion, 2, 4), self._channels(motion, 0, 2))
            away = self._add("Neg", mask)
            there = self._block(number, self._join(*seen, mask), motion, scale)
            back = self._block(number, self._join(*reversed(seen), away), turned, scale)
            back_motion = self._join(self._channels(back[0], 2, 4), self._channels(back[0], 0, 2))
            motion = self._add("Add", motion, self._half("Add", there[0], back_motion))
            mask = self._add("Add", mask, self._half("Sub", there[1], back[1]))
            seen = [
                self._warped(first, self._channels(motion, 0, 2)), self._warped(second, self._channels(motion, 2, 4))
            ]  # fmt: skip
        return motion, self._add("Sigmoid", mask)

    def _block(self, number: int, seen: str, motion: str, scale: int) -> tuple[str, str]:
        at = f"block{number}"
        small = self._add("Mul", self._scaled(motion, 1 / scale), self._number(1 / scale))
        found = self._join(self._scaled(seen, 1 / scale), small)
        for part in range(2):
            found = self._conv(f"{at}.conv0.{part}", found, stride=2)
        for part in range(4):
            inner = self._conv(f"{at}.convblock{part}.1", self._conv(f"{at}.convblock{part}.0", found))
            found = self._add("Add", inner, found)
        flow, mask = self._up(f"{at}.conv1", found), self._up(f"{at}.conv2", found)
        return self._add("Mul", self._scaled(flow, scale), self._number(scale)), self._scaled(mask, scale)

    def _conv(self, name: str, x: str, stride: int = 1) -> str:
        found = self._add(
            "Conv", x, *self._weight(f"{name}.0"), strides=[stride, stride], pads=[1] * 4, kernel_shape=[3, 3]
        )
        return self._bent(f"{name}.1", found)

    def _up(self, name: str, x: str) -> str:
        more = {"strides": [2, 2], "pads": [1] * 4, "kernel_shape": [4, 4]}
        found = self._bent(f"{name}.1", self._add("ConvTranspose", x, *self._weight(f"{name}.0"), **more))
        return self._add("ConvTranspose", found, *self._weight(f"{name}.2"), **more)

    def _bent(self, name: str, x: str) -> str:
        slope = self._weights[f"{name}.weight"].reshape(-1, 1, 1)
        return self._add("PRelu", x, self._constant(f"{name}.slope", slope))

    def _warped(self, picture: str, motion: str) -> str:
        height, width = self._size
        ys, xs = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
        half = np.array([2 / (width - 1), 2 / (height - 1)], np.float32).reshape(1, 2, 1, 1)
        shift = self._add("Mul", motion, self._constant("half", half))
        places = self._add("Add", shift, self._constant("grid", np.stack([xs, ys])[None]))
        grid = self._add("Transpose", places, perm=[0, 2, 3, 1])
        more = {"mode": "bilinear", "padding_mode": "border", "align_corners": 1}
        return self._add("GridSample", picture, grid, **more)

    def _scaled(self, x: str, by: float) -> str:
        if by == 1:
            return x
        scales = self._constant(f"scales{by}", np.array([1, 1, by, by], np.float32))
        return self._add("Resize", x, "", scales, mode="linear", coordinate_transformation_mode="half_pixel")

    def _half(self, kind: str, a: str, b: str) -> str:
        return self._add("Mul", self._add(kind, a, b), self._number(0.5))

    def _channels(self, x: str, first: int, stop: int) -> str:
        ends = [self._constant(f"at{at}", np.array([at], np.int64)) for at in (first, stop, 1)]
        return self._add("Slice", x, *ends)

    def _join(self, *parts: str) -> str:
        return self._add("Concat", *parts, axis=1)

    def _number(self, value: float) -> str:
        return self._constant(f"number{value}", np.array(value, np.float32))

    def _weight(self, name: str) -> tuple[str, str]:
        return tuple(
            self._constant(f"{name}.{part}", self._weights[f"{name}.{part}"]) for part in ("weight", "bias")
        )  # type: ignore[return-value]  # two

    def _constant(self, name: str, value: Array) -> str:
        self.constants[name] = value
        return name

    def _add(self, kind: str, *inputs: str, **more: Any) -> str:
        made = f"n{len(self.nodes)}"
        self.nodes.append((kind, list(inputs), [made], more))
        return made
