"""Reads the tracks of timed text that a film carries."""
