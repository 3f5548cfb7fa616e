"""Fonts that are installed with the product: which there are, and which one a text falls back to."""
