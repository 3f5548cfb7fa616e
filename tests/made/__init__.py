"""Clips made for tests: frames that say which one they are, and files broken on purpose."""
