"""Finds films again that lost their manifest: watermarks and fingerprints of a film, and the registry."""
