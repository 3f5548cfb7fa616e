"""The versions of a job as one run makes them: which are asked for, what they share, what they will cost."""
