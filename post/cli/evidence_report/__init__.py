"""The command evidence: a film's evidence report, as a page and as a PDF."""
