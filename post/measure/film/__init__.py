"""Measures finished films, for houses that learn from them: their shots, and their style."""
