"""Binds decisions to a job: which frames of which film, under which brief and policies, at which of its gates.

film_frames   the frames of a finished film, hashed segment by segment and kept in the store
terms         what decisions about a job's films hold under
binding       a job with its gates, its people and its log: judges films, logs renders, drafts and records decisions
login         the name under which this process renders
stamping      time-stamps of signed heads, by an authority that the job or its key names
known_heads   the heads of logs that this user has seen, which no log may fall behind
"""
