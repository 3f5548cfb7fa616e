"""Repairs against the protocols they were aimed at, and against FFmpeg's filters for the same."""
