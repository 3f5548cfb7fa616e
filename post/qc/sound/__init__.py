"""Measures the sound of a finished film: loudness, silence, clipping, phase, gaps and clicks, channels."""
