"""Reads crJSON, the standard JSON of manifests, through typed views."""
