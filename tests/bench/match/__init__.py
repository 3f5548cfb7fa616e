"""Compares our shot matching with other methods on the same pairs: `python -m tests.bench.match`."""
