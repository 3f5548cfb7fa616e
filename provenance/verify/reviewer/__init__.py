"""A report as one page for a reviewer: `page` renders it.

summary         three sentences: what the file is, what is wrong, what is left to a person
wording         the page's questions, and what each answer means
plain_words     words beside what the standard calls things: actions, source types, status codes
declared        what the signer says was done, in the order of the film
manifest_tree   what it was made from
"""
