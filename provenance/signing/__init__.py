"""Who signs, and with what."""
