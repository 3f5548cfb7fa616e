"""Compares repairs with their goals and with FFmpeg's filters for the same task."""
