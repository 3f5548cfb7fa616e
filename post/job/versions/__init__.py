"""Reads the versions of a job: which there are, and each as a whole job of its own."""
