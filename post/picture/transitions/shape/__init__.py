"""Transitions whose edge moves over the frame."""
