"""Measures what a finished file shows and sounds like: evidence that policies decide on.

look   each sight of one film, measured once and when first asked for          label/   finds AI labels
"""
