"""Decides when the visible AI label shows, and where: clear of all other layers, over the whole time it shows."""
