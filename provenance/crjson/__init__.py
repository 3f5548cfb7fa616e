"""Reads crJSON, the standard's JSON of a file's manifests, through typed views.

manifest     one manifest: claim, assertions, actions, signature, validation results
ingredients  the ingredients of all manifests, as a flat list of links
status       what each status code means
"""
