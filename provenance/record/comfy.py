"""Reads fields out of ComfyUI's graphs of nodes, from its API, its history, and the tags of its files.

No field says which text is the prompt: it is the text that flows into a sampler's `positive` input.
Source: ComfyUI's server (POST /prompt, GET /history) and its SaveVideo node.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from post.errors import JobError
from provenance.record.paths import get
from provenance.record.strict_json import read_bytes

Graph = Mapping[str, Any]
MAX_NODES, MAX_VALUES = 5000, 16
_SEEDS = ("seed", "noise_seed")
_MODELS = ("unet_name", "ckpt_name", "model_name", "model", "diffusion_model", "gguf_name")
_TEXTS = ("text", "prompt", "positive_prompt", "string", "value")
_NEGATIVE = "negative_prompt"


def find_graph(data: Any) -> Graph | None:
    """Returns the graph in a request, an entry of the history, or a tag; None if there is none."""
    for found in (
        data,
        get(data, "prompt"),
        get(data, "prompt.2"),
        get(data, "*.prompt.2"),
        get(data, "*.prompt"),
    ):
        if isinstance(found, Mapping) and any("class_type" in node for node in _nodes(found).values()):
            return found
    return None


def find_graph_in_tag(value: str) -> Graph | None:
    """Returns the graph in a tag of a file; None if there is none."""
    if '"class_type"' not in value:
        return None
    try:
        return find_graph(read_bytes(value.encode("utf-8", "replace"), "a tag"))
    except JobError:
        return None


def read_fields(graph: Graph) -> dict[str, list[Any]]:
    """Returns what a graph says of how its film was made: the values of each field, in node order.

    A field has several values if, for example, each of several samplers has a seed.
    """
    nodes = _nodes(graph)
    found: dict[str, list[Any]] = {}
    # Nodes already visited: the search for the next sampler's texts skips them, as their texts are known.
    positive, negative = set[str](), set[str]()
    for node in nodes.values():
        inputs = _inputs(node)
        _add(found, "seed", (inputs.get(name) for name in _SEEDS))
        _add(found, "model", (inputs[name] for name in _MODELS if name in inputs and _is_model_loader(node)))
        _add(found, "prompt", _find_texts(nodes, inputs.get("positive"), positive))
        _add(
            found,
            "negative_prompt",
            (*_find_texts(nodes, inputs.get("negative"), negative), inputs.get(_NEGATIVE)),
        )
    if "prompt" not in found:
        _add(found, "prompt", _find_encoded_texts(nodes, found.get("negative_prompt", [])))
    return found


def _nodes(graph: Graph) -> dict[str, Graph]:
    nodes = {str(name): node for name, node in graph.items() if isinstance(node, Mapping)}
    return dict(list(nodes.items())[:MAX_NODES])


def _inputs(node: Graph) -> Graph:
    found = node.get("inputs")
    return found if isinstance(found, Mapping) else {}


def _is_model_loader(node: Graph) -> bool:
    """Returns whether a node loads the main model, and not an upscaler, an encoder or a control net."""
    kind = str(node.get("class_type", "")).casefold()
    others = ("vae", "clip", "upscale", "control", "lora", "style", "audio", "rife", "film")
    return not any(word in kind for word in others)


def _add(found: dict[str, list[Any]], name: str, values: Any) -> None:
    for value in values:
        there = found.get(name, ())
        if isinstance(value, str | int | float) and value not in ("", *there) and len(there) < MAX_VALUES:
            found.setdefault(name, []).append(value)


def _find_texts(nodes: Mapping[str, Graph], link: Any, visited: set[str]) -> Iterator[Any]:
    """Yields the texts that flow in through a link, through nodes that condition and combine them.

    visited: names of nodes; each is visited once, because a graph may hold loops.
    """
    waiting = [link]
    while waiting:
        each = waiting.pop()
        name = str(each[0]) if isinstance(each, list) and each else ""
        if name in visited or name not in nodes:
            continue
        visited.add(name)
        inputs = _inputs(nodes[name])
        texts = [inputs[key] for key in _TEXTS if key in inputs]
        yield from (text for text in texts if isinstance(text, str))
        waiting += [value for key, value in inputs.items() if isinstance(value, list) and _carries(key)]


def _carries(name: str) -> bool:
    return name in _TEXTS or name.startswith(("conditioning", "positive", "negative"))


def _find_encoded_texts(nodes: Mapping[str, Graph], negative: list[Any]) -> Iterator[str]:
    """Yields the texts of all text encoders, for a graph without a sampler that names its inputs."""
    for node in nodes.values():
        if "textencode" in str(node.get("class_type", "")).casefold():
            text = _inputs(node).get("text")
            if isinstance(text, str) and text not in negative:
                yield text
