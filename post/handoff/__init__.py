"""To editors and from them: a cut as other programs hold it, written and read."""
