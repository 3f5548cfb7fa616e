"""Decides how a film is cut into pieces, and what seeds their grain: by what is shown, not by where in the film."""
