"""Sign-off for callers: gates in the way of `finish`, decisions, and how far a job's films are.

passing     finish: films pass their gates, or are made as candidates for review
candidates  the film that an approval is about, and what machines find of it
film_checks how a film of a job is checked, on the page of reviewers and from the command line
deciding    approve, reject and revoke
state       how far each film of a job is, from the log alone
told        all of it as JSON and as errors
"""
