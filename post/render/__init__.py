"""Makes the segments and the sound of a film: what an engine runs."""
