"""Decisions about films: what the job's gates still ask, and what is signed in a browser with a person's own key."""
