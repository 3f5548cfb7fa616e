"""Hashes the media of a film in blocks, so that a change can be located to the second."""
