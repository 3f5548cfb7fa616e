"""What a brand fixes of a film (guide), and how far a colour is from its own (difference)."""
