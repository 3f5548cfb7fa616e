"""Keeps OUT/review to films that wait: removes candidates that were released, or whose film its job has no more."""
