"""ComfyUI: a graph of nodes, as its API takes it, its history keeps it, and its files carry it in tags.

Which text is the prompt is not written anywhere: it is what flows into a sampler's `positive` input.
Source: ComfyUI's server (POST /prompt, GET /history) and its SaveVideo node.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from post.errors import JobError
from provenance.record.paths import at
from provenance.record.strict_json import read_bytes

Graph = Mapping[str, Any]
MOST_NODES, MOST_VALUES = 5000, 16
_SEEDS = ("seed", "noise_seed")
_MODELS = ("unet_name", "ckpt_name", "model_name", "model", "diffusion_model", "gguf_name")
_TEXTS = ("text", "prompt", "positive_prompt", "string", "value")
_NEGATIVE = "negative_prompt"


def graph_of(told: Any) -> Graph | None:
    """The graph in a request, an answer of the history, or a tag; None where there is none."""
    for found in (
        told,
        at(told, "prompt"),
        at(told, "prompt.2"),
        at(told, "*.prompt.2"),
        at(told, "*.prompt"),
    ):
        if isinstance(found, Mapping) and any("class_type" in node for node in _nodes(found).values()):
            return found
    return None


def from_tag(value: str) -> Graph | None:
    """The graph in a container's tag."""
    if '"class_type"' not in value:
        return None
    try:
        return graph_of(read_bytes(value.encode("utf-8", "replace"), "a tag"))
    except JobError:
        return None


def fields(graph: Graph) -> dict[str, list[Any]]:
    """What a graph says of how its film was made: each field with every value there is, in node order.

    Several samplers may each have a seed, and several loaders a model: all are told.
    """
    nodes = _nodes(graph)
    found: dict[str, list[Any]] = {}
    # A node that was gone through for one sampler holds nothing new for the next.
    wanted, unwanted = set[str](), set[str]()
    for node in nodes.values():
        inputs = _inputs(node)
        _add(found, "seed", (inputs.get(name) for name in _SEEDS))
        _add(found, "model", (inputs[name] for name in _MODELS if name in inputs and _loads(node)))
        _add(found, "prompt", _said(nodes, inputs.get("positive"), wanted))
        _add(
            found, "negative_prompt", (*_said(nodes, inputs.get("negative"), unwanted), inputs.get(_NEGATIVE))
        )
    if "prompt" not in found:
        _add(found, "prompt", _only_text(nodes, found.get("negative_prompt", [])))
    return found


def _nodes(graph: Graph) -> dict[str, Graph]:
    nodes = {str(name): node for name, node in graph.items() if isinstance(node, Mapping)}
    return dict(list(nodes.items())[:MOST_NODES])


def _inputs(node: Graph) -> Graph:
    found = node.get("inputs")
    return found if isinstance(found, Mapping) else {}


def _loads(node: Graph) -> bool:
    """A loader of the main model: not of an upscaler, an encoder or a control net."""
    kind = str(node.get("class_type", "")).casefold()
    apart = ("vae", "clip", "upscale", "control", "lora", "style", "audio", "rife", "film")
    return not any(word in kind for word in apart)


def _add(found: dict[str, list[Any]], name: str, values: Any) -> None:
    for value in values:
        there = found.get(name, ())
        if isinstance(value, str | int | float) and value not in ("", *there) and len(there) < MOST_VALUES:
            found.setdefault(name, []).append(value)


def _said(nodes: Mapping[str, Graph], link: Any, seen: set[str]) -> Iterator[Any]:
    """The texts that flow in through a link: walked up through what conditions and combines them."""
    waiting = [link]
    while waiting:
        each = waiting.pop()
        name = str(each[0]) if isinstance(each, list) and each else ""
        if name in seen or name not in nodes:
            continue
        seen.add(name)
        inputs = _inputs(nodes[name])
        texts = [inputs[key] for key in _TEXTS if key in inputs]
        yield from (said for said in texts if isinstance(said, str))
        waiting += [value for key, value in inputs.items() if isinstance(value, list) and _carries(key)]


def _carries(name: str) -> bool:
    return name in _TEXTS or name.startswith(("conditioning", "positive", "negative"))


def _only_text(nodes: Mapping[str, Graph], negative: list[Any]) -> Iterator[str]:
    """Without a sampler that names its inputs: the text of whatever encodes text."""
    for node in nodes.values():
        if "textencode" in str(node.get("class_type", "")).casefold():
            said = _inputs(node).get("text")
            if isinstance(said, str) and said not in negative:
                yield said
