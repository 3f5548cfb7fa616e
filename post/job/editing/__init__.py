"""Edits the text of a job file: takes, shots and records, with everything else left as it is written."""
