"""The records of a film for those who did not make it: `make_evidence`.

evidence   the evidence report of a film, as a page and as a PDF
"""
