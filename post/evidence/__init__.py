"""What an evidence report takes from beside the film: bytes to play, pictures of findings, approvals of the job.

film_bytes     the film, or a small copy of it, for the page
approvals      the sign-off of the film, from its job and the log beside it
pdf/            the report as a PDF
"""
