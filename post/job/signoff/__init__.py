"""Reads what a job says of sign-off: its gates, and its people file."""
