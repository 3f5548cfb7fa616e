"""Measures the frames of a finished film: black, still, repeated and stray ones, black bars, banding."""
