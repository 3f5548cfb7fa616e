"""Transitions: how one shot gives way to the next. Each file is one stage.

fade     the whole frame at once: dissolve, dip, flash, cross-blur, mosaic
shape    an edge that moves over the frame: wipe, iris, clock, blinds, checker, luma-fade
motion   the pictures themselves move: push, slide, split, zoom, whip-pan, spin
optical  light, damage and distortion: light-leak, film-burn, glitch, ripple, morph
tools    what several of them use: mixing by a mask, warping, blurring, eases
"""
