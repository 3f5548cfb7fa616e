"""Time-stamps of signing: authorities, their errors, and films that wait for a time-stamp."""
