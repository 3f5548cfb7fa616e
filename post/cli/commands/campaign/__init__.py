"""The commands about the versions of a job."""
