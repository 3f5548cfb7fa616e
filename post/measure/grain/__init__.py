"""Measures the grain of a clip: its strength by brightness, its spectrum, its stay over time."""
