"""The commands that show a job before it is finished, and its versions."""
