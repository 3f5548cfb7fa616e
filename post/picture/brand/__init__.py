"""Draws brand elements over the picture: logos, animations and clips with transparency, end cards."""
