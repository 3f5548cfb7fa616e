"""Type: shapes text, breaks it into lines, sets and draws it."""

from post.picture.type.block import TextSpec, TypeBlock, set_type
from post.picture.type.face import FontSpec, Typeface
from post.picture.type.rasterise import Ink

__all__ = ["FontSpec", "Ink", "TextSpec", "TypeBlock", "Typeface", "set_type"]
