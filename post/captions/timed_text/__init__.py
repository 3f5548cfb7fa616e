"""Reads TTML, IMSC 1.1 text, SCC and EBU STL through ttconv's model of timed text."""
