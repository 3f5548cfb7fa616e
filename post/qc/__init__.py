"""Measures what a finished file shows and sounds like: evidence that policies decide on.

look         each sight of one film, measured once and when first asked for
frame_pass   all that is measured on frames, in one pass of the decoder
captions     the captions of its tracks, and of the files beside it
label/       finds AI labels                flash/   flashes and stripes (WCAG, BT.1702)
frames/      black, still, repeated frames  sound/   loudness, silence, clipping, phase, clicks
"""
