"""Draws captions into the picture.

content   a caption, as the text that a plan holds
faces     the typefaces of its runs: upright, bold, italic
layout    its lines, and where each glyph stands
paint     its plates, lines and letters in colour
caption   the stage
"""
