"""The sections of a job file, each read into values by a file of its own."""
