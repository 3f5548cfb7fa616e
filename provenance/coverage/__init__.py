"""Finds bytes of a file that no signature covers."""
