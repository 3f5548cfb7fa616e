"""The reviewers' page: a server on this machine, or for a team, with a job's films and what is said of them.

settings      where the films, the database and the media lie; who may sign in, and how
app           make_app: the FastAPI application
server        runs it on a socket
database/     the tables (SQLite or PostgreSQL), their steps from one schema to the next
films/        takes films in: frame hashes, cuts, thumbnails, waveform, a proxy where browsers cannot play the film
comments/     notes pinned to frames, with drawings; carried to later revisions; exported to editors
access/       sign-in, sessions, and what is checked of every request
routes/       what each address answers
templates/, static/    the pages

README.md lists the routes and what each returns.
"""
