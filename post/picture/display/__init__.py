"""Converts colour through the light of a display: from how a clip is encoded to how the film is.

transfer    codes to light and back, for every transfer characteristic of H.273
primaries   light of one set of primaries to light of another
hdr         light of PQ and HLG, and the curves that fit it to an SDR display
convert     all of it, from R'G'B' to R'G'B'
"""
