"""Decodes sound, and bounds what of it is kept in memory."""
