"""Lays a drawn layer over finished planes: its parts, which `post.picture.composite` joins.

modes           how the colours of a layer and of the picture make a third
plane_overlays  a layer as shares and codes of each plane, for the mode `normal`
mixed           a layer over the picture's own R'G'B', for every other mode
"""
