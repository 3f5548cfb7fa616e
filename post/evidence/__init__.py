"""What an evidence report takes from beside the film: bytes to play, pictures of findings, approvals of the job.

film_bytes     the film, or a small copy of it, for the page
pdf/            the report as a PDF
"""
