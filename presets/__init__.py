"""House styles and deliverables, as data, and the loader that finds them."""

import logging

from presets.load import KINDS, Shelves, about, find, names
from presets.yaml_nodes import Node, Written, merge

__all__ = ["KINDS", "Node", "Shelves", "Written", "about", "find", "merge", "names"]

logging.getLogger(__name__).addHandler(logging.NullHandler())
