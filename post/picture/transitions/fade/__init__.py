"""Transitions of the whole frame at once."""
