"""Measures what a finished file shows and sounds like: evidence that policies decide on.

look         each sight of one film, measured once
film_pass    all that is asked about the picture, in one pass of the decoder
film_reader  frames of a film as a viewer sees them
sampled      which frames of a film are looked at
captions     the captions of its tracks, and of the files beside it
corners      boxes around what stands askew in a frame
content      asks models of other packages what a film shows
label/      finds AI labels                flash/   flashes and stripes (WCAG, BT.1702)
frames/     black, still, repeated frames  sound/   loudness, silence, clipping, phase, clicks
text/       reads what is on screen        brand/   logos, colours, tone, marks
"""
