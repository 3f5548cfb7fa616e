"""Tools of transitions, on 16-bit planes."""
