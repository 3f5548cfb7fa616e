"""Writes the stems of a film's sound beside it, for a mixer.

order     what is asked of an engine
folder    NAME.stems, with one Broadcast Wave file for each stem, and one for the mix
"""
