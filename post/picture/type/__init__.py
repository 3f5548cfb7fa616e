"""Type: text shaped, broken into lines, set and drawn."""

from post.picture.type.block import Block, Copy, set_type
from post.picture.type.face import Cut, Typeface
from post.picture.type.rasterise import Ink

__all__ = ["Block", "Copy", "Cut", "Ink", "Typeface", "set_type"]
