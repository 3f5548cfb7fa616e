"""Reads what is said: caption files."""
