"""Sign-in, sessions, and what is checked of every request before a route sees it."""
