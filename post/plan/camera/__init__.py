"""Moves a crop over a take: from what was seen in it to a window for each frame."""
