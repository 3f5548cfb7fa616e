"""How well shots are matched, beside what others do to the same pairs: `python -m tests.bench.match`."""
