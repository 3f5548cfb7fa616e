"""Measures what a finished file shows and sounds like: evidence that policies decide on.

look      each sight of one film, measured once and when first asked for         label/   finds AI labels
sampled   frames of a film as a viewer sees them                                 text/    reads what is on screen
content   asks models of other packages what a film shows                        brand/   logos, colours, tone, marks
"""
