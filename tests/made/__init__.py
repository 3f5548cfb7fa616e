"""Makes clips for tests: frames that show their number, and files that are broken on purpose."""
