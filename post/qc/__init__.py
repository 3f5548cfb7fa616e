"""Measures what a finished file shows: evidence that policies decide on."""
