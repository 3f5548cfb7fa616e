"""Finds films again that lost their manifest, by watermark, fingerprints and the registry."""
