"""Watermarks, fingerprints and the registry by which a film is found again."""
