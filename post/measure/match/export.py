"""Writes a match for other tools: a look-up table with all of it, and an ASC CDL with its ten parameters."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from post.picture.colour.match import ColourMatch
from post.values.array import Array

# A multiple of the residual's steps, so that its nodes are nodes here and the table says it exactly.
CUBE_NODES = 65


class PointColour(Protocol):
    """What changes the colour of a point: a match, a look, or several stages as one."""

    def colour(self, rgb: Array) -> Array:
        """Returns the changed colour. rgb: (n, 3) R'G'B', 0..1; what comes back may leave that."""


def cube(match: PointColour, title: str) -> str:
    """Returns the text of a .cube file for display-encoded Rec.709. Source: Adobe's Cube LUT Specification 1.0.

    Values may leave 0..1, as the match does; what clips, clips after it.
    """
    axis = np.linspace(0, 1, CUBE_NODES)
    blue, green, red = np.meshgrid(axis, axis, axis, indexing="ij")
    nodes = match.colour(np.stack([red.ravel(), green.ravel(), blue.ravel()], 1))
    head = f'TITLE "{_plain(title)}"\nLUT_3D_SIZE {CUBE_NODES}\n'
    return head + "".join("%.6f %.6f %.6f\n" % (r, g, b) for r, g, b in nodes.tolist())  # noqa: UP031  3 times faster


def cdl(match: ColourMatch, name: str) -> str:
    """Returns the ten parameters as the text of an ASC CDL file (.cc). Source: ASC CDL 1.2, section 5.

    A residual is left out: a CDL has no word for it.
    """
    words = [" ".join(f"{part:.6f}" for part in each) for each in (match.slope, match.offset, match.gamma)]
    slope, offset, power = words
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<ColorCorrection id="{_plain(name)}">\n'
        f"  <SOPNode><Slope>{slope}</Slope><Offset>{offset}</Offset><Power>{power}</Power></SOPNode>\n"
        f"  <SatNode><Saturation>{match.saturation:.6f}</Saturation></SatNode>\n"
        "</ColorCorrection>\n"
    )


def _plain(text: str) -> str:
    """Returns ASCII text without characters that end a quoted string or an XML attribute: readers of .cube differ
    on what else a title may hold."""
    return "".join(each if each.isascii() and (each.isalnum() or each in " ._-") else "_" for each in text)
