"""Delivers captions with a film: files beside it, and tracks in it."""
