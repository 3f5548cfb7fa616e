"""Type: text shaped, broken into lines, set and drawn."""

from post.picture.type.block import TextSpec, TypeBlock, set_type
from post.picture.type.face import FontSpec, Typeface
from post.picture.type.rasterise import Ink

__all__ = ["FontSpec", "Ink", "TextSpec", "TypeBlock", "Typeface", "set_type"]
