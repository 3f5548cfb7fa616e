"""The invisible mark under attack: `python -m tests.bench.watermark`."""
