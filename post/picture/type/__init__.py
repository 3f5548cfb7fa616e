"""Type: text shaped, broken into lines, set and drawn."""

from post.picture.type.block import Block, Copy, Ink, set_type
from post.picture.type.face import Cut, Typeface

__all__ = ["Block", "Copy", "Cut", "Ink", "Typeface", "set_type"]
