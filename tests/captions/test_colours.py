"""Names of colours in caption files."""

from __future__ import annotations

from PIL import ImageColor

from post.captions.colours import read_colour


def test_a_named_colour_is_read_the_same_again_after_pillow_has_used_it() -> None:
    """Pillow keeps what it reads of a name, as numbers, where its list had text."""
    before = read_colour("teal")
    ImageColor.getrgb("teal")
    assert (before, read_colour("teal")) == ("#008080", "#008080")
    assert read_colour("tealish") == ""
