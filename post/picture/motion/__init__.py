"""Moves type: how a title comes, what it does meanwhile, and how it goes.

easing       the easing functions of CSS
moves        motion as data: what moves, how far, how long, with which ease
states       what a part of the type looks like at a time
units        type taken apart: lines, words, clusters
sprite       one unit, drawn at any sub-pixel place, size and softness
unit_sheets  a unit in a state: its letters, its shadow, its box
moving_type  all units of a title at a moment, as a FlatRaster; and the box that they are in
"""
