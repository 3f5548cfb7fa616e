"""Defines what is known of marks in a picture: the visible label, and the watermark."""
