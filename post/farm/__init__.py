"""Sends a job to a farm that others run: as an Open Job Description; and reckons how many workers would do."""
